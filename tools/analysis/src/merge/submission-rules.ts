import { list } from '../rules/rule.ts';
import { ask, type MergeRule, refuse, retry } from './merge-rule.ts';

/** The files of a submission. */
export const SUBMISSION_RULES = {
  'file.unread': retry({
    title: 'A file could not be read',
    why: 'What was not read is not judged.',
    fix: 'Nothing: it is looked at again.',
    say: (f) => `${f['path']} could not be read`,
  }),
  'file.schema': refuse({
    title: 'A file does not have the form it must have',
    why: 'Unknown fields, other spellings and broken text are where two readers see two things.',
    fix: 'Correct it; `plugmark sign` writes these files as they must be.',
    say: (f) => `${f['path']}: ${f['problem']} (${f['code']})`,
  }),
  'file.misplaced': refuse({
    title: 'A file speaks about something else than its folder',
    why: 'It would be judged as one plugin and read as another.',
    fix: 'Move it, or correct the name in it.',
    say: (f) => `${f['path']} says it is ${f['says']}; ${f['expected']} belongs there`,
  }),
  'plugin.unknown': refuse({
    title: 'There is no such plugin',
    why: 'A listing or a status without a release is about nothing.',
    fix: 'Release it first.',
    say: (f) => `${f['plugin']} has no release`,
  }),
  'listing.title-taken': ask({
    title: 'The title is another plugin’s, or a reserved name',
    why: 'People see the title before the name. Case, accents, hyphens and letters that look alike do not count as a difference.',
    fix: 'Choose a title that cannot be mistaken, or say why it is this one; a maintainer then approves it.',
    say: (f) => `${f['title']} is shown for ${list(f['names'])}`,
  }),
  'release.exists': refuse({
    title: 'The version is released already',
    why: 'A release never changes: lockfiles and papers name it.',
    fix: 'Raise the version.',
    say: (f) => `${f['plugin']} ${f['version']} is on main`,
  }),
  'release.changed': refuse({
    title: 'A released file is changed',
    why: 'A release never changes: what its publisher signed is what everybody gets.',
    fix: 'Release a new version. To take one back, add a status.json.',
    say: (f) => `changes ${f['path']}`,
  }),
  'release.incomplete': refuse({
    title: 'The release is not whole',
    why: 'A release is its signed description, the signature, and where its bytes are.',
    fix: 'Run `plugmark sign` and submit all it writes; a new plugin also brings its listing.json.',
    say: (f) => `lacks ${list(f['missing'])}`,
  }),
  'release.unnamed-file': refuse({
    title: 'A file that the release does not name',
    why: 'It is not signed, so it could be exchanged without anybody’s signature.',
    fix: 'Name it in the manifest and sign again, or remove it.',
    say: (f) => `release.json does not name ${list(f['paths'])}`,
  }),
  'source.private': refuse({
    title: 'A source that is not on the public internet',
    why: 'Nobody else could fetch it, and the registry’s machine would be sent into its own network.',
    fix: 'Put the file where everybody can get it over https.',
    say: (f) => `${f['source']} leads to ${f['host']}`,
  }),
  'source.workspace': refuse({
    title: 'A source inside the registry’s own repository',
    why: 'Those are for the registry’s examples.',
    fix: 'Name an https address, npm:package@version#file or github:owner/repo@tag#asset.',
    say: (f) => `${f['source']} is a folder of this repository`,
  }),
  'sources.removed': refuse({
    title: 'A source is taken away',
    why: 'Whoever relies on it would lose the bytes; the digest decides what counts, so more sources do no harm.',
    fix: 'Keep those that are there and add yours.',
    say: (f) => `${f['version']} would lose ${list(f['sources'])}`,
  }),
  'status.unknown-version': refuse({
    title: 'A status of a version that does not exist',
    why: 'Whoever wrote it believes something yanked that is not.',
    fix: 'Correct the version.',
    say: (f) => `${f['version']} is no release of it`,
  }),
  'status.lifted': ask({
    title: 'Trust is given back',
    why: 'A status file takes trust away; giving it back is for a person to decide.',
    fix: 'Nothing: a maintainer looks and approves it.',
    say: (f) => `${f['version']} is ${f['before']} and would be ${f['after']}`,
  }),
  'status.by-people': ask({
    title: 'A status that people decide',
    why: 'Quarantine and revocation stop software that is running at others’.',
    fix: 'Nothing: a maintainer looks and approves it. Yanking needs nobody.',
    say: (f) => `${f['version']} would be ${f['after']}`,
  }),
  'status.whole': ask({
    title: 'The plugin as a whole changes hands or ends',
    why: 'Everybody who has it is concerned.',
    fix: 'Nothing: a maintainer looks and approves it.',
    say: (f) => `the plugin would be ${f['state']}`,
  }),
} as const satisfies Record<string, MergeRule>;

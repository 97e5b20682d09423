import { list } from '../rules/rule.ts';
import { ask, type MergeRule, refuse, retry } from './merge-rule.ts';

/** What the analysis of the release says. */
export const REVIEW_RULES = {
  'review.missing': retry({
    title: 'Not reviewed yet',
    why: 'There is no report about these bytes and this manifest for every host it targets.',
    fix: 'Nothing: it is looked at again.',
    say: () => 'no review of this release in this head',
  }),
  'review.head-moved': retry({
    title: 'It has changed since it was reviewed',
    why: 'What was judged is not what would be merged.',
    fix: 'Nothing: the new head is reviewed next.',
    say: (f) => `reviewed at ${f['reviewed']}, now at ${f['head']}`,
  }),
  'review.verdict-fail': refuse({
    title: 'The analysis refuses it',
    why: 'The report says by which rules.',
    fix: 'Mend what the report names; `plugmark check` says the same on your machine.',
    say: (f) => `for ${f['host']}: ${list(f['checks'])}`,
  }),
  'review.verdict-review': ask({
    title: 'The analysis asks for a person',
    why: 'Something honest plugins rarely do, or a check that could not be made.',
    fix: 'Nothing: a maintainer reads the report and approves it. Mending what it names makes it automatic.',
    say: (f) => `for ${f['host']}: ${list(f['checks'])}`,
  }),
  'artifact.unreachable': retry({
    title: 'The bytes cannot be fetched',
    why: 'No source of the release has them now.',
    fix: 'Publish the file where sources.json says it is; it is looked at again.',
    say: (f) => `${f['source']}: ${f['reason']}`,
  }),
  'artifact.forbidden': refuse({
    title: 'A source leads where nothing is fetched from',
    why: 'It resolves or redirects to a private address, leaves https, or never ends.',
    fix: 'Name an address on the public internet that serves the file itself.',
    say: (f) => `${f['source']}: ${f['reason']}`,
  }),
  'artifact.different': refuse({
    title: 'A source serves other bytes',
    why: 'The signed digest is that of another file.',
    fix: 'Serve the file that was signed, or sign the one that is served.',
    say: (f) => `${f['source']}: ${f['reason']}`,
  }),
  'watch.unsigned': refuse({
    title: 'Pulled by the registry, and not signed by the publisher',
    why: 'Nobody of the publisher opened it, so its statement is all there is.',
    fix: 'Sign the release with a key or workflow that main lists, for this plugin, version and registry.',
    say: () => 'no statement of this release by a key or workflow that main lists',
  }),
  'change.widened': ask({
    title: 'It can do more than the release before',
    why: 'Users agreed to less; hosts ask them again.',
    fix: 'Nothing: a maintainer looks and approves it. Without the new capability it would be automatic.',
    say: (f) => `for ${f['host']}: ${list(f['capabilities'])}`,
  }),
  'change.not-compared': ask({
    title: 'Whether it can do more could not be compared',
    why: 'There is no report of an earlier release for this host.',
    fix: 'Nothing: a maintainer looks and approves it.',
    say: (f) => `for ${f['host']}`,
  }),
  'identity.changed': ask({
    title: 'Somebody else signed than the time before',
    why: 'A stolen or lost key looks like this, and so does a new machine.',
    fix: 'Nothing: a maintainer asks the owners and approves it. Signing as before makes it automatic.',
    say: (f) => `${f['after']} signed, before ${f['before']}`,
  }),
} as const satisfies Record<string, MergeRule>;

import { list } from '../rules/rule.ts';
import { ask, type MergeRule, refuse, stop, wait } from './merge-rule.ts';

/** Who asks for it, who objects, how long others can look, and when a person has to. */
export const PEOPLE_RULES = {
  'owner.no-publisher': refuse({
    title: 'The publisher is not on main',
    why: 'Owners and keys are read from main only: a pull request cannot bring its own.',
    fix: 'Ask for the namespace first, in a pull request that adds publishers/<publisher>.json alone.',
    say: (f) => `there is no publisher ${f['publisher']}`,
  }),
  'owner.not-owner': refuse({
    title: 'Its author does not own the namespace',
    why: 'Only accounts on main’s list, by number, may submit in a publisher’s name.',
    fix: 'Have an owner open it, or approve this head.',
    say: (f) => `${f['author']} is not among the owners of ${f['publisher']}`,
  }),
  'owner.name-reused': refuse({
    title: 'An owner’s name, but another account',
    why: 'A name that was given up can be registered by anybody; the number on main is that of another account.',
    fix: 'If the account is new, have another owner add it, with its number.',
    say: (f) => `${f['author']} is the name of an owner of ${f['publisher']}, and the account is another`,
  }),
  'owner.by-maintainer': ask({
    title: 'Opened by a maintainer in a publisher’s name',
    why: 'The publisher has not asked for it, so one more person looks.',
    fix: 'An owner or another maintainer approves it.',
    say: (f) => `${f['author']} maintains this registry and does not own ${f['publisher']}`,
  }),
  'pull.held': stop({
    title: 'Held by a maintainer',
    why: 'A person wants to look, or waits for an answer.',
    fix: 'Read what the maintainer wrote. `/release` by a maintainer lets it go on.',
    say: (f) => `${f['by']} wrote /hold`,
  }),
  'pull.hold-label': stop({
    title: 'Held by a label',
    why: 'Labels can stop a merge and nothing else: no label makes one happen.',
    fix: 'Whoever set the label removes it.',
    say: (f) => `it has the label ${f['label']}`,
  }),
  'pull.changes-requested': stop({
    title: 'A maintainer asks for changes',
    why: 'A later approval by somebody else does not answer it.',
    fix: 'Change it, and ask that maintainer to look again.',
    say: (f) => `${f['by']} asks for changes`,
  }),
  'wait.new-publisher': wait({
    title: 'A new namespace waits',
    why: 'Time for others to say that the name is theirs, or looks like it.',
    fix: 'Nothing: it goes on by itself. An approval shortens it; a push starts it again.',
    say: (f) => `waits ${f['minutes']} minutes, since it is a new publisher`,
  }),
  'wait.new-plugin': wait({
    title: 'A new plugin waits',
    why: 'Time for others to notice a name that can be taken for another.',
    fix: 'Nothing: it goes on by itself. An approval shortens it; a push starts it again.',
    say: (f) => `waits ${f['minutes']} minutes, since it is a new plugin`,
  }),
  'wait.update': wait({
    title: 'A short wait',
    why: 'Time to stop a release that was made by mistake.',
    fix: 'Nothing: it goes on by itself. A push starts it again.',
    say: (f) => `waits ${f['minutes']} minutes`,
  }),
  'audit.drawn': ask({
    title: 'Drawn for a look by a person',
    why: 'One in so many merges is read, so that nobody can count on not being. Anybody can make the draw again: sha256 of the policy’s seed, the head and the time it was first seen.',
    fix: 'Nothing: a maintainer looks and approves it. It says nothing against you.',
    say: (f) => `drawn at random (a share of ${f['share']})`,
  }),
  'kind.by-people': ask({
    title: 'A kind of change that people decide',
    why: 'The policy does not have it merged automatically.',
    fix: 'Nothing: a maintainer looks and approves it.',
    say: (f) => `of the kind ${f['kind']}`,
  }),
  'publisher.new': ask({
    title: 'A new publisher',
    why: 'A namespace is given once, so a person looks whether it is the asker’s to have.',
    fix: 'Nothing: a maintainer looks and approves it. Say in the description who you are and where your work is.',
    say: (f) => `asks for the namespace ${f['publisher']}`,
  }),
  'publisher.first-release': ask({
    title: 'The publisher’s first release',
    why: 'The first time a person looks; later ones need none.',
    fix: 'Nothing: a maintainer looks and approves it.',
    say: (f) => `${f['publisher']} has released nothing yet`,
  }),
  'publisher.reserved': refuse({
    title: 'The name is reserved',
    why: 'Names of hosts, of the registry itself and of its addresses belong to nobody.',
    fix: 'Choose another name.',
    say: (f) => `${f['name']} is reserved: ${f['reason']}`,
  }),
  'publisher.similar': ask({
    title: 'The name is close to another publisher’s',
    why: 'People mistype and misread names. Edits, letters that look alike, hyphens and plurals are compared.',
    fix: 'Choose a name that cannot be mistaken, or say why it is this one.',
    say: (f) => `${f['name']} is close to ${list(f['names'])}`,
  }),
  'publisher.author-not-listed': refuse({
    title: 'Its author is not among the owners it names',
    why: 'Nobody asks for a namespace in somebody else’s name.',
    fix: 'Have one of the owners open it.',
    say: (f) => `${f['author']} is not in owners, by number`,
  }),
  'publisher.self-verified': refuse({
    title: 'It calls itself verified',
    why: 'That a publisher is known is the registry’s word, signed offline.',
    fix: 'Leave `verified` as it is on main.',
    say: (f) => `changes whether ${f['publisher']} is verified`,
  }),
  'publisher.owners': ask({
    title: 'Owners change',
    why: 'Who is added can release from then on.',
    fix: 'Nothing: a maintainer asks those who leave and approves it.',
    say: (f) =>
      `changes the owners of ${f['publisher']}${Array.isArray(f['gained']) && f['gained'].length > 0 ? `, adding ${list(f['gained'])}` : ''}`,
  }),
  'publisher.identities': ask({
    title: 'Keys or workflows change',
    why: 'Whoever holds an added key signs in this name from then on.',
    fix: 'Nothing: a maintainer looks at the proof and approves it. `plugmark key prove` makes one.',
    say: (f) => `changes the identities of ${f['publisher']}`,
  }),
  'publisher.watched': ask({
    title: 'Which repositories are watched changes',
    why: 'From then on a signed release there is enough: no owner’s account has to open anything.',
    fix: 'Nothing: a maintainer compares the numbers with GitHub’s and approves it.',
    say: (f) => `watches ${list(f['watched'])} for ${f['publisher']}`,
  }),
  'signature.replaced': ask({
    title: 'A signature is replaced',
    why: 'The release stays, but another key takes it over.',
    fix: 'Nothing: a maintainer looks and approves it.',
    say: (f) => `signs ${list(f['versions'])} again`,
  }),
} as const satisfies Record<string, MergeRule>;

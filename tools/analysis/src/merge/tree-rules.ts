import { list } from '../rules/rule.ts';
import { type MergeRule, refuse, retry, stop } from './merge-rule.ts';

/** The pull request as such, and the tree it would make. */
export const TREE_RULES = {
  'policy.no-merge': stop({
    title: 'This registry merges nothing by itself',
    why: 'Its policy.json has no part `merge`: nobody has said who may approve and what may be merged.',
    fix: 'A maintainer merges by hand, or adds the part.',
    say: () => 'policy.json does not say how pull requests are decided',
  }),
  'pull.other-repository': refuse({
    title: 'Not a pull request to this registry',
    why: 'The decision is made from this registry’s main branch, and holds for nothing else.',
    fix: 'Open it against the registry’s own repository.',
    say: () => 'its base is another repository',
  }),
  'pull.other-branch': refuse({
    title: 'Not against the branch that is published',
    why: 'Files on another branch reach main later, without having been looked at there.',
    fix: 'Change the base of the pull request.',
    say: (f) => `its base is ${f['branch']}, not ${f['expected']}`,
  }),
  'pull.head-gone': refuse({
    title: 'The repository it comes from is gone',
    why: 'Nobody can push to it any more, and nobody can be asked.',
    fix: 'Open a new pull request from a repository that exists.',
    say: () => 'its head repository does not exist',
  }),
  'pull.draft': stop({
    title: 'A draft',
    why: 'Its author says that it is not finished.',
    fix: 'Press “Ready for review”.',
    say: () => 'it is a draft',
  }),
  'pull.conflict': refuse({
    title: 'It cannot be merged',
    why: 'Main has changed where it changes too.',
    fix: 'Run `plugmark submit` again, or rebase onto main.',
    say: () => 'it conflicts with main',
  }),
  'pull.not-tried': retry({
    title: 'The trial merge is not there yet',
    why: 'What is judged is the tree that merging this head into this main would make; the service has not made it.',
    fix: 'Nothing: it is looked at again.',
    say: () => 'there is no trial merge of this head into this main',
  }),
  'pull.too-many': retry({
    title: 'More pull requests are open than are looked at together',
    why: 'A flood from one account would keep everybody else waiting.',
    fix: 'Nothing: the earlier ones come first. Close those that are no longer meant.',
    say: (f) => `${f['open']} earlier ones by the same account are open; ${f['limit']} are looked at`,
  }),
  'tree.truncated': refuse({
    title: 'The tree is too large to be listed',
    why: 'What cannot be seen whole is not judged.',
    fix: 'Submit the files of one release and nothing else.',
    say: (f) => `more changes than the service lists; at most ${f['limit']} files are looked at`,
  }),
  'tree.too-many': refuse({
    title: 'Too many files',
    why: 'A release is one folder: its files, README and vectors.',
    fix: 'Submit the files of one release and nothing else.',
    say: (f) => `changes ${f['files']} files; at most ${f['limit']} are looked at`,
  }),
  'tree.mode': refuse({
    title: 'Not a plain file',
    why: 'A link or a submodule makes whoever checks it out read something else than was judged; nothing here is run.',
    fix: 'Commit plain files: mode 100644.',
    say: (f) => `${f['path']} is ${f['is']}`,
  }),
  'tree.removed': refuse({
    title: 'A file is removed or renamed',
    why: 'What was released stays: lockfiles and papers name it. To Git, renaming is removing.',
    fix: 'Leave it, and yank the version with a status.json if nobody should choose it.',
    say: (f) => `removes ${list(f['paths'])}`,
  }),
  'tree.case-clash': refuse({
    title: 'Two names that differ only in case',
    why: 'On Windows and macOS they are one file, so people there would get one of them under both names.',
    fix: 'Choose another name.',
    say: (f) => `${f['path']} and ${f['other']} differ only in the case of letters`,
  }),
  'tree.too-large': refuse({
    title: 'A file is too large',
    why: 'These files are read by people and by every client; the plugin’s bytes lie elsewhere.',
    fix: 'Make it smaller.',
    say: (f) => `${f['path']} has ${f['size']} bytes; at most ${f['limit']} are taken`,
  }),
  'tree.lfs-pointer': refuse({
    title: 'A pointer of Git LFS',
    why: 'It names bytes that this repository does not hold.',
    fix: 'Commit the file itself: `git lfs untrack`, then add it again.',
    say: (f) => `${f['path']} is a pointer of Git LFS`,
  }),
  'scope.outside': refuse({
    title: 'Files beyond a submission',
    why: 'A submission changes files of one plugin, or of one publisher, in their places and nothing else.',
    fix: 'Remove them from this pull request; changes of the registry itself go into one of their own.',
    say: (f) => `changes ${list(f['paths'])}`,
  }),
  'scope.several-kinds': refuse({
    title: 'Several kinds of change at once',
    why: 'What is looked at differs by kind, and a change hidden in another is what nobody looks at.',
    fix: 'Open one pull request for each.',
    say: (f) => `it is all of these at once: ${list(f['kinds'])}`,
  }),
  'scope.several-plugins': refuse({
    title: 'Several plugins or publishers at once',
    why: 'Each has its owners and its wait.',
    fix: 'Open one pull request for each.',
    say: (f) => `it is about ${list(f['names'])}`,
  }),
  'scope.several-versions': refuse({
    title: 'Several versions at once',
    why: 'Each is compared with the one before it, which has to be on main.',
    fix: 'Open one pull request for each, the lowest first.',
    say: (f) => `it adds ${list(f['versions'])}`,
  }),
} as const satisfies Record<string, MergeRule>;

// Everything that doctor looks at beside the live metadata, one row each; the documentation lists them from here.

import { SETTINGS, type Setting } from '../office/settings.ts';

export const DATA_CHECKS = {
  'data.trust-lasts': {
    title: 'What offline keys signed lasts',
    why: 'Once it ends, clients choose nothing new, and the people who sign it need time to meet.',
    fix: '`plugmark root sign` with the key of each holder.',
  },
  'data.trust-signed': {
    title: 'What lies in registry/ is what was signed',
    why: 'A publisher, host profile or policy that was changed and not signed counts for nobody.',
    fix: '`plugmark root sign` shows what waits; sign it, or take the change back.',
  },
  'data.keys-last': {
    title: 'Every publisher can still sign in the time ahead',
    why: 'Keys and workflows are listed with an end; after it a release is refused.',
    fix: 'Ask the publisher for another key or a later end, in a pull request to publishers/<publisher>.json.',
  },
  'data.policy-reasons': {
    title: 'Where policy differs from upstream’s it says why',
    why: 'A value that was changed under upstream’s reason is an accident, or will be taken for one.',
    fix: 'Write the reason into `reasons`, or take upstream’s value. Upstream’s file: --defaults.',
  },
  'data.ledger': {
    title: 'The ledger fits together and fits the registry',
    why: 'It cannot be made again, and a build refuses one that was changed.',
    fix: 'Restore the branch ledger from its history: it only ever grows.',
  },
  'data.tools': {
    title: 'Signing takes tools that are not too old',
    why: 'The signing job runs a commit that is written in office.yml; defects mended since are still in it.',
    fix: 'Raise it in a commit of its own: tools-commit.ts and each `ref:` in office.yml.',
  },
  'data.sources': {
    title: 'Every release can be fetched from where its publisher put it',
    why: 'The registry’s own copy is then the only one.',
    fix: 'Ask the publisher, or add a source: sources.json only grows.',
  },
  'data.mirrors': {
    title: 'Every mirror serves the bytes it is listed for',
    why: 'Clients go there for what the registry itself does not serve, and refuse other bytes.',
    fix: 'Copy the tree there again, or take the mirror out of registry.json.',
  },
} as const satisfies Record<string, Setting>;
export type DataCheckId = keyof typeof DATA_CHECKS;

export const DOCTOR_CHECKS: Readonly<Record<string, Setting>> = { ...DATA_CHECKS, ...SETTINGS };

import { error, list, type Rule, rule } from './rule.ts';

/** What the manifest and the signature say. */
export const MANIFEST_RULES = {
  'manifest.host-unknown': error('abi-compatibility', {
    needs: 'manifest',
    title: 'The release targets a host this registry does not know',
    why: 'Without a host profile no import has a meaning.',
    fix: 'Correct targets, or propose a host profile.',
    say: (f) => `no host profile ${f['host']}`,
  }),
  'manifest.target-missing': error('abi-compatibility', {
    needs: 'manifest',
    title: 'The release does not target this host',
    why: 'What a release was not made for is never offered to its users.',
    fix: 'Add the host to targets, or check for a host that is there.',
    say: (f) => `${f['host']} is not among the targets: ${list(f['targets'])}`,
  }),
  'manifest.api-unknown': error('abi-compatibility', {
    needs: 'manifest',
    title: 'The range matches no API version of the host',
    why: 'No host would ever choose the release.',
    fix: 'Use a range that contains an existing version.',
    say: (f) => `${f['host']} ${f['range']} matches none of ${list(f['versions'])}`,
  }),
  'manifest.capability-unknown': error('abi-compatibility', {
    needs: 'manifest',
    title: 'A declared capability the host does not have',
    why: 'Nobody can grant it.',
    fix: 'Use the ids of the host profile.',
    say: (f) => `${f['host']} has no capability ${f['capability']}`,
  }),
  'manifest.capability-parameter': error('abi-compatibility', {
    needs: 'manifest',
    title: 'A capability parameter is missing or unknown',
    why: 'Parameters are what users consent to, e.g. which hosts are contacted.',
    fix: 'Give the parameters the host profile names.',
    say: (f) => `${f['capability']}: ${f['problem']} ${f['parameter']}`,
  }),
  'manifest.capability-unused': rule('warning', 'note', 'quality', {
    needs: 'manifest',
    title: 'A capability is declared but the code does not use it',
    why: 'Users are asked for more than the plugin needs.',
    fix: 'Remove it from the manifest, or leave it when a later version will use it.',
    say: (f) => `no import gives ${f['capability']}`,
  }),
  'manifest.file-digest': error('integrity', {
    needs: 'manifest',
    title: 'A file of the release is missing or differs from its digest',
    why: 'The manifest signs README and vectors by digest.',
    fix: 'Make the release again, or restore the file.',
    say: (f) => `${f['file']}: ${f['problem']}`,
  }),
  'signature.missing': error('security', {
    needs: 'manifest',
    title: 'The release is not signed by its publisher',
    why: 'Every release carries the publisher’s mark.',
    fix: 'Run plugmark sign.',
    say: () => 'no publisher.sigstore.json',
  }),
  'signature.invalid': error('security', {
    needs: 'manifest',
    title: 'The publisher’s signature does not verify',
    why: 'Either the bundle or the release was changed, or another key signed.',
    fix: 'Sign again with a key listed for the publisher.',
    say: (f) => `${f['problem']} (${f['code']})`,
  }),
} as const satisfies Record<string, Rule>;

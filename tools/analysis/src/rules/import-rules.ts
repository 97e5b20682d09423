import { error, importOf, list, type Rule, rule } from './rule.ts';

/** What the plugin may reach: imports, capabilities and their bounds. */
export const IMPORT_RULES = {
  'wasm.import-unknown': error('security', {
    needs: 'host',
    title: 'An import the host does not have',
    why: 'An unknown import cannot be given a meaning, so nothing can be said about what it would do; the host would not load the plugin.',
    fix: 'Remove the import, or build for the host that offers it.',
    say: (f) => `imports ${f['kind']} ${importOf(f)}, which ${f['host']} does not provide`,
  }),
  'wasm.import-forbidden': error('security', {
    needs: 'host',
    title: 'An import the host forbids',
    why: 'The host profile names this import only to refuse it.',
    fix: 'Remove the call that needs it.',
    say: (f) => `imports ${importOf(f)}: ${f['reason']}`,
  }),
  'wasm.import-type': error('abi-compatibility', {
    needs: 'host',
    title: 'An import with another type than the host’s',
    why: 'The host would refuse to link the plugin.',
    fix: 'Declare the function with the host’s type.',
    say: (f) => `${importOf(f)} is imported as ${f['actual']}; the host provides ${f['expected']}`,
  }),
  'wasm.import-undeclared': error('security', {
    needs: 'manifest',
    title: 'A capability that is used but not declared',
    why: 'Users consent to what is declared; the bytes can do more.',
    fix: 'Add the capability with a reason to the manifest, or remove the import.',
    say: (f) =>
      `the code imports ${list(f['imports'])}, which gives ${f['capability']}; the manifest does not declare it`,
  }),
  'wasm.unbounded': rule('warning', 'review', 'security', {
    needs: 'host',
    title: 'The imports do not bound what the plugin can reach',
    why: 'Functions that arrive at run time are not in the import section, so the list of capabilities may be incomplete.',
    fix: 'Avoid imported tables, function references in host calls and dynamic linking.',
    say: (f) => `${f['cause']}: ${f['detail']}`,
  }),
  'capability.widened': rule('warning', 'review', 'security', {
    needs: 'manifest',
    title: 'The plugin can do more than its last release',
    why: 'Users agreed to the old set; a person looks before a wider one is published, and hosts ask again.',
    fix: 'Say in the notes why it is needed.',
    say: (f) => `new since ${f['since']}: ${list(f['added'])}`,
  }),
} as const satisfies Record<string, Rule>;

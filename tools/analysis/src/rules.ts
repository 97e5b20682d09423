// The rule table: everything a check may report, with its default severity and effect and the words for people. Reports carry
// ids and facts; the wording is added from here when they are shown. Policy may change effects, never words.

import type { Finding } from '@plugmark/schemas';
import { importText } from './import-text.ts';
import type { Rule, RuleClass } from './rule.ts';
import { PROCESS_RULES } from './rules-process.ts';

const rule = (
  severity: Rule['severity'],
  effect: Rule['effect'],
  ruleClass: RuleClass,
  words: Omit<Rule, 'severity' | 'effect' | 'class'>,
): Rule => ({
  severity,
  effect,
  class: ruleClass,
  ...words,
});
const error = (ruleClass: RuleClass, words: Omit<Rule, 'severity' | 'effect' | 'class'>): Rule =>
  rule('error', 'fail', ruleClass, words);

export const RULES = {
  'artifact.digest-mismatch': error('integrity', {
    title: 'The bytes are not the ones the release names',
    why: 'A release is identified by the sha256 of its artifact; other bytes are another plugin.',
    fix: 'Submit the file that was signed, or sign a new release for this file.',
    say: (f) => `sha256 is ${f['actual']}, the release says ${f['expected']}`,
  }),
  'artifact.size-mismatch': error('integrity', {
    title: 'The size is not the one the release names',
    why: 'Clients stop downloading at the named size.',
    fix: 'Make the release again with plugmark sign, which measures the file.',
    say: (f) => `${grouped(f['actual'])} bytes, the release says ${grouped(f['expected'])}`,
  }),
  'artifact.kind-mismatch': error('abi-compatibility', {
    title: 'The kind of artifact is not what the release or the host expects',
    why: 'A host that runs core modules cannot load a component, and the other way round.',
    fix: 'Build for the host’s kind, or correct artifact.kind.',
    say: (f) => `this is a ${f['actual']} artifact; ${f['by']} expects ${f['expected']}`,
  }),
  'artifact.too-large': error('resource-limit', {
    title: 'The file is larger than allowed',
    why: 'Hosts and registries bound what they download and compile.',
    fix: 'Build with size optimisation and strip debug sections.',
    say: (f) => `${grouped(f['actual'])} bytes; ${f['by']} allows ${grouped(f['expected'])}`,
  }),
  'wasm.malformed': error('integrity', {
    title: 'The file is not well-formed WebAssembly',
    why: 'What cannot be read cannot be analysed.',
    fix: 'Check that the build finished and that the upload was binary.',
    say: (f) => `${f['problem']} (${f['code']})`,
  }),
  'wasm.invalid': error('integrity', {
    title: 'The engine refuses the module',
    why: 'A module that does not validate does not load anywhere.',
    fix: 'Rebuild with a released toolchain; run wasm-validate on the file.',
    say: () => 'WebAssembly.validate answers false',
  }),
  'wasm.import-unknown': error('security', {
    title: 'An import the host does not have',
    why: 'An unknown import cannot be given a meaning, so nothing can be said about what it would do; the host would not load the plugin.',
    fix: 'Remove the import, or build for the host that offers it.',
    say: (f) => `imports ${f['kind']} ${importOf(f)}, which ${f['host']} does not provide`,
  }),
  'wasm.import-forbidden': error('security', {
    title: 'An import the host forbids',
    why: 'The host profile names this import only to refuse it.',
    fix: 'Remove the call that needs it.',
    say: (f) => `imports ${importOf(f)}: ${f['reason']}`,
  }),
  'wasm.import-type': error('abi-compatibility', {
    title: 'An import with another type than the host’s',
    why: 'The host would refuse to link the plugin.',
    fix: 'Declare the function with the host’s type.',
    say: (f) => `${importOf(f)} is imported as ${f['actual']}; the host provides ${f['expected']}`,
  }),
  'wasm.import-undeclared': error('security', {
    title: 'A capability that is used but not declared',
    why: 'Users consent to what is declared; the bytes can do more.',
    fix: 'Add the capability with a reason to the manifest, or remove the import.',
    say: (f) =>
      `the code imports ${list(f['imports'])}, which gives ${f['capability']}; the manifest does not declare it`,
  }),
  'wasm.unbounded': rule('warning', 'review', 'security', {
    title: 'The imports do not bound what the plugin can reach',
    why: 'Functions that arrive at run time are not in the import section, so the list of capabilities may be incomplete.',
    fix: 'Avoid imported tables, function references in host calls and dynamic linking.',
    say: (f) => `${f['cause']}: ${f['detail']}`,
  }),
  'wasm.export-missing': error('abi-compatibility', {
    title: 'An export the host calls is missing',
    why: 'The host cannot run the plugin without it.',
    fix: 'Export it under exactly this name.',
    say: (f) => `no export ${f['name']} (${f['purpose']})`,
  }),
  'wasm.export-type': error('abi-compatibility', {
    title: 'An export has another type than the host calls',
    why: 'The host’s call would trap or be refused.',
    fix: 'Give the function the type the host profile names.',
    say: (f) => `${f['name']} is ${f['actual']}; the host calls ${f['expected']}`,
  }),
  'component.export-missing': error('abi-compatibility', {
    title: 'The component lacks an export of the host’s world',
    why: 'The host looks for every interface and function of its world and cannot run the plugin without them.',
    fix: 'Build against the WIT world of the host, which its page shows.',
    say: (f) => `no export ${worldItem(f)}; the host expects ${f['expected']}`,
  }),
  'component.export-type': error('abi-compatibility', {
    title: 'An export of the component has another type than in the host’s world',
    why: 'Types of components are compared when a component is linked: names of fields, cases and parameters count.',
    fix: 'Generate bindings from the host’s WIT again and rebuild.',
    say: (f) => `${worldItem(f)}: ${f['actual']}; the host expects ${f['expected']}${placeOf(f)}`,
  }),
  'component.import-missing': error('abi-compatibility', {
    title: 'The component imports what an interface of the host does not have',
    why: 'The host has the interface but not this part of it, so it cannot link the component.',
    fix: 'Build against the version of the WIT that the host provides.',
    say: (f) => `imports ${worldItem(f)} (${f['actual']}), which the host’s interface does not have`,
  }),
  'component.import-type': error('abi-compatibility', {
    title: 'An import of the component has another type than the host provides',
    why: 'Types of components are compared when a component is linked: names of fields, cases and parameters count.',
    fix: 'Generate bindings from the host’s WIT again and rebuild.',
    say: (f) => `${worldItem(f)} is imported as ${f['actual']}; the host provides ${f['expected']}${placeOf(f)}`,
  }),
  'wasm.memory-too-large': error('resource-limit', {
    title: 'The plugin asks for more memory than the host gives',
    why: 'It would not start.',
    fix: 'Lower the initial memory, or the static data.',
    say: (f) => `starts with ${grouped(f['actual'])} bytes; ${f['host']} allows ${grouped(f['expected'])}`,
  }),
  'wasm.memory-unlimited': rule('info', 'note', 'resource-limit', {
    title: 'The memory has no maximum of its own',
    why: 'Hosts cap it, so this is common and harmless; a maximum documents what the plugin needs.',
    fix: 'Set a maximum when linking.',
    say: (f) => `no maximum; ${f['host']} stops it at ${grouped(f['expected'])} bytes`,
  }),
  'wasm.memory-shared': error('abi-compatibility', {
    title: 'The plugin uses threads, the host has none',
    why: 'Shared memory needs a host that starts threads; it also makes results depend on scheduling.',
    fix: 'Build without threads.',
    say: (f) => `a shared memory; ${f['host']} runs plugins on one thread`,
  }),
  'wasm.table-too-large': error('resource-limit', {
    title: 'The plugin asks for a larger table than the host gives',
    why: 'It would not start.',
    fix: 'Reduce the number of functions called indirectly.',
    say: (f) => `starts with ${grouped(f['actual'])} elements; ${f['host']} allows ${grouped(f['expected'])}`,
  }),
  'manifest.host-unknown': error('abi-compatibility', {
    title: 'The release targets a host this registry does not know',
    why: 'Without a host profile no import has a meaning.',
    fix: 'Correct targets, or propose a host profile.',
    say: (f) => `no host profile ${f['host']}`,
  }),
  'manifest.target-missing': error('abi-compatibility', {
    title: 'The release does not target this host',
    why: 'What a release was not made for is never offered to its users.',
    fix: 'Add the host to targets, or check for a host that is there.',
    say: (f) => `${f['host']} is not among the targets: ${list(f['targets'])}`,
  }),
  'manifest.api-unknown': error('abi-compatibility', {
    title: 'The range matches no API version of the host',
    why: 'No host would ever choose the release.',
    fix: 'Use a range that contains an existing version.',
    say: (f) => `${f['host']} ${f['range']} matches none of ${list(f['versions'])}`,
  }),
  'manifest.capability-unknown': error('abi-compatibility', {
    title: 'A declared capability the host does not have',
    why: 'Nobody can grant it.',
    fix: 'Use the ids of the host profile.',
    say: (f) => `${f['host']} has no capability ${f['capability']}`,
  }),
  'manifest.capability-parameter': error('abi-compatibility', {
    title: 'A capability parameter is missing or unknown',
    why: 'Parameters are what users consent to, e.g. which hosts are contacted.',
    fix: 'Give the parameters the host profile names.',
    say: (f) => `${f['capability']}: ${f['problem']} ${f['parameter']}`,
  }),
  'manifest.capability-unused': rule('warning', 'note', 'quality', {
    title: 'A capability is declared but the code does not use it',
    why: 'Users are asked for more than the plugin needs.',
    fix: 'Remove it from the manifest, or leave it when a later version will use it.',
    say: (f) => `no import gives ${f['capability']}`,
  }),
  'manifest.file-digest': error('integrity', {
    title: 'A file of the release is missing or differs from its digest',
    why: 'The manifest signs README and vectors by digest.',
    fix: 'Make the release again, or restore the file.',
    say: (f) => `${f['file']}: ${f['problem']}`,
  }),
  'signature.missing': error('security', {
    title: 'The release is not signed by its publisher',
    why: 'Every release carries the publisher’s mark.',
    fix: 'Run plugmark sign.',
    say: () => 'no publisher.sigstore.json',
  }),
  'signature.invalid': error('security', {
    title: 'The publisher’s signature does not verify',
    why: 'Either the bundle or the release was changed, or another key signed.',
    fix: 'Sign again with a key listed for the publisher.',
    say: (f) => `${f['problem']} (${f['code']})`,
  }),
  'capability.widened': rule('warning', 'review', 'security', {
    title: 'The plugin can do more than its last release',
    why: 'Users agreed to the old set; a person looks before a wider one is published, and hosts ask again.',
    fix: 'Say in the notes why it is needed.',
    say: (f) => `new since ${f['since']}: ${list(f['added'])}`,
  }),
  ...PROCESS_RULES,
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;

const LISTED = 8;

/** The first few, and how many more there are; a hostile file has a hundred thousand. */
function list(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const rest = value.length - LISTED;
  return rest > 0 ? `${value.slice(0, LISTED).join(', ')} and ${grouped(rest)} more` : value.join(', ');
}

/** `acme:host/log@1.0.0 write`, or the name of a function of the world itself. */
function worldItem({ interface: from, name }: Finding['facts']): string {
  return [from, name].filter((part) => part !== undefined && part !== '').join(' ');
}

/** Where in the type the difference is, when it is not the whole type. */
function placeOf({ place }: Finding['facts']): string {
  return place === undefined ? '' : ` (in ${place})`;
}

function importOf({ module, name, kind }: Finding['facts']): string {
  return importText({ module: String(module), name: String(name), kind: String(kind) });
}

/** `1234567` as `1,234,567`. */
export function grouped(value: unknown): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** The sentence for a finding. A rule id this version does not know (a newer report) is shown with its bare facts. */
export function sayFinding(finding: Finding): string {
  const known: Rule | undefined = Object.hasOwn(RULES, finding.ruleId) ? RULES[finding.ruleId as RuleName] : undefined;
  return known ? known.say(finding.facts) : JSON.stringify(finding.facts);
}

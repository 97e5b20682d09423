import { error, placeOf, type Rule, worldItem } from './rule.ts';

/** What the host calls: exports of a core module, the world of a component. */
export const EXPORT_RULES = {
  'wasm.export-missing': error('abi-compatibility', {
    needs: 'host',
    title: 'An export the host calls is missing',
    why: 'The host cannot run the plugin without it.',
    fix: 'Export it under exactly this name.',
    say: (f) => `no export ${f['name']} (${f['purpose']})`,
  }),
  'wasm.export-type': error('abi-compatibility', {
    needs: 'host',
    title: 'An export has another type than the host calls',
    why: 'The host’s call would trap or be refused.',
    fix: 'Give the function the type the host profile names.',
    say: (f) => `${f['name']} is ${f['actual']}; the host calls ${f['expected']}`,
  }),
  'component.export-missing': error('abi-compatibility', {
    needs: 'host',
    title: 'The component lacks an export of the host’s world',
    why: 'The host looks for every interface and function of its world and cannot run the plugin without them.',
    fix: 'Build against the WIT world of the host, which its page shows.',
    say: (f) => `no export ${worldItem(f)}; the host expects ${f['expected']}`,
  }),
  'component.export-type': error('abi-compatibility', {
    needs: 'host',
    title: 'An export of the component has another type than in the host’s world',
    why: 'Types of components are compared when a component is linked: names of fields, cases and parameters count.',
    fix: 'Generate bindings from the host’s WIT again and rebuild.',
    say: (f) => `${worldItem(f)}: ${f['actual']}; the host expects ${f['expected']}${placeOf(f)}`,
  }),
  'component.import-missing': error('abi-compatibility', {
    needs: 'host',
    title: 'The component imports what an interface of the host does not have',
    why: 'The host has the interface but not this part of it, so it cannot link the component.',
    fix: 'Build against the version of the WIT that the host provides.',
    say: (f) => `imports ${worldItem(f)} (${f['actual']}), which the host’s interface does not have`,
  }),
  'component.import-type': error('abi-compatibility', {
    needs: 'host',
    title: 'An import of the component has another type than the host provides',
    why: 'Types of components are compared when a component is linked: names of fields, cases and parameters count.',
    fix: 'Generate bindings from the host’s WIT again and rebuild.',
    say: (f) => `${worldItem(f)} is imported as ${f['actual']}; the host provides ${f['expected']}${placeOf(f)}`,
  }),
} as const satisfies Record<string, Rule>;

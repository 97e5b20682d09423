import { error, grouped, type Rule, rule } from './rule.ts';

/** What the plugin asks of its host: memory and tables. */
export const RESOURCE_RULES = {
  'wasm.memory-too-large': error('resource-limit', {
    needs: 'host',
    title: 'The plugin asks for more memory than the host gives',
    why: 'It would not start.',
    fix: 'Lower the initial memory, or the static data.',
    say: (f) => `starts with ${grouped(f['actual'])} bytes; ${f['host']} allows ${grouped(f['expected'])}`,
  }),
  'wasm.memory-unlimited': rule('info', 'note', 'resource-limit', {
    needs: 'host',
    title: 'The memory has no maximum of its own',
    why: 'Hosts cap it, so this is common and harmless; a maximum documents what the plugin needs.',
    fix: 'Set a maximum when linking.',
    say: (f) => `no maximum; ${f['host']} stops it at ${grouped(f['expected'])} bytes`,
  }),
  'wasm.memory-shared': error('abi-compatibility', {
    needs: 'host',
    title: 'The plugin uses threads, the host has none',
    why: 'Shared memory needs a host that starts threads; it also makes results depend on scheduling.',
    fix: 'Build without threads.',
    say: (f) => `a shared memory; ${f['host']} runs plugins on one thread`,
  }),
  'wasm.table-too-large': error('resource-limit', {
    needs: 'host',
    title: 'The plugin asks for a larger table than the host gives',
    why: 'It would not start.',
    fix: 'Reduce the number of functions called indirectly.',
    say: (f) => `starts with ${grouped(f['actual'])} elements; ${f['host']} allows ${grouped(f['expected'])}`,
  }),
} as const satisfies Record<string, Rule>;

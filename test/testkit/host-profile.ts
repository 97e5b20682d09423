// A small host for tests of the analysis: every kind of import, every meaning, every limit, none of them a real host's.
import { type HostProfile, HostProfile as HostProfileSchema, parse } from '@plugmark/schemas';

const runtime = (purpose: string): { as: 'runtime'; purpose: string } => ({ as: 'runtime', purpose });
const gives = (capability: string): { as: 'capability'; capability: string } => ({ as: 'capability', capability });
const WASI = 'wasi_snapshot_preview1';

type Rule = HostProfile['imports'][number];
const wasi = (name: string, type: string, meaning: Rule['meaning']): Rule => ({
  module: WASI,
  name,
  kind: 'function',
  type,
  meaning,
});
const bench = (name: string, type: string, meaning: Rule['meaning']): Rule => ({
  module: 'bench',
  name,
  kind: 'function',
  type,
  meaning,
});

const IMPORTS: Rule[] = [
  {
    module: 'env',
    name: 'abort',
    kind: 'function',
    type: '(i32, i32, i32, i32) -> ()',
    meaning: runtime('ends the call'),
  },
  { module: 'env', name: 'memory', kind: 'memory', meaning: runtime('memory that the host owns') },
  { module: 'env', name: '__indirect_function_table', kind: 'table', meaning: runtime('table that the host owns') },
  { module: 'env', name: 'origin', kind: 'global', meaning: runtime('a number') },
  { module: 'env', name: 'held', kind: 'global', type: 'externref', meaning: runtime('something the host keeps') },
  wasi('fd_write', '(i32, i32, i32, i32) -> (i32)', runtime('writes to the log')),
  wasi('fd_close', '(i32) -> (i32)', runtime('closes what is open')),
  wasi('fd_fdstat_get', '(i32, i32) -> (i32)', runtime('asks what a descriptor is')),
  wasi('fd_seek', '(i32, i64, i32, i32) -> (i32)', runtime('moves in what is open')),
  wasi('environ_get', '(i32, i32) -> (i32)', runtime('reads the environment, which is empty')),
  wasi('environ_sizes_get', '(i32, i32) -> (i32)', runtime('asks for the size of the environment, which is 0')),
  wasi('proc_exit', '(i32) -> ()', runtime('ends the call')),
  wasi('random_get', '(i32, i32) -> (i32)', runtime('random numbers from a seed')),
  wasi('path_open', '(i32, i32, i32, i32, i32, i64, i64, i32, i32) -> (i32)', gives('filesystem')),
  wasi('fd_readdir', '(i32, i32, i32, i64, i32) -> (i32)', gives('filesystem')),
  wasi('fd_prestat_get', '(i32, i32) -> (i32)', gives('filesystem')),
  wasi('fd_prestat_dir_name', '(i32, i32, i32) -> (i32)', gives('filesystem')),
  wasi('proc_raise', '(i32) -> (i32)', { as: 'forbidden', reason: 'a plugin is no process' }),
  bench('read', '(i32, i32) -> (i32)', gives('read:samples')),
  bench('fetch', '(i32, i32) -> (i32)', gives('network')),
  { ...bench('call', '(i32, i32) -> (i32)', gives('call-others')), dispatches: true },
  { module: 'bench', name: 'keep', kind: 'function', meaning: runtime('keeps a reference') },
];

const capability = (
  id: string,
  about: Pick<HostProfile['capabilities'][number], 'class' | 'risk' | 'params'>,
): HostProfile['capabilities'][number] => ({
  id,
  ...about,
  title: id,
  can: `use ${id}`,
  cannot: `use ${id}`,
  prominent: about.risk === 'high',
  grant: about.risk === 'high' ? 'explicit' : 'auto',
});

/** A host of core modules: exports `memory` and `run`, 16 MiB of memory, 1000 table elements, files of at most 4 MiB. */
export const CORE_HOST: HostProfile = parse(
  HostProfileSchema,
  {
    schemaVersion: 1,
    host: 'bench',
    title: 'Bench',
    summary: 'A host for tests.',
    artifact: 'core',
    abi: 'raw',
    apiVersions: ['1.0.0', '1.2.0', '2.0.0'],
    manifest: { file: 'plugin.yaml', fields: {} },
    conventions: {
      strings: 'pointer-length',
      allocation: 'none',
      input: 'none',
      output: 'none',
      errors: 'none',
      lifecycle: 'one instance a call',
      threads: false,
    },
    exports: [
      { name: 'memory', kind: 'memory', types: [], required: true, purpose: 'the plugin’s memory' },
      {
        name: 'run',
        kind: 'function',
        types: ['(i32, i32) -> (i32)', '(i32) -> (i32)'],
        required: true,
        purpose: 'called with the input',
      },
      { name: '_initialize', kind: 'function', types: ['() -> ()'], required: false, purpose: 'called first' },
    ],
    imports: IMPORTS,
    componentImports: [
      { interface: 'wasi:cli/stdout', versions: '^0.2.0', meaning: runtime('writes to the log') },
      { interface: 'bench:host/log', meaning: runtime('writes to the log') },
      { interface: 'bench:host/net', versions: '^1.0.0', meaning: gives('network') },
      { interface: 'bench:host/dispatch', versions: '^1.0.0', meaning: gives('call-others'), dispatches: true },
      { interface: 'now', meaning: runtime('a clock that stands still') },
    ],
    capabilities: [
      capability('read:samples', { class: 'data', risk: 'low', params: [] }),
      capability('call-others', { class: 'data', risk: 'medium', params: [] }),
      capability('filesystem', {
        class: 'filesystem',
        risk: 'medium',
        params: [{ name: 'paths', kind: 'paths', title: 'Folders', required: false }],
      }),
      capability('network', {
        class: 'network',
        risk: 'high',
        params: [{ name: 'hosts', kind: 'hosts', title: 'Addresses', required: true }],
      }),
    ],
    bounds: [],
    limits: {
      artifactBytes: 4_194_304,
      memoryBytes: 16_777_216,
      tableElements: 1000,
      startMilliseconds: 1000,
      callMilliseconds: 1000,
      outputBytes: 1_048_576,
      hostCalls: 1000,
    },
    unsupportedFeatures: [],
    install: [],
  },
  'test/testkit/host-profile.ts',
);

/** The same host for components; they export the interface `bench:host/plugin`. */
export const COMPONENT_HOST: HostProfile = {
  ...CORE_HOST,
  artifact: 'component',
  abi: 'component',
  exports: [{ name: 'bench:host/plugin', kind: 'instance', types: [], required: true, purpose: 'what the host calls' }],
};

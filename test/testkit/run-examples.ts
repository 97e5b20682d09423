// Examples of what a run returns: one that ends well, and one that traps in its second call.

const OUTPUT = 'e0ee8bb50685e05fa0f47ed04203ae953fdfd055f5bd2892ea186504254f8c3a';
const MEMORY = 'c064fbca9d9de8dd9bb0624984403b28d0da807a69365d4f7fb09123ecb0c405';
const CALLS = 'f46f5990ebfadcab199107258b9dadd8711bd7946d8d00091a1073effcf2a843';
const ARTIFACT = 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c';

const layers = [
  { layer: 'kill', active: true },
  { layer: 'container', active: false, reason: 'neither docker nor podman answers' },
];
const hostCallLog = [
  { function: 'ddalab.progress', arguments: ['0.5'] },
  { function: 'ddalab.result_write', arguments: ['1024', '15'], result: '0' },
];
const answered = {
  entry: 'analyze',
  ending: 'ok',
  output: { status: 0, result: { channels: [] } },
  outputSha256: OUTPUT,
  fuel: 118_402,
  budgetShare: 6,
  hostCalls: 2,
  milliseconds: 0.9,
};
const trapped = { entry: 'analyze', ending: 'trap', trap: 'memory-access', fuel: 310, hostCalls: 0, milliseconds: 0.1 };
const figures = {
  memorySha256: MEMORY,
  hostCallLogSha256: CALLS,
  hostCalls: 2,
  hostCallLog,
  printed: '',
  startFuel: 0,
  peakMemoryBytes: 131_072,
  startMilliseconds: 3.2,
};

export const RUN_OBSERVATION = {
  engines: [{ name: 'V8', version: '13.6', configuration: 'Liftoff' }],
  layers,
  fuel: { schedule: 'wasmtime/classic', budget: 20_000_000_000, budgetOfHost: true, exact: true, reasons: [] },
  runs: [
    {
      vector: 'sine-10hz',
      engine: 0,
      ending: 'ok',
      calls: [answered],
      outputSha256: OUTPUT,
      ...figures,
      fuel: 118_402,
      callMilliseconds: [0.9],
      residentBytes: 4_100_000,
    },
    {
      vector: 'two-calls',
      engine: 0,
      ending: 'trap',
      trap: 'memory-access',
      calls: [answered, trapped],
      ...figures,
      fuel: 118_712,
      callMilliseconds: [0.9, 0.1],
      detail: 'memory access out of bounds',
    },
  ],
} as const;

/** With Bun: once used, once left out because it cannot have a layer. */
export const SECOND_ENGINE = {
  name: 'JavaScriptCore',
  version: 'Bun 1.4.4',
  configuration: 'tiering as Bun has it',
  without: ['permission', 'page-cap'],
} as const;
export const SECOND_ENGINE_NOT_RUN = {
  name: 'JavaScriptCore',
  configuration: 'tiering as Bun has it',
  reason: 'policy requires the layer permission, which it cannot have',
} as const;

export const RUN_RESULT = {
  fuel: 118_712,
  budgetShare: 6,
  output: null,
  peakMemoryBytes: 131_072,
  trap: 'memory-access',
  hostCalls: hostCallLog,
  hostCallCount: 2,
  ending: 'trap',
  host: 'ddalab',
  vector: 'two-calls',
  sha256: ARTIFACT,
  schedule: 'wasmtime/classic',
  configuration: 'Liftoff',
  calls: [answered, trapped],
  asExpected: false,
  outputSha256: OUTPUT,
  memorySha256: MEMORY,
  hostCallLogSha256: CALLS,
  printed: '',
  startMilliseconds: 3.2,
  detail: 'memory access out of bounds',
  layers,
} as const;

export const RECORD_RESULT = {
  file: 'vectors/sine-10hz.json',
  host: 'ddalab',
  vector: 'sine-10hz',
  changed: true,
  configurations: ['Liftoff', 'Liftoff, other seed and time', 'TurboFan'],
  engines: [{ name: 'V8', configurations: 3 }],
  fuel: [118_402],
  endings: ['ok'],
} as const;

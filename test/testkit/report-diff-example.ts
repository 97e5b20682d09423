// One comparison that shows every member of the format `report-diff`.

const digest = (digit: string): string => digit.repeat(64);
const finding = {
  ruleId: 'wasm.import-unknown',
  severity: 'error',
  effect: 'fail',
  facts: { module: 'env', name: 'mystery', kind: 'function', host: 'DDALAB' },
  location: { offset: 214, length: 9, file: 'plugin.wasm', function: 12, section: 'code', module: 0 },
};
const accepted = { ...finding, exception: { reason: 'The host adds it in 1.1.', expires: '2027-03-02T09:00:00Z' } };
const side = { plugin: 'acme/spectral-entropy', kind: 'core', host: 'ddalab' };

export const REPORT_DIFF_EXAMPLE = {
  schemaVersion: 1,
  before: { ...side, version: '1.1.0', sha256: digest('a'), size: 46_000 },
  after: { ...side, version: '1.2.0', sha256: digest('b'), size: 48_213 },
  widened: 'yes',
  verdict: { before: 'pass', after: 'review' },
  capabilities: {
    changes: [
      {
        id: 'network',
        change: 'widened',
        class: 'network',
        risk: 'high',
        before: { declared: true, seen: true, params: { hosts: ['api.example.org'] } },
        after: { declared: true, seen: true, params: { hosts: ['api.example.org', 'cdn.example.org'] } },
      },
      { id: 'ui:panel', change: 'removed', before: { declared: true, seen: false } },
      { id: 'write:results', change: 'added', class: 'data', risk: 'low', after: { declared: false, seen: true } },
    ],
    undeclared: { gained: ['write:results'], lost: [] },
    unknown: { gained: [{ module: 'env', name: 'mystery', kind: 'function' }], lost: [] },
    unbounded: { gained: [], lost: [{ cause: 'dispatcher', detail: 'ddalab.call calls functions named at run time' }] },
    risk: { before: 'medium', after: 'high' },
    hash: { before: digest('c'), after: digest('d') },
  },
  findings: {
    new: [{ ...finding, facts: { ...finding.facts, name: 'other' } }],
    fixed: [],
    changed: [{ before: finding, after: accepted }],
    unchanged: 3,
  },
  imports: [
    { change: 'added', module: 'env', name: 'mystery', kind: 'function', after: '() -> ()' },
    {
      change: 'changed',
      module: 'ddalab',
      name: 'log',
      kind: 'function',
      before: '(i32) -> ()',
      after: '(i32, i32) -> ()',
    },
  ],
  exports: [{ change: 'removed', name: 'old_entry', kind: 'function', before: '() -> (i32)' }],
  files: [],
  size: { before: 46_000, after: 48_213, percent: 4.8 },
  memory: { before: { minBytes: 131_072, maxBytes: 33_554_432 }, after: { minBytes: 196_608 } },
  vectors: {
    changes: [
      {
        name: 'sine-10hz',
        change: 'changed',
        ending: { before: 'ok', after: 'outOfFuel' },
        fuel: { before: 118_402, after: 130_000 },
        fuelPercent: 9.8,
        output: true,
      },
    ],
    unchanged: 2,
  },
  determinism: { before: 'by-construction', after: 'untested' },
  toolchain: { gained: ['rustc 1.81.0'], lost: ['rustc 1.80.0'] },
  features: { gained: ['+simd128'], lost: [] },
  manifest: [
    { field: 'license', before: 'MIT', after: 'Apache-2.0' },
    { field: 'dependencies', after: 'acme/fft ^1' },
  ],
  conditions: [{ name: 'analyser', before: 'plugmark 0.1.0', after: 'plugmark 0.2.0' }],
};

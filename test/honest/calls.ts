// What is asked of the honest plugins when they run, and what their sources say they answer.
import type { Vector } from '@plugmark/schemas';

export interface HonestCalls {
  /** As in a recipe. */
  readonly folder: string;
  readonly vector: Vector;
  readonly outputs: readonly unknown[];
  /** All that it prints. */
  readonly printed?: string;
}

type Input = NonNullable<Vector['calls'][number]['input']>;

const asked = (
  folder: string,
  host: string,
  { calls, ...rest }: Partial<Omit<Vector, 'calls'>> & { readonly calls: readonly (readonly [string, Input?])[] },
): Pick<HonestCalls, 'folder' | 'vector'> => ({
  folder,
  vector: {
    schemaVersion: 1,
    name: 'v',
    title: folder,
    host,
    calls: calls.map(([entry, input]) => (input === undefined ? { entry } : { entry, input })),
    grants: [],
    ...rest,
  },
});

/** After `init`, as Conductor calls. */
const conductor = (folder: string, params: readonly Input[], rest: Partial<Omit<Vector, 'calls'>> = {}) =>
  asked(folder, 'conductor', {
    calls: [['init'], ...params.map((input) => ['execute', input] as const)],
    ...rest,
  });

const ddalab = (folder: string, grants: readonly string[], samples: readonly (readonly number[])[]) =>
  asked(folder, 'ddalab', {
    calls: [['analyze', { json: {} }]],
    grants: [...grants],
    channels: samples.map((of, i) => ({ label: `C${i}`, unit: 'uV', sampleRate: 256, samples: [...of] })),
  });

const WORKSPACE: Vector['files'] = [
  { path: 'a.txt', content: { text: 'see b.txt\n' } },
  { path: 'b.txt', content: { text: `see a.txt ${'-'.repeat(40)}\n` } },
];
const hielements = (folder: string, calls: readonly (readonly [string, Input?])[], grants: readonly string[] = []) =>
  asked(folder, 'hielements', { calls, grants: [...grants], ...(grants.length === 0 ? {} : { files: WORKSPACE }) });

const ok = (result: unknown): unknown => ({ status: 0, result });
const DATA = ['read:channel_data', 'write:results'];
const check = (name: string, args: unknown): readonly [string, Input] => [
  'library_check',
  { json: { function: name, args: args as Extract<Input, { json: unknown }>['json'] } },
];

/** Arithmetic that a reader can do; the variance of 1 to 4 is 5/3, and that plugin writes millionths. */
export const HONEST_CALLS: readonly HonestCalls[] = [
  {
    ...conductor('rust/chord-names', [{ json: { notes: [60, 64, 67] } }, { json: { notes: [1] } }]),
    outputs: [ok(null), ok({ chord: 'C' }), ok({ chord: null })],
    printed: 'no chord in 1 notes\n',
  },
  {
    ...ddalab('rust/channel-variance', DATA, [[1, 2, 3, 4], [5]]),
    outputs: [ok({ variances: [1666666, 0] })],
  },
  {
    ...conductor('rust/note-histogram', [{ json: { note: 60 } }, { json: { note: 60 } }, { json: {} }]),
    outputs: [ok(null), ok(null), ok(null), { status: 1, result: null }],
    printed: 'note 60 came 1 times\nnote 60 came 2 times\n',
  },
  {
    ...conductor('rust/session-clock', [{ text: '5' }]),
    outputs: [ok(null), ok(null)],
    printed: '0 arguments, home None\n2 s since 1970, 1000 ms in this session\n',
  },
  {
    ...hielements('rust/import-cycles', [['library_name'], check('cycles', [])], ['read:workspace']),
    outputs: ['import_cycles', { status: 'fail', message: 'a.txt and b.txt name each other' }],
  },
  {
    ...ddalab(
      'rust/spike-table',
      ['read:channel_data', 'ui:panel'],
      [Array.from({ length: 64 }, (_, i) => (i === 9 ? 100 : 0))],
    ),
    outputs: [{ status: 0, result: null, panel: { channels: 1, rows: [[0, 9, 100]] } }],
  },
  {
    ...conductor('c/velocity-gate', [{ json: { velocity: 64 } }, { json: { velocity: 63 } }]),
    outputs: [ok(null), ok({ velocity: 64 }), ok({ velocity: 0 })],
    printed: 'velocity gate ready\n',
  },
  {
    ...hielements('c/line-length', [['library_name'], check('longest', [20])], ['read:workspace']),
    outputs: ['line_length', { status: 'fail', message: 'b.txt has a line that is too long' }],
  },
  { ...ddalab('c/peak', DATA, [[1, -2.5], [0.125]]), outputs: [ok([2.5, 0.125])] },
  {
    ...conductor('c/as-command', [{ json: {} }, { text: 'x' }]),
    outputs: [ok(null), ok(null), { status: 1, result: null }],
    printed: 'not an object: x\n',
  },
  {
    ...conductor('c/no-libc', [{ json: { a: {} } }, { text: '{' }]),
    outputs: [ok(null), ok(null), { status: 1, result: null }],
  },
  {
    ...conductor('assemblyscript/transpose', [{ json: { note: 60, semitones: 7 } }, { json: { note: 60 } }]),
    outputs: [ok(null), ok({ note: 67 }), ok({ note: 60 })],
  },
  { ...ddalab('assemblyscript/moving-average', DATA, [[10], [0, 1]]), outputs: [ok([1, 0.1])] },
  {
    ...hielements('assemblyscript/name-style', [
      ['library_name'],
      check('snake', ['one', 'Two']),
      check('pascal', ['One']),
      check('camel', []),
    ]),
    outputs: [
      'name_style',
      { status: 'fail', message: 'Two' },
      { status: 'pass' },
      { status: 'error', message: 'no such style' },
    ],
  },
];

// Runs a range of inputs in a child with a bound on memory, and ends it when one input takes too long. A child that hangs or
// dies is a problem of the input it was at; another one goes on behind it.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
/** Far more than any input needs, on a machine that does other things too. */
const HANG_MS = 60_000;
const HEAP_MB = 768;

export interface Range {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly folder: string | undefined;
}

export interface Found {
  readonly index: number;
  readonly problem: string;
}

export interface Ran {
  readonly found: readonly Found[];
  readonly run: number;
  readonly readable: number;
  readonly accepted: number;
}

type Said = { at?: number; problem?: string; counts?: Omit<Ran, 'found'> };

interface Options {
  readonly hangMs?: number;
  /** Another script in place of the child, for tests. */
  readonly child?: string;
}

export async function runRange(range: Range, say: (line: string) => void, options: Options = {}): Promise<Ran> {
  const sum = { found: [] as Found[], run: 0, readable: 0, accepted: 0 };
  let { from } = range;
  while (from < range.to) {
    const child = await runChild({ ...range, from }, say, options);
    sum.found.push(...child.found);
    sum.run += child.counts?.run ?? child.at - from + 1;
    sum.readable += child.counts?.readable ?? 0;
    sum.accepted += child.counts?.accepted ?? 0;
    from = child.counts === undefined ? child.at + 1 : range.to;
  }
  return sum;
}

interface Child {
  readonly found: Found[];
  readonly at: number;
  readonly counts: Said['counts'];
}

function runChild(
  { seed, from, to, folder }: Range,
  say: (line: string) => void,
  { hangMs = HANG_MS, child: script = CHILD }: Options,
): Promise<Child> {
  const args = ['--conditions=@plugmark/source', `--max-old-space-size=${HEAP_MB}`, script];
  const child = spawn(process.execPath, [...args, ...[seed, from, to].map(String), folder ?? ''], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const state = { found: [] as Found[], at: from, counts: undefined as Said['counts'], hung: false };
  const end = (): void => {
    state.hung = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(end, hangMs);
  let rest = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    clearTimeout(timer);
    timer = setTimeout(end, hangMs);
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(JSON.parse(line) as Said, state, say);
  });
  return new Promise((done) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const problem = state.hung ? 'hang: no end' : `crash: the process ended with ${signal ?? code}`;
      if (state.counts === undefined) state.found.push({ index: state.at, problem });
      done(state);
    });
  });
}

function hear(
  { at, problem, counts }: Said,
  state: { at: number; found: Found[]; counts: Said['counts'] },
  say: (line: string) => void,
): void {
  if (at !== undefined) state.at = at;
  if (at !== undefined && problem !== undefined) {
    state.found.push({ index: at, problem });
    say(`${at}: ${problem.split('\n', 1)[0]}`);
  }
  if (counts !== undefined) state.counts = counts;
}

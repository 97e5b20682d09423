// A program and whatever it starts: how long, how much processor time, how much memory all of it together held at once.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

export interface Measurement {
  readonly seconds: number;
  /** Of all of them, in user mode and in the system. */
  readonly cpuSeconds: number;
  /** Most at once, of all of them; undefined where no `/proc` says it. */
  readonly peakMegabytes: number | undefined;
}

const EVERY_MS = 100;
/** The shell tells what its children took, in POSIX words: `0m1.23s 0m0.45s` on the second line. */
const TIMED = '"$@"; code=$?; times >&3; exit $code';

/** Runs this Node with arguments. Throws when the program fails. */
export async function measureNode(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Measurement> {
  const start = performance.now();
  const child = spawn('sh', ['-c', TIMED, 'sh', process.execPath, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  let times = '';
  child.stdio[3]?.on('data', (part: Buffer) => {
    times += String(part);
  });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(child.pid ?? 0));
  }, EVERY_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new TypeError(`${args.join(' ')} ended with ${code}`);
  return {
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: readTimes(times),
    peakMegabytes: peak === 0 ? undefined : peak / 1e6,
  };
}

function readTimes(times: string): number {
  const spent = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (spent.length !== 2) throw new TypeError(`times said ${JSON.stringify(times)}`);
  return spent.reduce((total, [, minutes, seconds]) => total + 60 * Number(minutes) + Number(seconds), 0);
}

const PAGE_BYTES = 4096;

/** Of a process and all below it, as the kernel counts; pages that two of them share count twice. */
function residentBytes(root: number): number {
  const children = new Map<number, number[]>();
  for (const [pid, parent] of processes()) children.set(parent, [...(children.get(parent) ?? []), pid]);
  let total = 0;
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    total += Number(read(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0) * PAGE_BYTES;
    open.push(...(children.get(pid) ?? []));
  }
  return total;
}

function processes(): (readonly [number, number])[] {
  const pids = listed('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    // The name in brackets may hold anything; the parent comes two words after it.
    const parent = /\) \S (\d+)/.exec(read(`/proc/${pid}/stat`) ?? '')?.[1];
    return parent === undefined ? [] : [[Number(pid), Number(parent)] as const];
  });
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A process may end between two looks. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

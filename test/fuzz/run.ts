// npm run fuzz -- --runs N [--seed S] [--dir FOLDER]: spoils files and holds the reader, the meter, the review and its
// renderings to what must be true of any bytes. Same seed and same files, same inputs. What fails is made small and saved
// under .plugmark/fuzz. Exit 1 when anything was found, 2 for wrong use.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { minimise } from './minimise.ts';
import { inputOf, kindOf, runOne } from './run-one.ts';
import { seedFiles } from './seeds.ts';
import { type Found, type Range, runRange } from './watchdog.ts';

const SAVED = fileURLToPath(new URL('../../.plugmark/fuzz', import.meta.url));
/** Of one kind of fault a few examples say it all. */
const SAVED_OF_A_KIND = 3;
/** A fault that ends the process cannot be tried again in this one. */
const DEADLY: readonly string[] = ['hang', 'crash', 'memory'];

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function rangeOf(argv: readonly string[]): Range | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        runs: { type: 'string' },
        seed: { type: 'string' },
        from: { type: 'string' },
        dir: { type: 'string' },
      },
    });
    const [runs, seed, from] = [values.runs, values.seed ?? '1', values.from ?? '0'].map(Number);
    if (![runs, seed, from].every((value) => Number.isSafeInteger(value) && Number(value) >= 0)) return undefined;
    const folder = values.dir === undefined ? undefined : resolve(values.dir);
    return { seed: Number(seed), from: Number(from), to: Number(from) + Number(runs), folder };
  } catch {
    return undefined;
  }
}

async function save({ seed, folder }: Range, found: readonly Found[]): Promise<void> {
  mkdirSync(SAVED, { recursive: true });
  const seeds = seedFiles(folder);
  const saved = new Map<string, number>();
  for (const { index, problem } of found) {
    const kind = kindOf(problem);
    saved.set(kind, (saved.get(kind) ?? 0) + 1);
    if ((saved.get(kind) ?? 0) > SAVED_OF_A_KIND) continue;
    const whole = inputOf(seeds, seed, index);
    const same = async (bytes: Uint8Array<ArrayBuffer>): Promise<boolean> =>
      kindOf((await runOne(bytes, index)).problem ?? '') === kind;
    const small = DEADLY.includes(kind) ? whole : await minimise(whole, same);
    const stem = join(SAVED, `${kind}-${seed}-${index}`);
    writeFileSync(`${stem}.wasm`, small);
    writeFileSync(
      `${stem}.txt`,
      `seed ${seed}, input ${index}, ${whole.length} bytes made ${small.length}\n${problem}\n`,
    );
    say(`saved ${stem}.wasm (${small.length} bytes): ${problem.split('\n', 1)[0]}`);
  }
}

async function run(range: Range): Promise<number> {
  const { found, run: runs, readable, accepted } = await runRange(range, say);
  if (found.length > 0) await save(range, found);
  const faults: Record<string, number> = {};
  for (const { problem } of found) faults[kindOf(problem)] = (faults[kindOf(problem)] ?? 0) + 1;
  process.stdout.write(`${JSON.stringify({ seed: range.seed, runs, readable, accepted, faults })}\n`);
  return found.length === 0 ? 0 : 1;
}

const range = rangeOf(process.argv.slice(2));
if (range === undefined) {
  say('usage: npm run fuzz -- --runs N [--seed S] [--from INDEX] [--dir FOLDER]');
  process.exitCode = 2;
} else {
  process.exitCode = await run(range);
}

// Runs inputs FROM to TO and says on file descriptor 3 what it is at, before it begins: when it hangs or dies, the parent
// knows with which. Arguments: SEED FROM TO FOLDER (empty for none).
import { writeSync } from 'node:fs';
import { inputOf, runOne } from './run-one.ts';
import { seedFiles } from './seeds.ts';

const MAX_RSS_BYTES = 1_000_000_000;
const REPORTS = 3;

const [seed = '', from = '', to = '', folder = ''] = process.argv.slice(2);
const seeds = seedFiles(folder === '' ? undefined : folder);
const say = (what: object): void => void writeSync(REPORTS, `${JSON.stringify(what)}\n`);

const counts = { run: 0, readable: 0, accepted: 0 };
for (let index = Number(from); index < Number(to); index++) {
  say({ at: index });
  const { problem, readable, accepted } = await runOne(inputOf(seeds, Number(seed), index), index);
  counts.run += 1;
  if (readable) counts.readable += 1;
  if (accepted) counts.accepted += 1;
  if (problem !== undefined) say({ at: index, problem });
  if (index % 256 === 0 && process.memoryUsage.rss() > MAX_RSS_BYTES)
    say({ at: index, problem: 'memory: more than 1 GB' });
}
say({ counts });

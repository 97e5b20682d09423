// `node test/client-vectors/mutate.ts [FILE-PATTERN]`: every mutant and the case that finds it, survivors last.
import { nameOf } from './mutants.ts';
import { allMutants, openMutationRun } from './mutation-run.ts';

const pattern = new RegExp(process.argv[2] ?? '');
const mutants = allMutants().filter(({ file }) => pattern.test(file));
const run = openMutationRun();
const survivors: string[] = [];
for (const mutant of mutants) {
  const { by } = await run.put(mutant);
  process.stdout.write(`${by ?? 'SURVIVES'} | ${nameOf(mutant)}\n`);
  if (by === undefined) survivors.push(nameOf(mutant));
}
process.stdout.write(`${mutants.length - survivors.length} of ${mutants.length} found\n`);
await run.close();

// `npm run vectors:mutants -- [PATTERN]`: the mutants whose file, line or text the pattern matches, and the case that finds each.
import { nameOf } from './mutants.ts';
import { allMutants, openMutationRun } from './mutation-run.ts';

const pattern = new RegExp(process.argv[2] ?? '');
const mutants = allMutants().filter((mutant) => pattern.test(nameOf(mutant)));
const run = openMutationRun();
const survivors: string[] = [];
for (const mutant of mutants) {
  const { by } = await run.put(mutant);
  process.stdout.write(`${by ?? 'SURVIVES'} | ${nameOf(mutant)}\n`);
  if (by === undefined) survivors.push(nameOf(mutant));
}
process.stdout.write(`${mutants.length - survivors.length} of ${mutants.length} found\n`);
await run.close();

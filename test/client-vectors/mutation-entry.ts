// What a mutant is bundled with: the cases, asked until one tells it from a right client.
import type { ClientCaseFile, Trees } from '../conformance/client-case.ts';
import { runInProcess } from './in-process.ts';

export async function killer(cases: readonly ClientCaseFile[], trees: Trees): Promise<string | undefined> {
  for (const one of cases) {
    // Whatever a broken client throws tells it apart too.
    const { outcome } = await runInProcess(one, trees).catch(() => ({ outcome: 'fail' }));
    if (outcome !== 'pass') return one.name;
  }
  return undefined;
}

// What a mutant is bundled with: the cases, asked until one tells it from a right client.
import type { ClientCaseFile, Trees } from '../conformance/client-case.ts';
import { runInProcess } from './in-process.ts';

/** `onCase` is told before each case, so that a mutant that never ends can be told from a slow machine. */
export async function killer(
  cases: readonly ClientCaseFile[],
  trees: Trees,
  onCase: () => void,
): Promise<string | undefined> {
  for (const one of cases) {
    onCase();
    // Whatever a broken client throws tells it apart too.
    const { outcome } = await runInProcess(one, trees).catch(() => ({ outcome: 'fail' }));
    if (outcome !== 'pass') return one.name;
  }
  return undefined;
}

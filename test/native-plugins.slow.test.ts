// Every example plugin in Rust and C compiled anew, also in a copy of the sources elsewhere, and compared byte for byte.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileNative, compilerProblem, NATIVE_PLUGINS, nativeFile } from './testkit/native-plugins.ts';

const problems = await Promise.all(NATIVE_PLUGINS.map(compilerProblem));
const cases = NATIVE_PLUGINS.map((native, i) => ({ native, problem: problems[i] }));

test.for(cases)('$native.folder', { timeout: 900_000 }, async ({ native, problem }, { skip }) => {
  if (problem !== undefined) skip(problem);
  const committed = await readFile(nativeFile(native));
  expect(Buffer.from(await compileNative(native)).equals(committed)).toBe(true);
  const elsewhere = await mkdtemp(join(tmpdir(), 'plugmark-elsewhere-'));
  try {
    await cp(fileURLToPath(new URL('./plugins', import.meta.url)), elsewhere, { recursive: true });
    expect(Buffer.from(await compileNative(native, elsewhere)).equals(committed)).toBe(true);
  } finally {
    await rm(elsewhere, { recursive: true, force: true });
  }
});

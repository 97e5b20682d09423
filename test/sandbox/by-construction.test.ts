// `by-construction` is a promise made without running anything, so runs must never break it: what differs is never called so, and what
// is called so does not differ. In the normal suite over the hostile cases and the honest plugins.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstDifference, reviewRelease } from '@plugmark/analysis';
import { DETERMINISM_CONFIGURATIONS } from '@plugmark/sandbox';
import type { HostProfile } from '@plugmark/schemas';
import { satisfies } from 'semver';
import { describe, expect, test } from 'vitest';
import { assemble } from '../analysis/assemble.ts';
import { HONEST } from '../honest/build.ts';
import { HONEST_CALLS } from '../honest/calls.ts';
import { TEST_POLICY } from '../testkit/policy.ts';
import { runInSandbox } from '../testkit/run-in-sandbox.ts';
import { DIFFERING_CASES } from './hostile/cases.ts';
import { registryHost, sandboxHost } from './sandbox-host.ts';

async function wordOf(bytes: Uint8Array, profile: HostProfile): Promise<string> {
  const ports = { artifact: async () => bytes, satisfies, now: new Date('2026-06-01T00:00:00Z') };
  const report = await reviewRelease({ host: profile.host, profile, policy: TEST_POLICY }, ports);
  return report.determinism.word;
}

describe('what differs in a run is never called by-construction', () => {
  const differing = DIFFERING_CASES.filter(({ differs }) => differs.includes(true));
  test.each(differing)('$name', async ({ wat }) => {
    expect(await wordOf(assemble(wat), sandboxHost())).toBe('untested');
  });
  test('three ways to differ are tried', () => expect(differing).toHaveLength(3));
});

describe('what is called by-construction does not differ in any configuration', () => {
  const seen: string[] = [];
  test.each(HONEST_CALLS)('$folder', async ({ folder, vector }) => {
    const bytes = new Uint8Array(readFileSync(join(HONEST, folder, 'plugin.wasm')));
    const word = await wordOf(bytes, registryHost(vector.host));
    seen.push(word);
    if (word !== 'by-construction') return expect(word).toBe('untested');
    const { runs, engines } = await runInSandbox(bytes, [vector], DETERMINISM_CONFIGURATIONS);
    expect(runs).toHaveLength(DETERMINISM_CONFIGURATIONS.length);
    expect(firstDifference(runs, engines)).toBeUndefined();
  });
  test('there are some', () => expect(seen).toContain('by-construction'));
});

// `plugmark check FOLDER` says before signing what the registry will record after: the report differs in three places, which are
// listed here and nowhere else.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnalysisReport, canonicalJson, PackageDocument, parseJson } from '@plugmark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../tools/cli/src/main.ts';
import { captured, FIXTURES, makeBase } from './fixtures.ts';

let base: string;
let folder: string;

beforeAll(async () => {
  base = await makeBase();
  folder = await mkdtemp(join(tmpdir(), 'plugmark-check-'));
  for (const name of ['velocity-curve', 'spectral-entropy']) await FIXTURES[name]?.(base, folder);
});

afterAll(async () => {
  for (const made of [base, folder]) await rm(made, { recursive: true, force: true });
});

async function recorded(plugin: string, version: string): Promise<{ report: AnalysisReport; text: string }> {
  const path = `tree/v1/plugins/plugmark-examples/${plugin}.json`;
  const document = parseJson(PackageDocument, new Uint8Array(await readFile(join(base, path))), path);
  const release = document.releases.find((candidate) => candidate.release.version === version);
  const digest = release?.attestations.analyses[0]?.sha256 ?? '';
  const text = await readFile(join(base, `tree/attestations/${digest}.json`), 'utf8');
  return { report: parseJson(AnalysisReport, new TextEncoder().encode(text), digest), text };
}

test.each([
  ['velocity-curve', '1.0.0'],
  ['spectral-entropy', '1.0.0'],
])('%s %s: same verdict, and the same bytes but for signature and policy', async (plugin, version) => {
  const { io, out } = captured(folder);
  expect(await main(['check', plugin, '--json', '--registry', join(base, 'registry')], io)).toBe(0);
  const mine = parseJson(AnalysisReport, new TextEncoder().encode(out()), 'check');
  const { report, text } = await recorded(plugin, version);
  expect(mine.verdict).toBe(report.verdict);
  const differing = mine.outcomes.filter((outcome, i) => canonicalJson(outcome) !== canonicalJson(report.outcomes[i]));
  expect(differing.map(({ check, outcome, reason }) => [check, outcome, reason])).toEqual([
    ['publisher-signature', 'notApplicable', 'not signed yet: plugmark sign makes the mark'],
  ]);
  // The development registry signs a policy without waiting times; a real one signs policy.json as it is.
  const same = {
    ...mine,
    policySha256: report.policySha256,
    outcomes: mine.outcomes.map((outcome, i) =>
      outcome.check === 'publisher-signature' ? report.outcomes[i] : outcome,
    ),
  };
  expect(canonicalJson(same)).toBe(text);
});

test('the JSON of check has what scripts read', async () => {
  const { io, out } = captured(folder);
  await main(['check', 'spectral-entropy', '--json'], io);
  const report = JSON.parse(out()) as Record<string, object>;
  expect(Object.keys(report)).toEqual(expect.arrayContaining(['verdict', 'outcomes', 'facts', 'capabilities']));
  expect(Object.keys(report['capabilities'] ?? {})).toEqual(
    expect.arrayContaining(['declared', 'derived', 'runtime', 'undeclared', 'unused', 'unbounded']),
  );
});

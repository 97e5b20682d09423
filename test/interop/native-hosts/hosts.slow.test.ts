// Hosts in Python and Rust: every vector of the client specification, and every plugin of the built registry verified and run in wasmtime
// with the fuel that the registry's reports name. What they cannot do stands in their limits.json, exactly.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCase, readIndex, runClientVectors } from '../../conformance/client-vectors.ts';
import { serveTree } from '../../testkit/registry-server.ts';
import { builtRegistry, newestRoot, type ReportedRelease, reportedReleases } from './built-registry.ts';
import { type Limits, outcomeOf, readLimits } from './host-limits.ts';
import { type HostResult, recorded } from './interop-results.ts';
import { type NativeHost, prepareHosts, run } from './native-host.ts';

const HOUR = 3_600_000;
const hosts = await prepareHosts();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-native-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

for (const host of hosts) {
  const problem = 'problem' in host ? host.problem : undefined;
  if (problem !== undefined) process.stderr.write(`host in ${host.name} skipped: ${problem}\n`);
  describe.skipIf(problem)(problem === undefined ? host.name : `${host.name}: ${problem}`, () => {
    if ('problem' in host) return;
    const limits = readLimits(host.name);
    const seen: Pick<HostResult, 'libraries'> & Partial<HostResult> = { libraries: host.libraries };

    test('the vectors of the specification', { timeout: HOUR }, async () => {
      seen.groups = await vectorGroups(host, limits);
    });

    test('the plugins of the built registry', { timeout: HOUR }, async () => {
      seen.plugins = await pluginRows(host, limits);
      // One real plugin at least goes all the way, whatever a list says.
      expect(seen.plugins.some(({ calls, sameFuel }) => calls > 0 && calls === sameFuel)).toBe(true);
    });

    test('is what the tables of the documentation are made from', () => {
      expect(seen).toEqual(recorded('hosts', host.name, seen as HostResult));
    });
  });
}

async function vectorGroups({ client }: NativeHost, limits: Limits): Promise<HostResult['groups']> {
  const { cases } = readIndex();
  const groupOf = new Map(cases.map(({ name, group }) => [name, group]));
  const results = await runClientVectors({ command: client });
  const listed = new Map(limits.vectors.flatMap(({ outcome, names }) => names.map((name) => [name, outcome] as const)));
  const groups: HostResult['groups'] = {};
  const unlisted: string[] = [];
  for (const result of results) {
    const { steps } = readCase(result.name);
    const outcome = outcomeOf(result, (step) => 'code' in (steps[step]?.expect ?? {}));
    if (outcome !== (listed.get(result.name) ?? 'pass'))
      unlisted.push(`${outcome} ${result.name} ${result.detail ?? ''}`);
    groups[groupOf.get(result.name) ?? ''] ??= { pass: 0, otherCode: 0, refusesHonest: 0, unsupported: 0 };
    const counts = groups[groupOf.get(result.name) ?? ''];
    if (counts !== undefined && outcome !== 'wrong') counts[outcome] += 1;
  }
  expect(unlisted).toEqual([]);
  expect([...listed.keys()].filter((name) => !groupOf.has(name))).toEqual([]);
  return groups;
}

interface Ran {
  readonly installed: {
    readonly tier: string;
    readonly publisher: { readonly state: string };
    readonly registry: { readonly state: string };
  };
  readonly notRun?: string;
  readonly runs: readonly {
    readonly vector: string;
    readonly calls: readonly { readonly fuel: number; readonly output: unknown }[];
  }[];
}

async function pluginRows(host: NativeHost, limits: Limits): Promise<HostResult['plugins']> {
  const tree = await builtRegistry();
  const server = await serveTree(tree);
  const rows: HostResult['plugins'] = [];
  const different: string[] = [];
  try {
    for (const release of await reportedReleases(tree)) {
      const request = ['--plugin', `${release.plugin}@${release.version}`, '--host', release.host];
      const state = join(folder, host.name, release.plugin.replace('/', '-'), release.version);
      const options = ['--registry', server.url, '--root', await newestRoot(), '--state', state, ...request];
      const [command = '', ...words] = host.host;
      const { stdout } = await run(command, [...words, ...options]);
      const { row, vectors } = compare(release, JSON.parse(stdout) as Ran);
      rows.push(row);
      different.push(...vectors.map((vector) => `${release.plugin} ${vector}`));
    }
  } finally {
    await server.close();
  }
  expect(different).toEqual(limits.fuel.map(({ plugin, vector }) => `${plugin} ${vector}`));
  return rows;
}

/** Against the report: the same output in every call, and the vectors in which any call's fuel differs. */
function compare(
  release: ReportedRelease,
  { installed, notRun, runs }: Ran,
): { row: HostResult['plugins'][number]; vectors: string[] } {
  const { plugin, version, host } = release;
  const marks = { tier: installed.tier, publisher: installed.publisher.state, registry: installed.registry.state };
  const counts = { vectors: runs.length, calls: 0, sameOutput: 0, sameFuel: 0 };
  const vectors: string[] = [];
  for (const { vector, calls } of runs) {
    const reported = release.runs.get(vector);
    expect([plugin, vector, calls.length]).toEqual([plugin, vector, reported?.length]);
    const same = calls.map(({ fuel }, at) => fuel === reported?.[at]?.fuel);
    counts.calls += calls.length;
    counts.sameFuel += same.filter(Boolean).length;
    counts.sameOutput += calls.filter(({ output }, at) => isDeepStrictEqual(output, reported?.[at]?.output)).length;
    if (same.includes(false)) vectors.push(vector);
  }
  expect([plugin, counts.sameOutput]).toEqual([plugin, counts.calls]);
  return { row: { plugin, version, host, ...marks, ...counts, ...(notRun === undefined ? {} : { notRun }) }, vectors };
}

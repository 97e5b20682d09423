// Run reports on their way into the registry: which count, when the ledger's are used again, and what it takes for an observed level.
import { runsAgree } from '@plugmark/analysis';
import { jsonFile, type ReleaseSource, sha256 } from '@plugmark/publish';
import { canonicalBytes, parse, RunReport } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { type RunCase, submittedRunOf, vectorsOf } from '../analysis/run-vector-cases.ts';
import { CORE_HOST } from '../testkit/host-profile.ts';
import { type Built, build, codeOf, digests, HOUR, jsonOf, later, releaseOf } from '../testkit/office.ts';
import { addRelease, honestModule, type SmallRegistry, smallRegistry } from '../testkit/registry-folder.ts';

const HONEST: RunCase = { vectors: [{ vector: { expect: [{ payload: { json: 7 } }] }, seen: [{}, {}, {}] }] };
const OBSERVED = 'PLUGMARK_OBSERVED_DETERMINISTIC';

/** The small registry with acme/thing 1.2.0, which has the vectors of the case. */
async function registryWith(run: RunCase): Promise<SmallRegistry> {
  const registry = await smallRegistry();
  const vectors = vectorsOf(run, 'bench').map((vector) => ({ name: vector.name, bytes: canonicalBytes(vector) }));
  await addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', bytes: honestModule(9).build(), vectors });
  return registry;
}

async function reportOf({ release, manifestSha256 }: ReleaseSource, run: RunCase): Promise<RunReport> {
  const submitted = await submittedRunOf(run, {
    host: 'bench',
    profile: CORE_HOST,
    artifactSha256: release.artifact.sha256,
    size: release.artifact.size,
    manifestSha256,
    sha256: async (bytes) => sha256(bytes),
  });
  return submitted.report;
}

/** What is each machine's own. */
const timesOf = ({ runs }: RunReport, machine: number): Pick<RunReport, 'runs'> => ({
  runs: runs.map((run) => ({ ...run, startMilliseconds: run.startMilliseconds + machine })),
});

/** A build in which each machine offers the run of one case for 1.2.0. `copied`: with the same times, as no two machines have them. */
async function buildWith(
  registry: SmallRegistry,
  machines: readonly RunCase[],
  previous?: Built,
  copied = false,
): Promise<Built> {
  const sources: ReleaseSource[] = [];
  // What a release's manifest is comes out of the source, so the first build only looks.
  await build(registry, {
    runs: (source) => {
      if (source.release.version === '1.2.0') sources.push(source);
      return [];
    },
  });
  const [source] = sources;
  if (source === undefined) throw new TypeError('1.2.0 is not there');
  const reports = await Promise.all(machines.map((run) => reportOf(source, run)));
  const files = reports.map((report, machine) =>
    jsonFile(copied ? report : { ...report, ...timesOf(report, machine) }),
  );
  return build(registry, {
    previous,
    ...(previous === undefined ? {} : { offline: previous.offline, now: later(HOUR) }),
    runs: ({ release }) => (release.version === '1.2.0' ? files : []),
  });
}

const entryOf = (built: Built) => releaseOf(built, 'acme/thing', '1.2.0');

test('a run gives the word, the figures of each vector and a file that the co-signature names', async () => {
  const built = await buildWith(await registryWith(HONEST), [HONEST]);
  const release = entryOf(built);
  expect(release?.analysis[0]).toMatchObject({
    determinism: { word: 'by-construction', inputs: 1, runs: 3 },
    budgetShare: 120,
  });
  const [run] = release?.attestations.runs ?? [];
  expect(jsonOf(built.tree, `attestations/${run?.sha256}.json`)).toMatchObject({ host: { id: 'bench' } });
  const bundle = jsonOf(built.tree, `attestations/${release?.attestations.registry?.sha256}.json`);
  const { predicate } = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString());
  expect(predicate.inputAttestations.at(-1)).toEqual({ uri: 'run-bench-1.json', digest: { sha256: run?.sha256 } });
  expect(release?.levels).not.toContain(OBSERVED);
});

test('without a run the vectors are undecided and nothing is claimed, and the release is listed', async () => {
  const built = await build(await registryWith(HONEST));
  expect(entryOf(built)?.analysis[0]).toMatchObject({
    verdict: 'pass',
    determinism: { word: 'by-construction', inputs: 0, runs: 0 },
  });
  expect(entryOf(built)?.attestations.runs).toEqual([]);
});

describe('the observed level', () => {
  test('two machines that saw the same', async () => {
    const built = await buildWith(await registryWith(HONEST), [HONEST, HONEST]);
    expect(entryOf(built)?.levels).toContain(OBSERVED);
    expect(entryOf(built)?.attestations.runs).toHaveLength(2);
  });

  const others: [string, RunCase][] = [
    ['another output', seen({ calls: [{ output: 8, outputSha256: 'b'.repeat(64) }], outputSha256: 'b'.repeat(64) })],
    ['other fuel', seen({ calls: [{ fuel: 13 }], fuel: 13 })],
    ['another memory', seen({ memorySha256: 'b'.repeat(64) })],
    ['another host call', seen({ hostCallLogSha256: 'b'.repeat(64) })],
    ['a run less', { vectors: [{ ...HONEST.vectors[0], seen: [{}, {}] }] }],
  ];
  test.each(others)('is not claimed when the second machine saw %s', async (_, other) => {
    const built = await buildWith(await registryWith(HONEST), [HONEST, other]);
    expect(entryOf(built)?.levels).not.toContain(OBSERVED);
    expect(entryOf(built)?.levels.length).toBeGreaterThan(0);
  });

  test.each(['trap', 'timeout', 'crash', 'linkError', 'outOfFuel'])(
    'is not claimed when both end with %s',
    async (ending) => {
      const ended = seen({ ending, calls: [{ ending, output: null, outputSha256: null }], outputSha256: null });
      const built = await buildWith(await registryWith(HONEST), [ended, ended]);
      expect(entryOf(built)?.levels ?? []).not.toContain(OBSERVED);
    },
  );

  test('is not claimed when both differ in the same way from one configuration to the other', async () => {
    const split: RunCase = { vectors: [{ ...HONEST.vectors[0], seen: [{}, {}, { calls: [{ fuel: 13 }], fuel: 13 }] }] };
    const built = await buildWith(await registryWith(HONEST), [split, split]);
    expect(entryOf(built)?.levels ?? []).not.toContain(OBSERVED);
  });

  test('is not claimed for one report that was handed in twice', async () => {
    const built = await buildWith(await registryWith(HONEST), [HONEST, HONEST], undefined, true);
    expect(entryOf(built)?.levels).not.toContain(OBSERVED);
    expect(entryOf(built)?.attestations.runs).toHaveLength(1);
  });

  test.each([
    ['both have', true],
    ['only the first has', false],
  ])('and a layer that policy requires: %s it', async (_, held) => {
    const registry = await registryWith(HONEST);
    const policy = jsonOf(registry.files, 'policy.json');
    registry.files.set('policy.json', jsonFile({ ...policy, sandbox: { requiredLayers: ['container'] } }));
    const within = (active: boolean): RunCase => ({ ...HONEST, layers: [{ layer: 'container', active }] });
    const built = await buildWith(registry, [within(true), within(held)]);
    expect(entryOf(built)?.levels.includes(OBSERVED)).toBe(held);
  });

  test('is not claimed where policy requires a layer that was missing', async () => {
    const registry = await registryWith(HONEST);
    const policy = jsonOf(registry.files, 'policy.json');
    registry.files.set('policy.json', jsonFile({ ...policy, sandbox: { requiredLayers: ['container'] } }));
    const built = await buildWith(registry, [HONEST, HONEST]);
    expect(entryOf(built)?.levels).not.toContain(OBSERVED);
  });
});

/** Three runs of one vector, all as said. */
function seen(run: RunCase['vectors'][number]['seen'][number]): RunCase {
  return { vectors: [{ ...HONEST.vectors[0], seen: [run, run, run] }] };
}

test('the ledger’s run is used again, whether a new one is offered or none, and the bytes stay the same', async () => {
  const registry = await registryWith(HONEST);
  const first = await buildWith(registry, [HONEST]);
  const slower = seen({ startMilliseconds: 99 });
  const offered = await buildWith(registry, [slower], first);
  const alone = await build(registry, { previous: first, offline: first.offline, now: later(HOUR) });
  expect(digests(offered.tree)).toEqual(digests(first.tree));
  expect(digests(alone.tree)).toEqual(digests(first.tree));
});

test('a second machine’s run makes the release be judged and marked anew', async () => {
  const registry = await registryWith(HONEST);
  const first = await buildWith(registry, [HONEST]);
  const second = await buildWith(registry, [HONEST, HONEST], first);
  expect(entryOf(second)?.levels).toContain(OBSERVED);
});

test('a run of another release under this one’s name stops the build', async () => {
  const registry = await registryWith(HONEST);
  const foreign = jsonFile(
    await reportOf(
      { release: { artifact: { sha256: 'c'.repeat(64), size: 1 } }, manifestSha256: 'd'.repeat(64) } as ReleaseSource,
      HONEST,
    ),
  );
  expect(await codeOf(() => build(registry, { runs: () => [foreign] }))).toBe('RUN_FOREIGN');
});

test('agreement looks at configurations by name, not at their order or the engine’s version', async () => {
  const registry = await registryWith(HONEST);
  let found: ReleaseSource | undefined;
  await build(registry, {
    runs: (source) => {
      found = source;
      return [];
    },
  });
  const report = await reportOf(found as ReleaseSource, HONEST);
  const turned = parse(
    RunReport,
    {
      ...report,
      engines: report.engines.map((engine) => ({ ...engine, version: '14.0' })).reverse(),
      runs: report.runs.map((run) => ({ ...run, engine: 2 - run.engine })),
    },
    'run',
  );
  expect(runsAgree(report, turned)).toBe(true);
});

describe('a machine with a second engine', () => {
  const SECOND = { name: 'JavaScriptCore', version: 'Bun 1.4.4', configuration: 'tiering as Bun has it' };

  async function reportsOf(): Promise<{ alone: RunReport; both: (change?: object) => RunReport }> {
    let found: ReleaseSource | undefined;
    await build(await registryWith(HONEST), {
      runs: (source) => {
        found = source;
        return [];
      },
    });
    const alone = await reportOf(found as ReleaseSource, HONEST);
    const both = (change: object = {}): RunReport =>
      parse(
        RunReport,
        {
          ...alone,
          engines: [...alone.engines, SECOND],
          runs: [...alone.runs, { ...alone.runs[0], engine: alone.engines.length, ...change }],
        },
        'run',
      );
    return { alone, both };
  }

  test('agrees with one without on what both ran, both ways', async () => {
    const { alone, both } = await reportsOf();
    expect([runsAgree(alone, both()), runsAgree(both(), alone), runsAgree(both(), both())]).toEqual([true, true, true]);
  });

  test.each([
    ['the second engine saw other fuel', { fuel: 99 }],
    ['the second engine saw another memory', { memorySha256: 'b'.repeat(64) }],
    ['the second engine ran something that nobody else did', { vector: 'another' }],
  ])('agrees with nobody when %s', async (_, change) => {
    const { alone, both } = await reportsOf();
    expect([runsAgree(alone, both(change)), runsAgree(both(change), alone), runsAgree(both(), both(change))]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('agrees with none that lacks a configuration of an engine both have, or has nothing in common', async () => {
    const { alone, both } = await reportsOf();
    const fewer = { ...alone, engines: alone.engines.slice(0, 2), runs: alone.runs.filter(({ engine }) => engine < 2) };
    const other = { ...alone, engines: alone.engines.map((engine) => ({ ...engine, name: 'JavaScriptCore' })) };
    const empty = { ...alone, engines: [], runs: [] };
    for (const report of [fewer, other, empty])
      expect([runsAgree(both(), report), runsAgree(report, alone)]).toEqual([false, false]);
    expect(runsAgree(empty, empty)).toBe(false);
  });

  test('is analysed first, and replaces a ledger’s run without it once; the bytes then stay', async () => {
    const registry = await registryWith(HONEST);
    const [vector] = HONEST.vectors;
    const withSecond: RunCase = { vectors: [{ ...vector, seen: [...(vector?.seen ?? []), {}] }], second: true };
    const first = await buildWith(registry, [HONEST]);
    const second = await buildWith(registry, [withSecond], first);
    expect(entryOf(first)?.analysis[0]?.determinism.engines).toEqual([{ name: 'V8', configurations: 3 }]);
    const engines = [
      { name: 'V8', configurations: 3 },
      { name: 'JavaScriptCore', configurations: 1 },
    ];
    expect(entryOf(second)?.analysis[0]?.determinism).toMatchObject({ inputs: 1, runs: 4, engines });
    const third = await buildWith(registry, [HONEST], second);
    expect(entryOf(third)?.analysis).toEqual(entryOf(second)?.analysis);
    const two = await buildWith(registry, [HONEST, withSecond]);
    expect(entryOf(two)?.analysis[0]?.determinism).toMatchObject({ runs: 4, engines });
    expect(entryOf(two)?.levels).toContain(OBSERVED);
  });
});

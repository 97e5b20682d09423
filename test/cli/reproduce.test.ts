// What a citation names, run again: every form that a page gives is understood, every way in which a run can differ is told apart, and a
// revoked release is looked into without anything being given to it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalBytes, parse, parseJson, ReproduceResult, Vector, type VectorRun } from '@plugmark/schemas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { citation, citationFile } from '../../site/src/data/citation.ts';
import { compareReproduction, outcomeOf } from '../../tools/cli/src/compare-reproduction.ts';
import { main } from '../../tools/cli/src/main.ts';
import { parseCitation } from '../../tools/cli/src/parse-citation.ts';
import { sampleDocument, sampleRelease } from '../site/sample-release.ts';
import { CONDUCTOR, hostModule, hostRegistry, REVOKED, setStatus } from '../testkit/host-plugins.ts';
import { build, NOW, rootOf } from '../testkit/office.ts';
import { addRelease } from '../testkit/registry-folder.ts';
import { type RegistryServer, serveTree } from '../testkit/registry-server.ts';
import { captured } from './fixtures.ts';

const DIGEST = 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c';

describe('a citation', () => {
  const release = sampleRelease();
  const document = sampleDocument([release]);
  const { sha256 } = release.release.artifact;
  const { plugin, version } = release.release;
  const { text, bibtex } = citation(document, release, 'https://plugmark.example/');
  test.each([
    ['of the page', text, { sha256, plugin, version }],
    [
      'of the page, broken by a PDF',
      text.replace(sha256, `${sha256.slice(0, 40)}\n${sha256.slice(40)}`),
      { sha256, plugin, version },
    ],
    ['in BibTeX', bibtex, { sha256, version }],
    ['as CITATION.cff', citationFile(document, release, 'https://plugmark.example/'), { sha256, version }],
    ['in short', `${plugin}@${version} sha256:${sha256}`, { sha256, plugin, version }],
    ['by the digest alone', sha256.toUpperCase(), { sha256 }],
  ])('%s', (_, cited, expected) => {
    expect(parseCitation(cited)).toMatchObject(expected);
  });

  test.each([
    ['without a digest', 'acme/thing 1.0.0'],
    ['with half a digest', `sha256:${DIGEST.slice(0, 63)}`],
    ['with more than a digest', `sha256:${DIGEST}0`],
    ['of two plugins', `${DIGEST} and sha256:${'0'.repeat(64)}`],
    ['that is empty', ''],
    ['that is a whole bibliography', `sha256:${DIGEST} ${'a-'.repeat(50_000)}`],
  ])('%s is refused', (_, cited) => {
    expect(() => parseCitation(cited)).toThrow(expect.objectContaining({ code: 'CITATION_INVALID' }));
  });
});

const YANKED = {
  state: 'yanked',
  since: '2026-06-01T00:00:00Z',
  reasonCode: 'broken',
  reason: 'It gives wrong results.',
} as const;

const VECTOR = parse(
  Vector,
  {
    schemaVersion: 1,
    name: 'one',
    title: 'One call',
    host: 'conductor',
    calls: [{ entry: 'execute', input: { json: {} } }],
    grants: [],
    expect: [{ payload: { json: 7 }, tolerance: 0.5 }],
    fuel: [12],
  },
  'test',
);
const ENGINES = [
  { name: 'V8', version: '1', configuration: 'Liftoff' },
  { name: 'V8', version: '1', configuration: 'TurboFan' },
];
const run = (change: Partial<VectorRun> = {}, call: Partial<VectorRun['calls'][number]> = {}): VectorRun => ({
  vector: 'one',
  engine: 0,
  ending: 'ok',
  calls: [
    {
      entry: 'execute',
      ending: 'ok',
      output: 7,
      outputSha256: DIGEST,
      fuel: 12,
      hostCalls: 0,
      milliseconds: 1,
      ...call,
    },
  ],
  outputSha256: DIGEST,
  memorySha256: DIGEST,
  hostCalls: 0,
  hostCallLog: [],
  fuel: 12,
  peakMemoryBytes: 65_536,
  startMilliseconds: 1,
  callMilliseconds: [1],
  ...change,
});
const REPORTED = {
  name: 'one',
  sha256: DIGEST,
  ending: 'ok',
  outputSha256: DIGEST,
  fuel: 12,
  peakMemoryBytes: 1,
  hostCalls: 0,
} as const;
const BARE = { ...VECTOR, expect: undefined, fuel: undefined } as Vector;

describe('a run', () => {
  const compare = (change: Partial<Parameters<typeof compareReproduction>[0]> = {}) =>
    compareReproduction({
      vector: VECTOR,
      sha256: DIGEST,
      runs: [run(), run({ engine: 1 })],
      engines: ENGINES,
      reported: REPORTED,
      withheld: false,
      ...change,
    });

  test.each([
    ['the same in everything', {}, 'pass'],
    ['within the stated tolerance', { runs: [run({}, { output: 7.4 })] }, 'pass'],
    ['only the report to go by', { vector: BARE }, 'pass'],
    ['nothing to go by', { vector: BARE, reported: undefined }, 'inconclusive'],
    ['not made', { runs: [] }, 'inconclusive'],
    ['killed by this machine', { runs: [run({ ending: 'timeout', detail: 'SIGKILL' })] }, 'inconclusive'],
    ['with another output', { runs: [run({}, { output: 8 })] }, 'fail'],
    [
      'ending otherwise',
      { runs: [run({ ending: 'trap', trap: 'unreachable' }, { ending: 'trap', trap: 'unreachable' })] },
      'fail',
    ],
    ['with other fuel than recorded', { runs: [run({}, { fuel: 13 })] }, 'fail'],
    ['with other fuel than reported', { reported: { ...REPORTED, fuel: 11 } }, 'fail'],
    ['with another digest than reported', { reported: { ...REPORTED, outputSha256: '0'.repeat(64) } }, 'fail'],
    ['that differs between engines', { runs: [run(), run({ engine: 1, memorySha256: '0'.repeat(64) })] }, 'fail'],
    [
      'of a revoked release that was given less, and differs',
      { withheld: true, runs: [run({}, { output: 8 })] },
      'inconclusive',
    ],
    ['of a revoked release that was given less, and gives the same', { withheld: true }, 'pass'],
  ] as const)('%s', (_, change, outcome) => {
    const compared = compare(change as Parameters<typeof compare>[0]);
    expect(compared.outcome).toBe(outcome);
    expect(compared.reason === undefined).toBe(outcome === 'pass');
  });

  test('together they pass only where every one does, and where there is one', () => {
    const of = (...outcomes: ('pass' | 'fail' | 'inconclusive')[]) =>
      outcomeOf(outcomes.map((outcome) => ({ outcome })));
    expect([of(), of('pass'), of('pass', 'inconclusive'), of('inconclusive', 'fail'), of('pass', 'fail')]).toEqual([
      'inconclusive',
      'pass',
      'inconclusive',
      'fail',
      'fail',
    ]);
  });
});

describe('a release', () => {
  let folder = '';
  let server: RegistryServer;
  let digest = '';
  let yanked = '';
  let broken = '';
  const vectorBytes = (name: string, more: object): Uint8Array =>
    canonicalBytes({ ...VECTOR, name, fuel: undefined, ...more });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plugmark-reproduce-'));
    const registry = await hostRegistry();
    const expected = { expect: [{ payload: { json: { status: 7, result: null } } }] };
    const added = await addRelease(registry, {
      plugin: 'acme/lamp',
      version: '1.0.0',
      host: CONDUCTOR,
      bytes: hostModule(CONDUCTOR, [], { number: 7 }),
      vectors: [
        { name: 'plain', bytes: vectorBytes('plain', expected) },
        {
          name: 'wrong',
          bytes: vectorBytes('wrong', {
            grants: ['network'],
            expect: [{ payload: { json: { status: 8, result: null } } }],
          }),
        },
      ],
    });
    digest = added.artifact.sha256;
    const plain = { host: CONDUCTOR, version: '1.0.0' };
    const old = await addRelease(registry, {
      ...plain,
      plugin: 'acme/old',
      bytes: hostModule(CONDUCTOR, [], { number: 7, padding: 1 }),
      vectors: [{ name: 'plain', bytes: vectorBytes('plain', expected) }],
    });
    const other = await addRelease(registry, {
      ...plain,
      plugin: 'acme/broken',
      bytes: hostModule(CONDUCTOR, [], { number: 9 }),
      vectors: [{ name: 'plain', bytes: vectorBytes('plain', expected) }],
    });
    [yanked, broken] = [old.artifact.sha256, other.artifact.sha256];
    const first = await build(registry);
    setStatus(registry, 'acme/lamp', '1.0.0', REVOKED);
    setStatus(registry, 'acme/old', '1.0.0', YANKED);
    const built = await build(registry, { previous: first });
    server = await serveTree(built.tree);
    await writeFile(join(folder, 'root.json'), rootOf(built));
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const reproduce = async (cited = `acme/lamp@1.0.0 sha256:${digest}`) => {
    const { io, out, err } = captured(folder);
    const args = ['reproduce', cited, '--registry', server.url, '--root', 'root.json', '--json'];
    const exit = await main(args, { ...io, now: () => NOW });
    return { exit, out: out(), err: err() };
  };

  test('that is yanked is reproduced like any other', { timeout: 60_000 }, async () => {
    const { exit, out } = await reproduce(`sha256:${yanked}`);
    expect(JSON.parse(out)).toMatchObject({ status: 'yanked', granted: true, outcome: 'pass' });
    expect(exit).toBe(0);
  });

  test('that gives something else than its vector says is not reproduced', { timeout: 60_000 }, async () => {
    const { exit, out } = await reproduce(`sha256:${broken}`);
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'fail',
      vectors: [{ outcome: 'fail', reason: 'call 1: promised and actual output differ: $.status: 7 and 9' }],
    });
    expect(exit).toBe(1);
  });

  test('that is revoked is run without grants, and that is logged', { timeout: 60_000 }, async () => {
    const { exit, out, err } = await reproduce();
    expect(err).toBe('');
    const result = parseJson(ReproduceResult, new TextEncoder().encode(out), 'result');
    expect(result).toMatchObject({
      status: 'revoked',
      granted: false,
      outcome: 'inconclusive',
      vectors: [
        { name: 'plain', outcome: 'pass' },
        { name: 'wrong', outcome: 'inconclusive', reason: expect.stringContaining('run without network') },
      ],
    });
    expect(exit).toBe(1);
    const log = captured(folder);
    await main(['log', 'show', '--host', 'conductor', '--json'], log.io);
    expect(JSON.parse(log.out())).toMatchObject({
      records: [
        { event: 'reproduced', plugin: 'acme/old' },
        { event: 'reproduced', plugin: 'acme/broken' },
        { event: 'reproduced', sha256: digest, grants: [], code: 'REVOKED', detail: 'reproduced without grants' },
      ],
    });
  });

  test('a vector that was exchanged or is gone is not compared', { timeout: 60_000 }, async () => {
    const paths = [...server.tree.keys()].filter((path) => path.startsWith('vectors/'));
    expect(paths).toHaveLength(2);
    const [one = '', other = ''] = paths;
    const before = server.tree;
    server.tree = new Map([...before].filter(([path]) => path !== one)).set(other, new TextEncoder().encode('{}'));
    const { out } = await reproduce();
    server.tree = before;
    const { outcome, vectors } = JSON.parse(out);
    expect(outcome).toBe('inconclusive');
    expect(vectors.map(({ reason }: { reason: string }) => reason).sort()).toEqual([
      'the registry does not serve it',
      'the registry serves something else in its place',
    ]);
  });

  test('bytes that are not those of the digest are refused', async () => {
    const blob = `blobs/sha256/${digest}.wasm`;
    const before = server.tree;
    await rm(join(folder, '.plugmark'), { recursive: true, force: true });
    server.tree = new Map(before).set(blob, new Uint8Array((before.get(blob) as Uint8Array).length));
    const { exit, err } = await reproduce();
    server.tree = before;
    expect(exit).toBe(1);
    expect(err).toContain('[ARTIFACT_DIGEST]');
  });
});

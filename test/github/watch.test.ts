// The registry's own pull requests: from a publisher's release on the stand-in to a merge, and everything that is no release of his.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileTree, jsonFile, readFolder, sha256 } from '@plugmark/publish';
import { parse, RegistryWatchResult, Release } from '@plugmark/schemas';
import { beforeEach, describe, expect, test } from 'vitest';
import { releaseAssets } from '../../tools/cli/src/release-assets.ts';
import type { Repository } from '../../tools/dev/src/github/github-state.ts';
import { WATCHED } from '../analysis/merge/merge-world.ts';
import { PUBLISHER_KEYS, pemOf } from '../testkit/registry-folder.ts';
import { type Bench, benchForEach } from './reviewing.ts';

let bench: Bench;
let source: Repository;
benchForEach((opened) => {
  bench = opened;
});
beforeEach(async () => {
  const { github, people } = bench;
  source = await github.repository(people.alice, 'thing', new Map(), Number(WATCHED.repositoryId));
});

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
type Spec = Parameters<Bench['signed']>[0];

/** What `sign --assets` writes, and the file. */
async function assetsOf(spec: Partial<Spec> = {}): Promise<FileTree> {
  const folder = await bench.signed({ plugin: WATCHED.plugin, version: '1.2.0', ...spec });
  const version = await readFolder(folder);
  const { artifact } = Release.parse(JSON.parse(new TextDecoder().decode(version.get('release.json'))));
  const bytes = await readFile(join(bench.folder, 'artifacts', `${artifact.sha256}.wasm`));
  return new Map([...releaseAssets(version), ['plugin.wasm', new Uint8Array(bytes)]]);
}

async function watch(
  token: string | undefined,
  ...more: string[]
): Promise<{ exit: number; err: string; result: RegistryWatchResult }> {
  const argv = ['registry', 'watch', '--repository', 'plugmark/registry', '--json', ...more];
  const env: Record<string, string> = token === undefined ? {} : { GITHUB_TOKEN: token };
  const { exit, stdout, stderr } = await bench.run(argv, { cwd: bench.checkout, env });
  const value = JSON.parse(stdout) as object;
  if ('error' in value) return { exit, err: stderr, result: undefined as never };
  return { exit, err: stderr, result: parse(RegistryWatchResult, value, 'watch') };
}
const asWatcher = (...more: string[]) => watch(bench.github.token(bench.people.watcher), ...more);

const releasesOf = ({ result }: Awaited<ReturnType<typeof watch>>) => result.watched[0]?.releases ?? [];

describe('a release of the publisher', () => {
  test('is pulled, decided like any other, merged, and then left alone', async () => {
    const spec = { plugin: WATCHED.plugin, version: '1.2.0', vectors: ['one'] };
    const assets = await assetsOf(spec);
    const [version, key, out] = [
      await bench.signed(spec),
      join(bench.folder, 'acme.pem'),
      join(bench.folder, 'assets'),
    ];
    await writeFile(key, pemOf(PUBLISHER_KEYS.acme));
    const registry = join(bench.checkout, 'registry');
    const signed = await bench.run(['sign', version, '--key', key, '--registry', registry, '--assets', out]);
    expect([signed.exit, signed.stderr]).toEqual([0, '']);
    const written = await readFolder(out);
    expect([...written.keys()].sort()).toEqual([...assets.keys()].filter((name) => name !== 'plugin.wasm').sort());
    source.releases.set('v1.2.0', new Map([...assets, ...written]));
    const ready = await watch(undefined, '--dry-run');
    expect([ready.exit, releasesOf(ready)]).toEqual([0, [{ tag: 'v1.2.0', version: '1.2.0', state: 'ready' }]]);
    const pulled = await asWatcher();
    expect(pulled.err).toBe('');
    expect(releasesOf(pulled)).toMatchObject([{ state: 'submitted', pull: { number: 1 } }]);
    const again = await asWatcher();
    expect([again.exit, releasesOf(again)]).toMatchObject([0, [{ state: 'open', pull: { number: 1 } }]]);
    const first = await bench.review();
    expect(first.reviewed[0]?.decision).toMatchObject({ answer: 'wait', subject: { plugin: WATCHED.plugin } });
    bench.later(11);
    const [merged] = (await bench.review()).reviewed;
    expect(merged).toMatchObject({ actions: ['commented', 'labelled', 'merged'] });
    await bench.pull();
    const at = join(bench.checkout, 'registry/plugins', WATCHED.plugin, '1.2.0');
    const sources = JSON.parse(await readFile(join(at, 'sources.json'), 'utf8')) as object;
    expect(sources).toEqual({ schemaVersion: 1, sources: ['github:alice/thing@v1.2.0#plugin.wasm'] });
    expect(sha256(await readFile(join(at, 'vectors/one.json')))).toMatch(/^[0-9a-f]{64}$/);
    expect(releasesOf(await asWatcher())).toEqual([]);
  });

  test('is the publisher’s own to submit, and what somebody closed stays closed', async () => {
    source.releases.set('v1.2.0', await assetsOf());
    await bench.submit(await bench.signed({ plugin: WATCHED.plugin, version: '1.2.0' }), bench.people.alice);
    expect(releasesOf(await asWatcher())).toMatchObject([{ state: 'open', pull: { number: 1 } }]);
    source.releases.set('v1.3.0', await assetsOf({ version: '1.3.0' }));
    expect(releasesOf(await asWatcher())).toMatchObject([
      { state: 'open' },
      { state: 'submitted', pull: { number: 2 } },
    ]);
    const [, second] = bench.github.state.pulls.get(bench.registry.id) ?? [];
    if (second !== undefined) second.state = 'closed';
    expect(releasesOf(await asWatcher())).toMatchObject([{ state: 'open' }, { state: 'closed', pull: { number: 2 } }]);
    // A stranger's of the same name keeps nobody waiting.
    source.releases.set('v1.4.0', await assetsOf({ version: '1.4.0' }));
    await bench.submit(await bench.signed({ plugin: WATCHED.plugin, version: '1.4.0' }), bench.people.mallory);
    expect(releasesOf(await asWatcher('--dry-run'))).toMatchObject([{}, {}, { version: '1.4.0', state: 'ready' }]);
  });

  test('is found under a new name of the repository, and releases for nobody are passed over', async () => {
    bench.github.move(source, { name: 'thing-plugin' });
    source.releases.set('v1.2.0', await assetsOf());
    source.releases.set('v9.0.0', new Map([['notes.txt', text('nothing signed')]]));
    source.releases.set('nightly', await assetsOf());
    source.releases.set('v1.1.0', new Map());
    const { exit, result } = await watch(undefined, '--dry-run');
    expect([exit, result.watched]).toMatchObject([
      0,
      [
        {
          repository: 'alice/thing-plugin',
          releases: [
            { version: '1.2.0', state: 'ready' },
            { version: '9.0.0', state: 'unsigned' },
          ],
        },
      ],
    ]);
  });
});

/** `files` are the assets of a release of this version. */
type Damage = (files: FileTree, version: string) => unknown;

const REFUSED: Readonly<Record<string, readonly [code: string, damage: Damage]>> = {
  'a page in place of release.json': [
    'release-malformed',
    (files) => files.set('release.json', text('<html>Not found</html>')),
  ],
  'release.json in another spelling': [
    'release-malformed',
    (files) => files.set('release.json', new Uint8Array([...(files.get('release.json') ?? []), 10])),
  ],
  'no statement': ['file-missing', (files) => void files.delete('publisher.sigstore.json')],
  'no release.json': ['file-missing', (files) => void files.delete('release.json')],
  'a statement that is none': ['statement-invalid', (files) => files.set('publisher.sigstore.json', text('{}'))],
  'the statement of another version': [
    'statement-invalid',
    async (files) => {
      const at = `plugins/${WATCHED.plugin}/1.1.0/publisher.sigstore.json`;
      files.set('publisher.sigstore.json', bench.main.files.get(at) ?? new Uint8Array());
    },
  ],
  'another version': ['release-other-version', async (files) => copyInto(files, await assetsOf({ version: '1.99.0' }))],
  'another plugin of the publisher': [
    'release-other-plugin',
    async (files, version) => copyInto(files, await assetsOf({ plugin: 'acme/lantern', version })),
  ],
  'the key of another publisher': [
    'statement-invalid',
    async (files, version) => copyInto(files, await assetsOf({ key: 'indie', version })),
  ],
  'no artifact': ['file-missing', (files) => void files.delete('plugin.wasm')],
  'another artifact of the same size': [
    'file-missing',
    (files) => files.set('plugin.wasm', new Uint8Array(files.get('plugin.wasm')?.length ?? 0)),
  ],
  'a vector that is missing': ['file-missing', (files) => void files.delete('vector.one.json')],
  'a vector that was not signed': ['file-different', (files) => files.set('vector.one.json', text('{}'))],
  'a file without an end': ['file-forbidden', (files) => files.set('release.json', new Uint8Array(1_000_001))],
};

const copyInto = (files: FileTree, other: FileTree): void => {
  files.clear();
  for (const [name, bytes] of other) files.set(name, bytes);
};

describe('what is no release of the publisher is refused', () => {
  test('and each says why, whatever the others are', async () => {
    const expected = [];
    for (const [i, [name, [code, damage]]] of Object.entries(REFUSED).entries()) {
      const version = `1.${i + 2}.0`;
      const files = await assetsOf({ version, vectors: ['one'] });
      await damage(files, version);
      source.releases.set(`v${version}`, files);
      expected.push({ name, version, state: 'refused', code });
    }
    const ended = await asWatcher();
    const names = Object.keys(REFUSED);
    expect(
      releasesOf(ended).map(({ version, state, problem }, i) => ({
        name: names[i],
        version,
        state,
        code: problem?.code,
      })),
    ).toEqual(expected);
    expect(ended.exit).toBe(1);
    expect(bench.github.state.pulls.get(bench.registry.id) ?? []).toEqual([]);
    // What nobody of the publisher signed costs two small files.
    const unsigned = expected.filter(({ code }) => code === 'statement-invalid').map(({ version }) => version);
    const fetched = bench.github.requests.filter((line) => line.endsWith('/plugin.wasm'));
    expect(unsigned.filter((version) => fetched.some((line) => line.includes(`/v${version}/`)))).toEqual([]);
    expect(fetched.length).toBeGreaterThan(0);
  });

  test('a statement for another registry', async () => {
    const files = await assetsOf();
    source.releases.set('v1.2.0', files);
    const registry = JSON.parse(new TextDecoder().decode(bench.main.files.get('registry.json'))) as object;
    const other = jsonFile({ ...registry, id: 'other.example' });
    await bench.github.push(bench.registry, 'main', new Map([['registry/registry.json', other]]));
    await bench.pull();
    expect(releasesOf(await asWatcher())).toMatchObject([{ problem: { code: 'statement-invalid' } }]);
  });
});

describe('what is another repository', () => {
  const problem = async (): Promise<string | undefined> => {
    const ended = await asWatcher();
    expect(ended.exit).toBe(1);
    expect(bench.github.state.pulls.get(bench.registry.id) ?? []).toEqual([]);
    return ended.result.watched[0]?.problem?.code;
  };

  test('one that took the name, one that belongs to somebody else now, and one that is gone', async () => {
    const assets = await assetsOf();
    source.releases.set('v1.2.0', assets);
    bench.github.move(source, { name: 'moved' });
    const taken = await bench.github.repository(bench.people.alice, 'thing', new Map());
    taken.releases.set('v1.2.0', assets);
    expect(await problem()).toBe('repository-other');
    taken.gone = true;
    bench.github.move(source, { owner: bench.people.mallory });
    expect(await problem()).toBe('repository-transferred');
    source.gone = true;
    expect(await problem()).toBe('repository-unreachable');
  });
});

test('who may open, what cannot be fetched now, and a checkout that is not main', async () => {
  source.releases.set('v1.2.0', await assetsOf());
  const nobody = await watch(undefined);
  expect([nobody.exit, nobody.err]).toEqual([4, expect.stringContaining('[GITHUB_TOKEN_MISSING]')]);
  const somebody = await watch(bench.github.token(bench.people.mona));
  expect([somebody.exit, somebody.err]).toEqual([2, expect.stringContaining('[WATCHER_MISSING]')]);
  const fault = { kind: 'badGateway', on: /\/releases\/download\// } as const;
  bench.github.faults.push(fault);
  const ended = await asWatcher();
  bench.github.faults.length = 0;
  // Not refused: it may be there the next time.
  expect([ended.exit, releasesOf(ended)]).toMatchObject([
    1,
    [{ state: 'unknown', problem: { code: 'file-unreachable' } }],
  ]);
  await bench.github.push(bench.registry, 'main', new Map([['registry/README.md', text('# New\n')]]));
  expect((await asWatcher()).err).toContain('[MAIN_DIFFERS]');
  expect(bench.github.state.pulls.get(bench.registry.id) ?? []).toEqual([]);
});

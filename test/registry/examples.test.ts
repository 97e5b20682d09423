// What is committed under registry/ is what its sources give: the built plugins have the committed digests, the third-party ones
// are the npm packages' own bytes, and README and vectors are those beside the sources.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RegistrySource, type ReleaseSource, readFolder, readRegistrySource } from '@plugmark/publish';
import { beforeAll, describe, expect, test } from 'vitest';
import { policyLeaves } from '../../tools/cli/src/policy-leaves.ts';
import { type BuiltPlugin, buildPlugins, EXAMPLE_ARTIFACTS, PLUGIN_RECIPES } from '../testkit/build-plugins.ts';
import { EXAMPLES } from '../testkit/examples.ts';
import { ed25519Key, p256Key } from '../testkit/test-keys.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let source: RegistrySource;
let built: BuiltPlugin[];

beforeAll(async () => {
  source = readRegistrySource(await readFolder(join(REPOSITORY, 'registry')));
  built = await buildPlugins(EXAMPLE_ARTIFACTS);
}, 120_000);

function releaseOf(plugin: string, version: string): ReleaseSource {
  const release = source.plugins.get(plugin)?.releases.get(version);
  if (release === undefined) throw new Error(`registry/ has no ${plugin} ${version}`);
  return release;
}

test('at least nine plugins of at least five hosts, four of them other people’s', () => {
  const releases = [...source.plugins.values()].flatMap((plugin) => [...plugin.releases.values()]);
  const hosts = new Set(releases.flatMap(({ release }) => release.targets.map(({ host }) => host)));
  expect(source.plugins.size).toBeGreaterThanOrEqual(9);
  expect(hosts.size).toBeGreaterThanOrEqual(5);
  expect(
    releases.filter(({ sources }) => sources.sources.some((uri) => uri.startsWith('npm:'))).length,
  ).toBeGreaterThanOrEqual(4);
});

test.each(PLUGIN_RECIPES.map(({ plugin, version, folder }) => [plugin, version, folder] as const))(
  '%s %s builds to the committed digest, with the files beside its sources',
  async (plugin, version, folder) => {
    const { release, readme, vectors } = releaseOf(plugin, version);
    expect(built.find((item) => item.plugin === plugin && item.version === version)?.sha256).toBe(
      release.artifact.sha256,
    );
    expect(readme).toEqual(new Uint8Array(await readFile(join(REPOSITORY, 'test/plugins', folder, 'README.md'))));
    for (const [name, bytes] of vectors) {
      expect(bytes).toEqual(
        new Uint8Array(await readFile(join(REPOSITORY, 'test/plugins', folder, 'vectors', `${name}.json`))),
      );
    }
    expect(vectors.size).toBeGreaterThanOrEqual(2);
  },
);

describe.each(
  EXAMPLES.flatMap(({ npm, folder }) => (npm === undefined ? [] : [[npm.name, npm.file, folder] as const])),
)('%s', (name, file, folder) => {
  const plugin = `third-party-examples/${folder.split('/')[1]}`;

  test('is the npm package’s own file', async () => {
    const bytes = await readFile(join(REPOSITORY, 'node_modules', name, file));
    const [only] = [...(source.plugins.get(plugin)?.releases.values() ?? [])];
    expect(only?.release.artifact).toEqual({ kind: 'core', sha256: sha256(bytes), size: bytes.length });
  });

  test('the listing says whose work it is', () => {
    expect(source.plugins.get(plugin)?.listing.upstream).toMatchObject({
      title: name,
      authors: 'the dprint project',
      license: 'MIT',
    });
  });
});

test('the example publishers sign with keys made from the public seed, and with nothing else', () => {
  const keys = {
    'plugmark-examples': ed25519Key('plugmark-examples').keyId,
    'third-party-examples': p256Key('third-party-examples').keyId,
  };
  const listed = [...source.publishers.values()].map(({ publisher, identities }) => [
    publisher,
    identities.map((identity) => identity.kind === 'key' && identity.keyId),
  ]);
  expect(Object.fromEntries(listed)).toEqual(
    Object.fromEntries(Object.entries(keys).map(([publisher, keyId]) => [publisher, [keyId]])),
  );
});

test('every leaf of the policy has its reason, and every reason its leaf', () => {
  const leaves = [...policyLeaves(source.policy).keys()].filter((path) => path !== 'required');
  expect(Object.keys(source.policy.reasons).sort()).toEqual(leaves.sort());
});

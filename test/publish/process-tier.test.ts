// A process plugin of a verified publisher, from the registry to a client: listed, as community, without levels; a co-signature
// that somebody strikes for it all the same is not believed.
import { jsonFile } from '@plugmark/publish';
import { beforeAll, expect, test } from 'vitest';
import { coSign } from '../../tools/publish/src/cosign.ts';
import { type Built, build, jsonOf, releaseOf } from '../testkit/office.ts';
import { PROCESS_HOST } from '../testkit/process-host.ts';
import { addRelease, REGISTRY_ID, smallRegistry } from '../testkit/registry-folder.ts';
import { zipArchive } from '../testkit/zip-builder.ts';
import { Attacker, COSIGN, type DocumentRelease } from './attacker.ts';

const MANIFEST = {
  name: 'Helper',
  version: '1.0.0',
  id: 'acme/helper',
  capabilities: ['events'],
  entry_point: 'main.py',
};
const LEVELS = ['PLUGMARK_PUBLISHER_VERIFIED', 'PLUGMARK_IMPORTS_DECLARED', 'PLUGMARK_WITHIN_BOUNDS'] as const;

async function registryWith(manifest: object): Promise<Built> {
  const registry = await smallRegistry();
  registry.files.set('hosts/runner.json', jsonFile({ ...PROCESS_HOST, host: 'runner' }));
  const content = JSON.stringify({ ...MANIFEST, ...manifest });
  await addRelease(registry, {
    plugin: 'acme/helper',
    version: '1.0.0',
    bytes: zipArchive([
      { name: 'main.py', content: 'print(1)\n' },
      { name: 'plugin.json', content },
    ]),
    manifest: { host: 'runner', api: '^1.0.0', capabilities: ['events'] },
    change: (release) => ({ ...release, artifact: { ...release.artifact, kind: 'process' } }),
  });
  return build(registry);
}

let built: Built;
beforeAll(async () => {
  built = await registryWith({});
});

test('listed with the verdict review: no level, no co-signature, community in every view', async () => {
  const release = releaseOf(built, 'acme/helper', '1.0.0');
  expect(release).toMatchObject({
    levels: [],
    analysis: [{ verdict: 'review', capabilities: { risk: 'high', unused: [] } }],
  });
  expect(release?.attestations.registry).toBeUndefined();
  const listed = jsonOf(built.tree, 'v1/index.json').plugins;
  expect(listed.find(({ plugin }: { plugin: string }) => plugin === 'acme/helper')).toMatchObject({
    kind: 'process',
    tier: 'community',
    risk: 'high',
  });
  expect(listed.find(({ plugin }: { plugin: string }) => plugin === 'acme/thing')).toMatchObject({ tier: 'verified' });
  const { publishers } = jsonOf(built.tree, 'v1/publishers.json');
  expect(publishers.find(({ publisher }: { publisher: string }) => publisher === 'acme')).toMatchObject({
    tier: 'verified',
  });
});

test('installed as community, its publisher checked', async () => {
  expect(await new Attacker(built).client().install('acme/helper')).toMatchObject({
    tier: 'community',
    publisher: { state: 'verified' },
    registry: { state: 'notSigned', levels: [] },
  });
});

test('whoever holds the co-signing key cannot make it more', async () => {
  const attacker = new Attacker(built);
  const document = attacker.document('acme/helper');
  const [release] = document.releases as [DocumentRelease];
  const { publisher, analyses } = release.attestations;
  const bundle = await coSign(
    {
      registry: REGISTRY_ID,
      release: release.release,
      policySha256: '0'.repeat(64),
      levels: LEVELS,
      timeVerified: '2026-06-01T12:00:00Z',
      inputs: [publisher, ...analyses].map((file, i) => ({ uri: `${i}`, sha256: file.sha256 })),
    },
    COSIGN,
  );
  release.attestations.registry = attacker.attest(bundle);
  release.levels = [...LEVELS];
  attacker.list('plugins/acme/helper.json', document).sign();
  expect(await attacker.client().install('acme/helper')).toMatchObject({
    tier: 'community',
    registry: { state: 'notChecked', levels: [] },
  });
});

test('refused where plugin.json is of another plugin', async () => {
  const refused = await registryWith({ id: 'initech/helper' });
  expect(refused.refusals).toMatchObject([{ plugin: 'acme/helper', reasons: ['process.manifest-mismatch'] }]);
  expect(releaseOf(refused, 'acme/helper', '1.0.0')).toBeUndefined();
});

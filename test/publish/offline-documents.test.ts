// What only offline keys may say, said by somebody with the online key alone: it is refused, or not looked at.
import { memoryStore } from '@plugmark/client';
import { jsonFile } from '@plugmark/publish';
import { beforeAll, describe, expect, test } from 'vitest';
import { signRole, targetEntry } from '../../tools/publish/src/tuf/role.ts';
import { type Built, build, codeOf, jsonOf, later, rootOf } from '../testkit/office.ts';
import {
  editJson,
  identityOf,
  OFFICE_KEYS,
  PUBLISHER_KEYS,
  REGISTRY_ID,
  signerOf,
  smallRegistry,
} from '../testkit/registry-folder.ts';
import { Attacker, EVIL, ONLINE } from './attacker.ts';

let honest: Built;
beforeAll(async () => {
  honest = await build(await smallRegistry());
});

describe('documents that only offline keys may change', () => {
  const EMPTY = { schemaVersion: 1, registry: REGISTRY_ID };
  test.each<[string, unknown]>([
    [
      'publishers.json',
      {
        ...EMPTY,
        publishers: { acme: { title: 'Acme', since: '2026-01-01T00:00:00Z', identities: [identityOf(EVIL)] } },
      },
    ],
    ['cosign-keys.json', { ...EMPTY, verifier: 'plugmark:small.example', identities: [identityOf(EVIL)] }],
    ['policy.json', { schemaVersion: 1, client: { minimumReleaseAgeMinutes: 0 } }],
    ['revocations.json', { ...EMPTY, revocations: [] }],
    ['hosts/bench.json', { schemaVersion: 1 }],
  ])('%s in the documents role is not looked at', async (path, value) => {
    const registry = await smallRegistry();
    const revoked = {
      state: 'revoked',
      since: '2026-06-01T00:00:00Z',
      severity: 'high',
      reason: 'It steals.',
      evidence: 'https://example.org/',
    };
    editJson(registry.files, 'plugins/acme/thing/status.json', () => ({
      schemaVersion: 1,
      plugin: 'acme/thing',
      versions: { '1.0.0': revoked },
    }));
    honest = await build(registry);
    const attacker = new Attacker(honest);
    attacker.list(path, value);
    const document = attacker.document('acme/thing');
    document.releases = document.releases.map((release) => ({ ...release, status: { state: 'active' } }));
    attacker.list('plugins/acme/thing.json', document).sign();
    const client = attacker.client();
    // Still revoked, though every word of it is gone from what the online key signs.
    expect(await codeOf(() => client.install('acme/thing@1.0.0'))).toBe('NO_RELEASE');
    expect(await client.install('acme/thing')).toMatchObject({
      tier: 'verified',
      publisher: { signer: PUBLISHER_KEYS.acme.keyId },
      registry: { state: 'verified' },
    });
    honest = await build(await smallRegistry());
  });

  test('hosts/x.json, which no offline role lists, is not found', async () => {
    const { refreshMetadata } = await import('@plugmark/client/trust');
    const attacker = new Attacker(honest).list('hosts/x.json', { schemaVersion: 1 }).sign();
    const { now } = { now: later(0) };
    const client = await refreshMetadata({
      root: rootOf(honest),
      fetchFile: async (path) => attacker.tree.get(path),
      store: memoryStore(),
      now,
    });
    expect(await client.target('hosts/x.json')).toBeUndefined();
    expect((await client.target('hosts/bench.json'))?.role).toBe('targets');
  });

  test.each([
    ['1.targets.json', 'METADATA_SIGNATURE'],
    ['1.revocations.json', 'METADATA_SIGNATURE'],
    ['2.root.json', 'METADATA_SIGNATURE'],
  ])('%s signed with the online key: %s', async (name, code) => {
    const attacker = new Attacker(honest).sign();
    const { signed } = jsonOf(honest.tree, `metadata/${name.replace('2.root', '1.root')}`);
    const version = name === '2.root.json' ? 2 : 1;
    const changed = { ...signed, version, ...(signed._type === 'targets' ? { targets: {} } : {}) };
    attacker.tree.set(`metadata/${name}`, signRole(changed, [ONLINE]));
    expect(await codeOf(() => attacker.client().install('acme/thing'))).toBe(code);
  });

  test('METADATA_VERSION: revocations of an older version than the snapshot names', async () => {
    const attacker = new Attacker(honest);
    attacker.meta = { 'revocations.json': { version: 2 } };
    attacker
      .sign()
      .tree.set('metadata/2.revocations.json', honest.tree.get('metadata/1.revocations.json') as Uint8Array);
    expect(await codeOf(() => attacker.client().install('acme/thing'))).toBe('METADATA_VERSION');
  });
});

test('plugins/... in the revocations role, signed with the real revocations key, is not found there', async () => {
  const attacker = new Attacker(honest);
  delete attacker.targets['plugins/acme/thing.json'];
  const document = jsonFile(attacker.document('acme/thing'));
  const { signed } = jsonOf(honest.tree, 'metadata/1.revocations.json');
  const targets = { ...signed.targets, 'plugins/acme/thing.json': targetEntry(document) };
  attacker.tree.set(
    'metadata/2.revocations.json',
    signRole({ ...signed, version: 2, targets }, [signerOf(OFFICE_KEYS.revocations)]),
  );
  attacker.meta = { 'revocations.json': { version: 2 } };
  attacker.sign();
  expect(await codeOf(() => attacker.client().install('acme/thing'))).toBe('PLUGIN_UNKNOWN');
});

// What somebody can do who holds online.pem and cosign.pem and everything that is served: the sentences of SECURITY.md, tried. The
// attacker's metadata is valid TUF, signed with the real online key; only the offline keys are missing.
import { memoryStore } from '@plugmark/client';
import { jsonFile, publishStatement, sha256 } from '@plugmark/publish';
import { canonicalBytes, type PackageDocument } from '@plugmark/schemas';
import { beforeAll, describe, expect, test } from 'vitest';
import { coSign } from '../../tools/publish/src/cosign.ts';
import { signStatement } from '../../tools/publish/src/statement-bundle.ts';
import { signRole, targetEntry } from '../../tools/publish/src/tuf/role.ts';
import { type Built, build, clientOf, codeOf, HOUR, jsonOf, later, rootOf } from '../testkit/office.ts';
import {
  addRelease,
  honestModule,
  identityOf,
  type Json,
  PUBLISHER_KEYS,
  REGISTRY_ID,
  signerOf,
  smallRegistry,
} from '../testkit/registry-folder.ts';
import { Attacker, BYTES, COSIGN, type DocumentRelease, EVIL, forge, ONLINE } from './attacker.ts';

let honest: Built;
beforeAll(async () => {
  honest = await build(await smallRegistry());
});

test('the forger’s tools make a tree that clients accept where the key’s holder may decide', async () => {
  const attacker = new Attacker(honest);
  const document = attacker.document('indie/tool');
  attacker
    .list('plugins/indie/tool.json', { ...document, listing: { ...document.listing, summary: 'Other words.' } })
    .sign();
  expect((await attacker.client().install('indie/tool')).tier).toBe('community');
  expect((await attacker.client().document('indie/tool')).plugin).toBe('indie/tool');
});

describe('other bytes under a verified publisher’s name', () => {
  test.each<[string, string, (attacker: Attacker) => Promise<PackageDocument>]>([
    [
      'KEY_UNKNOWN',
      'signed with the attacker’s own key, which the document names',
      async (attacker) => {
        const document = await forge(attacker, (release) =>
          signStatement(publishStatement(release, REGISTRY_ID), signerOf(EVIL)),
        );
        return { ...document, publisher: { ...document.publisher, identities: [identityOf(EVIL)] } };
      },
    ],
    [
      'SIGNATURE_INVALID',
      'signed with the attacker’s key under the publisher’s key id',
      async (attacker) => {
        const evil = { ...signerOf(EVIL), keyId: PUBLISHER_KEYS.acme.keyId };
        const document = await forge(attacker, (release) =>
          signStatement(publishStatement(release, REGISTRY_ID), evil),
        );
        return {
          ...document,
          publisher: {
            ...document.publisher,
            identities: [{ ...identityOf(EVIL), keyId: PUBLISHER_KEYS.acme.keyId } as never],
          },
        };
      },
    ],
    [
      'KEY_UNKNOWN',
      'signed with the co-signing key',
      (attacker) => forge(attacker, (release) => signStatement(publishStatement(release, REGISTRY_ID), COSIGN)),
    ],
    [
      'KEY_UNKNOWN',
      'signed by another, community publisher',
      (attacker) =>
        forge(attacker, (release) =>
          signStatement(publishStatement(release, REGISTRY_ID), signerOf(PUBLISHER_KEYS.indie)),
        ),
    ],
    [
      'STATEMENT_MISMATCH',
      'with the publisher’s statement of an older release',
      (attacker) =>
        forge(attacker, async () => {
          const [newest] = attacker.document('acme/thing').releases as [DocumentRelease];
          return attacker.tree.get(`attestations/${newest.attestations.publisher.sha256}.json`) as Uint8Array;
        }),
    ],
    [
      'BUNDLE_MALFORMED',
      'with no bundle worth the name',
      (attacker) => forge(attacker, async () => new TextEncoder().encode('{}')),
    ],
  ])('%s: %s', async (code, _, make) => {
    const attacker = new Attacker(honest);
    attacker.list('plugins/acme/thing.json', await make(attacker)).sign();
    expect(await codeOf(() => attacker.client().install('acme/thing'))).toBe(code);
  });

  test('STATEMENT_MISMATCH: an honest release whose bytes were exchanged in the document', async () => {
    const attacker = new Attacker(honest);
    const document = attacker.document('acme/thing');
    const [newest] = document.releases as [DocumentRelease];
    const release = { ...newest.release, artifact: { kind: 'core' as const, ...attacker.blob(BYTES) } };
    document.releases[0] = { ...newest, release, manifestSha256: sha256(canonicalBytes(release)) };
    attacker.list('plugins/acme/thing.json', document).sign();
    expect(await codeOf(() => attacker.client().install('acme/thing'))).toBe('STATEMENT_MISMATCH');
    document.releases[0] = { ...newest, release };
    attacker.versions = { documents: 3, snapshot: 3, timestamp: 3 };
    attacker.list('plugins/acme/thing.json', document).sign();
    expect(await codeOf(() => attacker.client().install('acme/thing'))).toBe('MANIFEST_MISMATCH');
  });

  test('STATEMENT_MISMATCH: fewer capabilities than the publisher signed', async () => {
    const attacker = new Attacker(honest);
    const document = attacker.document('acme/thing');
    const [newest] = document.releases as [DocumentRelease];
    const release = { ...newest.release, license: 'GPL-3.0' };
    document.releases[0] = { ...newest, release, manifestSha256: sha256(canonicalBytes(release)) };
    attacker.list('plugins/acme/thing.json', document).sign();
    expect(await codeOf(() => attacker.client().install('acme/thing'))).toBe('STATEMENT_MISMATCH');
  });
});

test('an unclaimed name can be listed, and says community', async () => {
  const attacker = new Attacker(honest);
  const document = await forge(attacker, (release) =>
    signStatement(publishStatement({ ...release, plugin: 'nobody/new' }, REGISTRY_ID), signerOf(EVIL)),
  );
  const [forged] = document.releases as [DocumentRelease];
  const release = { ...forged.release, plugin: 'nobody/new' };
  const attestations = { ...forged.attestations, registry: undefined };
  const mine = {
    ...document,
    plugin: 'nobody/new',
    listing: { ...document.listing, plugin: 'nobody/new' },
    publisher: { title: 'Acme', identities: [identityOf(EVIL)] },
  };
  const bundle = attacker.attest(await signStatement(publishStatement(release, REGISTRY_ID), signerOf(EVIL)));
  const { registry: _, ...others } = attestations;
  mine.releases = [
    {
      ...forged,
      release,
      manifestSha256: sha256(canonicalBytes(release)),
      attestations: { ...others, publisher: bundle },
    },
  ];
  attacker.list('plugins/nobody/new.json', mine).sign();
  expect(await attacker.client().install('nobody/new')).toMatchObject({
    tier: 'community',
    registry: { state: 'notSigned' },
  });
});

describe('back to what a client has seen to be newer', () => {
  const seen = async () => {
    const store = memoryStore();
    const registry = await smallRegistry();
    await addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', bytes: honestModule(4).build() });
    const newer = await build(registry, { previous: honest, now: later(HOUR) });
    await clientOf((path) => newer.tree.get(path), rootOf(honest), { store, now: later(HOUR) }).install('acme/thing');
    return store;
  };
  test.each<[string, Attacker['versions'], Attacker['meta']]>([
    ['the documents role', { documents: 1, snapshot: 3, timestamp: 3 }, {}],
    ['the snapshot', { documents: 2, snapshot: 1, timestamp: 3 }, {}],
    ['the timestamp', { documents: 2, snapshot: 2, timestamp: 1 }, {}],
    [
      'the revocations role',
      { documents: 3, snapshot: 3, timestamp: 3 },
      { 'revocations.json': { version: 0 } as never },
    ],
  ])('METADATA_*: %s', async (_, versions, meta) => {
    const store = await seen();
    const attacker = new Attacker(honest);
    attacker.versions = versions;
    attacker.meta = meta;
    const code = await codeOf(() => attacker.sign().client(store).install('acme/thing'));
    expect(['METADATA_ROLLBACK', 'METADATA_MALFORMED']).toContain(code);
  });

  test('METADATA_ROLLBACK: the snapshot drops a role', async () => {
    const attacker = new Attacker(honest);
    attacker.versions = { documents: 3, snapshot: 3, timestamp: 3 };
    const store = await seen();
    attacker.sign();
    const snapshot = jsonOf(attacker.tree, 'metadata/3.snapshot.json').signed;
    const { 'revocations.json': _, ...meta } = snapshot.meta;
    const bytes = signRole({ ...snapshot, meta }, [ONLINE]);
    attacker.tree.set('metadata/3.snapshot.json', bytes);
    const timestamp = jsonOf(attacker.tree, 'metadata/timestamp.json').signed;
    attacker.tree.set(
      'metadata/timestamp.json',
      signRole({ ...timestamp, meta: { 'snapshot.json': { version: 3, ...targetEntry(bytes) } } }, [ONLINE]),
    );
    expect(await codeOf(() => attacker.client(store).refresh())).toBe('METADATA_ROLLBACK');
  });

  test('what remains: an older list of releases under a newer version, each signed by its publisher', async () => {
    const attacker = new Attacker(honest);
    attacker.versions = { documents: 3, snapshot: 3, timestamp: 3 };
    expect(
      await attacker
        .sign()
        .client(await seen())
        .install('acme/thing'),
    ).toMatchObject({ version: '1.1.0', tier: 'verified' });
  });
});

describe('a co-signature moved', () => {
  test.each<[string, string, (attacker: Attacker, document: PackageDocument) => unknown]>([
    [
      'STATEMENT_MISMATCH',
      'to another release',
      (_, document) => {
        const [newest, older] = document.releases as [DocumentRelease, DocumentRelease];
        newest.attestations.registry = older.attestations.registry;
      },
    ],
    [
      'COSIGNATURE_INVALID',
      'to other reports',
      (attacker, document) => {
        const [newest] = document.releases as [DocumentRelease];
        newest.attestations.analyses = [attacker.attest(jsonFile({ better: true }))];
      },
    ],
    [
      'KEY_UNKNOWN',
      'from another office',
      async (attacker, document) => {
        const [newest] = document.releases as [DocumentRelease];
        const inputs = [newest.attestations.publisher, ...newest.attestations.analyses].map((file) => ({
          uri: 'x',
          sha256: file.sha256,
        }));
        const input = {
          registry: REGISTRY_ID,
          release: newest.release,
          policySha256: '0'.repeat(64),
          levels: newest.levels,
          timeVerified: '2026-06-01T12:00:00Z',
          inputs,
        };
        newest.attestations.registry = attacker.attest(await coSign(input, signerOf(EVIL)));
      },
    ],
  ])('%s: %s', async (code, _, change) => {
    const attacker = new Attacker(honest);
    const document = attacker.document('acme/thing');
    await change(attacker, document);
    attacker.list('plugins/acme/thing.json', document as Json).sign();
    expect(await codeOf(() => attacker.client().install('acme/thing'))).toBe(code);
  });
});

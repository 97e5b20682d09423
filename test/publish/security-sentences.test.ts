// SECURITY.md on a stolen online key, sentence by sentence: each claim stands in the file in these words and has its attack here. The
// attacker has online.pem, cosign.pem and the server; details of single forgeries are in stolen-online-key.test.ts.
import { readFileSync } from 'node:fs';
import { memoryStore } from '@plugmark/client';
import { jsonFile, publishStatement, sha256 } from '@plugmark/publish';
import { canonicalBytes } from '@plugmark/schemas';
import { beforeAll, expect, test } from 'vitest';
import { signStatement } from '../../tools/publish/src/statement-bundle.ts';
import { signRole } from '../../tools/publish/src/tuf/role.ts';
import { type Built, build, clientOf, codeOf, HOUR, jsonOf, later, rootOf } from '../testkit/office.ts';
import {
  addRelease,
  editJson,
  honestModule,
  identityOf,
  type Json,
  REGISTRY_ID,
  signerOf,
  smallRegistry,
} from '../testkit/registry-folder.ts';
import { Attacker, type DocumentRelease, EVIL, forge, ONLINE } from './attacker.ts';

const SECURITY = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');

let honest: Built;
beforeAll(async () => {
  const registry = await smallRegistry();
  await addRelease(registry, { plugin: 'acme/thing', version: '0.9.0', bytes: honestModule(90).build() });
  editJson(registry.files, 'plugins/acme/thing/status.json', () => ({
    schemaVersion: 1,
    plugin: 'acme/thing',
    versions: {
      '0.9.0': {
        state: 'revoked',
        since: '2026-06-01T00:00:00Z',
        severity: 'high',
        reason: 'It steals.',
        evidence: 'https://example.org/',
      },
    },
  }));
  honest = await build(registry);
});

const digestOf = (version: string): string =>
  honest.documents
    .find(({ plugin }) => plugin === 'acme/thing')
    ?.releases.find(({ release }) => release.version === version)?.release.artifact.sha256 ?? '';
const visit = (attacker: Attacker, now = later(0)) =>
  clientOf((path) => attacker.tree.get(path), rootOf(honest), { now, store: memoryStore() });

const CLAIMS: readonly (readonly [sentence: string, attack: () => Promise<void>])[] = [
  [
    'A stolen **online key** can hide or freeze releases for at most 72 hours',
    async () => {
      const hidden = new Attacker(honest);
      delete hidden.targets['plugins/acme/thing.json'];
      expect(await codeOf(() => visit(hidden.sign()).install('acme/thing'))).toBe('PLUGIN_UNKNOWN');
      const frozen = new Attacker(honest);
      expect(await codeOf(() => visit(frozen, later(72 * HOUR - 1000)).refresh())).toHaveProperty('accepted');
      expect(await codeOf(() => visit(frozen, later(72 * HOUR)).refresh())).toBe('METADATA_EXPIRED');
      // Not even by signing for ten years while the key was at hand.
      const patient = new Attacker(honest);
      patient.expires = '2036-06-01T12:00:00Z';
      expect(await codeOf(() => visit(patient.sign(), later(200 * HOUR)).refresh())).toBe('METADATA_LIFETIME');
    },
  ],
  [
    'point `latest` at an older release its publisher signed',
    async () => {
      const attacker = new Attacker(honest);
      const document = attacker.document('acme/thing');
      document.releases = document.releases.filter(({ release }) => release.version !== '1.1.0');
      attacker.list('plugins/acme/thing.json', document).sign();
      expect(await visit(attacker).install('acme/thing')).toMatchObject({ version: '1.0.0', tier: 'verified' });
    },
  ],
  [
    'list unclaimed namespaces',
    async () => {
      const attacker = new Attacker(honest);
      const document = attacker.document('indie/tool');
      const [newest] = document.releases as [DocumentRelease];
      const release = { ...newest.release, plugin: 'nobody/new' };
      const publisher = attacker.attest(await signStatement(publishStatement(release, REGISTRY_ID), signerOf(EVIL)));
      document.releases = [
        {
          ...newest,
          release,
          manifestSha256: sha256(canonicalBytes(release)),
          attestations: { analyses: newest.attestations.analyses, runs: newest.attestations.runs, publisher },
        },
      ];
      const mine = {
        ...document,
        plugin: 'nobody/new',
        listing: { ...document.listing, plugin: 'nobody/new' },
        publisher: { title: 'Nobody', identities: [identityOf(EVIL)] },
      };
      attacker.list('plugins/nobody/new.json', mine).sign();
      expect((await visit(attacker).install('nobody/new')).tier).toBe('community');
    },
  ],
  [
    'quarantine',
    async () => {
      const attacker = new Attacker(honest);
      const document = attacker.document('acme/thing');
      const quarantine = {
        state: 'quarantined',
        since: '2026-06-01T12:00:00Z',
        until: '2026-06-08T12:00:00Z',
        by: 'a thief',
        reason: 'None.',
      };
      document.releases = document.releases.map((release) => ({ ...release, status: quarantine as never }));
      attacker.list('plugins/acme/thing.json', document).sign();
      expect(await codeOf(() => visit(attacker).install('acme/thing'))).toBe('NO_RELEASE');
    },
  ],
  [
    "It cannot ship bytes under a verified publisher's name",
    async () => {
      const attacker = new Attacker(honest);
      const document = await forge(attacker, (release) =>
        signStatement(publishStatement(release, REGISTRY_ID), signerOf(EVIL)),
      );
      attacker
        .list('plugins/acme/thing.json', {
          ...document,
          publisher: { ...document.publisher, identities: [identityOf(EVIL)] },
        })
        .sign();
      expect(await codeOf(() => visit(attacker).install('acme/thing@9.0.0'))).toBe('KEY_UNKNOWN');
    },
  ],
  [
    'change keys',
    async () => {
      for (const [name, version] of [
        ['1.root.json', 2],
        ['1.targets.json', 2],
      ] as const) {
        const attacker = new Attacker(honest);
        const { signed } = jsonOf(honest.tree, `metadata/${name}`);
        attacker.tree.set(`metadata/2.${name.slice(2)}`, signRole({ ...signed, version }, [ONLINE]));
        attacker.meta = { 'targets.json': { version: name === '1.targets.json' ? 2 : 1 } };
        expect(await codeOf(() => visit(attacker.sign()).install('acme/thing'))).toBe('METADATA_SIGNATURE');
      }
    },
  ],
  [
    'change what an import means',
    async () => {
      const { refreshMetadata } = await import('@plugmark/client/trust');
      const attacker = new Attacker(honest);
      const before = jsonOf(honest.offline.files, 'hosts/bench.json');
      attacker.list('hosts/bench.json', { ...before, title: 'Harmless' }).sign();
      const tuf = await refreshMetadata({
        root: rootOf(honest),
        store: memoryStore(),
        now: later(0),
        fetchFile: async (path) => attacker.tree.get(path),
      });
      const info = await tuf.target('hosts/bench.json');
      expect([info?.role, info?.sha256]).toEqual(['targets', sha256(jsonFile(before))]);
    },
  ],
  [
    'revoke',
    async () => {
      const attacker = new Attacker(honest);
      const entry = {
        ...jsonOf(honest.offline.files, 'revocations.json').revocations[0],
        version: '1.1.0',
        sha256: digestOf('1.1.0'),
      };
      attacker.list('revocations.json', { schemaVersion: 1, registry: REGISTRY_ID, revocations: [entry] }).sign();
      const client = visit(attacker);
      const { sha256: digest } = await client.install('acme/thing@1.1.0');
      expect(sha256(await client.load(digest))).toBe(digest);
    },
  ],
  [
    'lift a revocation',
    async () => {
      const attacker = new Attacker(honest);
      attacker.list('revocations.json', { schemaVersion: 1, registry: REGISTRY_ID, revocations: [] });
      const document = attacker.document('acme/thing') as Json;
      for (const release of document.releases) release.status = { state: 'active' };
      attacker.list('plugins/acme/thing.json', document).sign();
      const client = visit(attacker);
      await client.refresh();
      expect(await codeOf(() => client.install('acme/thing@0.9.0'))).toBe('NO_RELEASE');
      expect(await codeOf(() => client.load(digestOf('0.9.0')))).toBe('REVOKED');
      const older = new Attacker(honest);
      older.meta = { 'revocations.json': { version: 2 } };
      expect(await codeOf(() => visit(older.sign()).refresh())).toBe('FILE_MISSING');
    },
  ],
];

test.each(CLAIMS)('%s', async (sentence, attack) => {
  expect(SECURITY).toContain(sentence);
  await attack();
});

test('the paragraph claims nothing that is not tried here', () => {
  const paragraph = /A stolen \*\*online key\*\*.*?lift a revocation\./.exec(SECURITY)?.[0] ?? '';
  const rest = CLAIMS.reduce((text, [sentence]) => text.replace(sentence, ''), paragraph);
  expect(rest.replaceAll(/\b(?:or|and)\b|[,.\s]/g, '')).toBe('');
});

// The tools of somebody who holds online.pem and cosign.pem: a tree he may fill as he likes, and valid TUF metadata over it signed
// with the real online key. Only the offline keys are missing.
import { memoryStore, type TrustStore } from '@plugmark/client';
import { type FileTree, jsonFile, sha256 } from '@plugmark/publish';
import { canonicalBytes, type PackageDocument, type Release } from '@plugmark/schemas';
import { coSign } from '../../tools/publish/src/cosign.ts';
import { consistentName, type Signed, signRole, targetEntry } from '../../tools/publish/src/tuf/role.ts';
import { type Built, clientOf, jsonOf, rootOf } from '../testkit/office.ts';
import { honestModule, OFFICE_KEYS, REGISTRY_ID, signerOf } from '../testkit/registry-folder.ts';
import { ed25519Key } from '../testkit/test-keys.ts';

export const ONLINE = signerOf(OFFICE_KEYS.online);
export const COSIGN = signerOf(OFFICE_KEYS.cosign);
export const EVIL = ed25519Key('evil');

/** What the attacker may write: files of the tree, and what the online roles say. */
export class Attacker {
  readonly tree: FileTree;
  readonly honest: Built;
  readonly targets: Record<string, object>;
  versions = { documents: 2, snapshot: 2, timestamp: 2 };
  meta: Record<string, { version: number }> = {};
  expires = '2026-06-04T12:00:00Z';

  constructor(honest: Built) {
    this.honest = honest;
    this.tree = new Map(honest.tree);
    this.targets = { ...jsonOf(honest.tree, 'metadata/1.documents.json').signed.targets };
  }

  document(plugin: string): PackageDocument {
    return structuredClone(this.honest.documents.find((document) => document.plugin === plugin)) as PackageDocument;
  }

  list(path: string, value: unknown): this {
    const bytes = jsonFile(value);
    this.tree.set(`targets/${consistentName(path, sha256(bytes))}`, bytes);
    this.targets[path] = targetEntry(bytes);
    return this;
  }

  attest(bytes: Uint8Array): { sha256: string; size: number } {
    this.tree.set(`attestations/${sha256(bytes)}.json`, bytes);
    return { sha256: sha256(bytes), size: bytes.length };
  }

  blob(bytes: Uint8Array): { sha256: string; size: number } {
    this.tree.set(`blobs/sha256/${sha256(bytes)}.wasm`, bytes);
    return { sha256: sha256(bytes), size: bytes.length };
  }

  sign(): this {
    const { documents, snapshot, timestamp } = this.versions;
    const common = { spec_version: '1.0.31', expires: this.expires };
    const role = (signed: object): Uint8Array => signRole({ ...common, ...signed } as unknown as Signed, [ONLINE]);
    this.tree.set(
      `metadata/${documents}.documents.json`,
      role({ _type: 'targets', version: documents, targets: this.targets }),
    );
    const meta = {
      'documents.json': { version: documents },
      'revocations.json': { version: 1 },
      'targets.json': { version: 1 },
      ...this.meta,
    };
    const snapshotBytes = role({ _type: 'snapshot', version: snapshot, meta });
    this.tree.set(`metadata/${snapshot}.snapshot.json`, snapshotBytes);
    this.tree.set(
      'metadata/timestamp.json',
      role({
        _type: 'timestamp',
        version: timestamp,
        meta: { 'snapshot.json': { version: snapshot, ...targetEntry(snapshotBytes) } },
      }),
    );
    return this;
  }

  client(store: TrustStore = memoryStore()) {
    return clientOf((path) => this.tree.get(path), rootOf(this.honest), { store });
  }
}

export const BYTES = honestModule(66).build();
export type DocumentRelease = PackageDocument['releases'][number];

/** A release of acme/thing with the attacker's bytes, honest in every other way; `change` decides who signs. */
export async function forge(
  attacker: Attacker,
  bundleFor: (release: Release) => Promise<Uint8Array>,
): Promise<PackageDocument> {
  const document = attacker.document('acme/thing');
  const [newest] = document.releases as [DocumentRelease];
  const release: Release = { ...newest.release, version: '9.0.0', artifact: { kind: 'core', ...attacker.blob(BYTES) } };
  const publisher = attacker.attest(await bundleFor(release));
  const input = {
    registry: REGISTRY_ID,
    release,
    policySha256: '0'.repeat(64),
    levels: newest.levels,
    timeVerified: '2026-06-01T12:00:00Z',
  };
  const inputs = [publisher, ...newest.attestations.analyses].map((file, i) => ({ uri: `${i}`, sha256: file.sha256 }));
  const registry = attacker.attest(await coSign({ ...input, inputs }, COSIGN));
  document.releases.unshift({
    ...newest,
    release,
    manifestSha256: sha256(canonicalBytes(release)),
    attestations: { ...newest.attestations, publisher, registry },
  });
  return document;
}

// A registry in memory whose every part can be made wrong: plain mutable JSON for each document and each metadata file, and the keys to
// sign whatever they then say. All signatures are deterministic, so the vectors are a function of this folder.
import { createHash } from 'node:crypto';
import { canonicalJson, olpcJson } from '@plugmark/client/trust';
import type { TestKey } from '../testkit/test-keys.ts';
import type { ServedFile } from './served-file.ts';

// biome-ignore lint/suspicious/noExplicitAny: cases put any defect into any field
export type Json = any;

export interface Delegation {
  readonly name: string;
  readonly keys: readonly TestKey[];
  readonly threshold?: number;
  readonly terminating?: boolean;
  readonly paths?: readonly string[];
  readonly path_hash_prefixes?: readonly string[];
}

const TOP_LEVEL = ['root', 'timestamp', 'snapshot', 'targets'] as const;
const SPEC_VERSION = '1.0.31';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const jsonFile = (value: unknown): Uint8Array => canonicalJson(value);

/** TUF's own rule for ids; clients must not rely on it, strangers' libraries do. */
export function withTufKeyId(key: TestKey): TestKey {
  return { ...key, keyId: sha256(olpcJson(key.tuf)) };
}

/** A metadata file over `signedPart`. */
export function signed(signedPart: Json, keys: readonly TestKey[]): Uint8Array {
  const payload = olpcJson(signedPart);
  const signatures = keys.map(({ keyId, sign }) => ({
    keyid: keyId,
    sig: Buffer.from(sign(payload)).toString('hex'),
  }));
  return new TextEncoder().encode(JSON.stringify({ signatures, signed: signedPart }));
}

export class VectorRegistry {
  /** What the server answers, by path. */
  readonly files: Map<string, ServedFile> = new Map();
  readonly signers: Map<string, readonly TestKey[]> = new Map();
  /** Signed parts by role: `root`, `timestamp`, `snapshot`, `targets` and every delegated one. */
  readonly roles: Map<string, Json> = new Map();
  /** Documents by target path, and the role that lists each. */
  readonly documents: Map<string, { role: string; json: Json }> = new Map();
  #written: Map<string, string> = new Map();
  #rootSigners: readonly TestKey[] = [];

  constructor(expires: string) {
    for (const role of TOP_LEVEL)
      this.roles.set(role, { _type: role, spec_version: SPEC_VERSION, version: 0, expires });
    Object.assign(this.root, { consistent_snapshot: true, keys: {}, roles: {} });
    Object.assign(this.timestamp, { meta: {} });
    Object.assign(this.snapshot, { meta: {} });
    Object.assign(this.targets, { targets: {}, delegations: { keys: {}, roles: [] } });
  }

  get root(): Json {
    return this.roles.get('root');
  }
  get timestamp(): Json {
    return this.roles.get('timestamp');
  }
  get snapshot(): Json {
    return this.roles.get('snapshot');
  }
  get targets(): Json {
    return this.roles.get('targets');
  }
  role(name: string): Json {
    return this.roles.get(name);
  }

  /** A copy that can be changed alone. */
  clone(): VectorRegistry {
    const copy = new VectorRegistry('');
    for (const [path, file] of this.files) copy.files.set(path, file);
    for (const [role, keys] of this.signers) copy.signers.set(role, keys);
    for (const [role, json] of this.roles) copy.roles.set(role, structuredClone(json));
    for (const [path, document] of this.documents) copy.documents.set(path, structuredClone(document));
    copy.#written = new Map(this.#written);
    copy.#rootSigners = this.#rootSigners;
    return copy;
  }

  setKeys(role: (typeof TOP_LEVEL)[number], keys: readonly TestKey[], threshold: number = keys.length): void {
    for (const { keyId, tuf } of keys) this.root.keys[keyId] = tuf;
    this.root.roles[role] = { keyids: keys.map(({ keyId }) => keyId), threshold };
    this.signers.set(role, keys);
  }

  delegate({ name, keys, threshold = keys.length, terminating = true, ...covers }: Delegation): void {
    const { delegations } = this.targets;
    for (const { keyId, tuf } of keys) delegations.keys[keyId] = tuf;
    delegations.roles.push({ name, keyids: keys.map(({ keyId }) => keyId), threshold, terminating, ...covers });
    this.signers.set(name, keys);
    if (this.roles.has(name)) return;
    const { expires } = this.targets;
    this.roles.set(name, { _type: 'targets', spec_version: SPEC_VERSION, version: 0, expires, targets: {} });
  }

  /** The document at `path`, to be changed in place. */
  document(path: string): Json {
    const found = this.documents.get(path);
    if (found === undefined) throw new Error(`the registry has no ${path}`);
    return found.json;
  }

  plugin(id: string): Json {
    return this.document(`plugins/${id}.json`);
  }

  setDocument(path: string, json: Json, role = 'targets'): void {
    this.documents.set(path, { role, json });
  }

  /** Lists `bytes` at `path`, whatever they are. */
  listTarget(
    path: string,
    bytes: ServedFile,
    { role = 'targets', as = bytes }: { role?: string; as?: ServedFile } = {},
  ): void {
    const listed = as instanceof Uint8Array ? as : new Uint8Array();
    const digest = sha256(listed);
    this.role(role).targets[path] = { length: listed.length, hashes: { sha256: digest } };
    this.files.set(targetFile(path, digest), bytes);
  }

  /** Writes the next root, signed by its keys and by those of the one before. */
  publishRoot(signers: readonly TestKey[] = [...new Set([...this.#rootSigners, ...this.#keysOf('root')])]): void {
    this.root.version++;
    this.files.set(`metadata/${this.root.version}.root.json`, signed(this.root, signers));
    this.#rootSigners = this.#keysOf('root');
  }

  /** Lists every document as it stands, signs each role that changed, then snapshot and timestamp. */
  publish(): void {
    for (const [path, { role, json }] of this.documents) this.listTarget(path, jsonFile(json), { role });
    for (const name of this.roles.keys()) {
      if (['root', 'timestamp', 'snapshot'].includes(name)) continue;
      if (this.#written.get(name) !== this.#describe(name)) this.publishRole(name);
    }
    this.publishSnapshot();
  }

  publishRole(name: string): void {
    this.role(name).version++;
    this.writeRole(name);
    this.snapshot.meta[`${name}.json`] = { version: this.role(name).version };
    this.#written.set(name, this.#describe(name));
  }

  publishSnapshot(): void {
    this.snapshot.version++;
    this.writeSnapshot();
    this.publishTimestamp();
  }

  publishTimestamp(): void {
    this.timestamp.version++;
    this.writeTimestamp();
  }

  /** `version`: of the file's name, where it shall differ from the signed one. */
  writeRole(name: string, version: number = this.role(name).version): void {
    const path = `metadata/${version}.${encodeURIComponent(name)}.json`;
    this.files.set(path, signed(this.role(name), this.#keysOf(name)));
  }

  writeSnapshot(version: number = this.snapshot.version): void {
    const bytes = signed(this.snapshot, this.#keysOf('snapshot'));
    this.files.set(`metadata/${version}.snapshot.json`, bytes);
    this.timestamp.meta['snapshot.json'] = { version, length: bytes.length, hashes: { sha256: sha256(bytes) } };
  }

  writeTimestamp(): void {
    this.files.set('metadata/timestamp.json', signed(this.timestamp, this.#keysOf('timestamp')));
  }

  bytes(path: string): Uint8Array {
    const file = this.files.get(path);
    if (file instanceof Uint8Array) return file;
    throw new Error(`the registry serves no ${path}`);
  }

  /** Changes a served JSON file after it was signed. */
  tamper(path: string, change: (file: Json) => unknown): void {
    const json = JSON.parse(new TextDecoder().decode(this.bytes(path)));
    change(json);
    this.files.set(path, new TextEncoder().encode(JSON.stringify(json)));
  }

  #keysOf(role: string): readonly TestKey[] {
    return this.signers.get(role) ?? [];
  }

  #describe(name: string): string {
    const { version: _, ...rest } = this.role(name);
    return JSON.stringify([rest, this.#keysOf(name).map(({ keyId }) => keyId)]);
  }
}

/** The name under which a consistent-snapshot repository serves a target. */
export function targetFile(path: string, digest: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return `targets/${path.slice(0, slash)}${digest}.${path.slice(slash)}`;
}

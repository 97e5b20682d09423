// A TUF repository in memory, built with node:crypto only: what the client must accept, and by one edit anything it must
// refuse. Its signed parts are plain mutable JSON; `publish` writes whatever they say, right or wrong.
import { createHash } from 'node:crypto';
import { olpcJson } from '@plugmark/client/trust';
import { ed25519Key, type TestKey } from './test-keys.ts';

/** The fixed clock of every test. */
export const NOW: Date = new Date('2026-03-01T12:00:00Z');

// biome-ignore lint/suspicious/noExplicitAny: tests put any defect into any field
export type Json = any;

export interface Delegation {
  readonly name: string;
  readonly parent?: string;
  readonly keys?: readonly TestKey[];
  readonly threshold?: number;
  readonly terminating?: boolean;
  readonly paths?: readonly string[];
  readonly path_hash_prefixes?: readonly string[];
}

export interface RepositoryOptions {
  /** Keys of a top-level role; one Ed25519 key each by default. */
  readonly keys?: Partial<Record<string, readonly TestKey[]>>;
  readonly isConsistent?: boolean;
  /** Put length and hashes of targets files into the snapshot (ours lists versions only). */
  readonly hashesInSnapshot?: boolean;
}

const TOP_LEVEL = ['root', 'timestamp', 'snapshot', 'targets'];
const LATER = '2026-04-01T00:00:00Z';

export class TufRepository {
  /** What the server serves, by path. */
  readonly files: Map<string, Uint8Array> = new Map();
  /** Paths asked for, in order. */
  readonly requests: string[] = [];
  readonly signers: Map<string, TestKey[]> = new Map();
  root: Json;
  timestamp: Json;
  snapshot: Json;
  /** The signed part of `targets` and of every delegated role. */
  readonly roles: Map<string, Json> = new Map();
  readonly #options: RepositoryOptions;
  #rootSigners: readonly TestKey[] = [];

  constructor(options: RepositoryOptions = {}) {
    this.#options = options;
    const common = (type: string) => ({ _type: type, spec_version: '1.0.31', version: 1, expires: LATER });
    this.root = { ...common('root'), consistent_snapshot: options.isConsistent ?? true, keys: {}, roles: {} };
    this.timestamp = { ...common('timestamp'), version: 0, meta: {} };
    this.snapshot = { ...common('snapshot'), version: 0, meta: {} };
    this.roles.set('targets', { ...common('targets'), version: 0, targets: {} });
    for (const role of TOP_LEVEL) this.setKeys(role, options.keys?.[role] ?? [ed25519Key(role)]);
    this.writeRoot();
    this.publish();
  }

  get targets(): Json {
    return this.roles.get('targets');
  }

  /** The first root, which a host would ship. */
  get firstRoot(): Uint8Array {
    return this.file('metadata/1.root.json');
  }

  file(path: string): Uint8Array {
    const bytes = this.files.get(path);
    if (!bytes) throw new Error(`the test repository has no ${path}`);
    return bytes;
  }

  /** As the client's `fetchFile`; ignores the limit, as a bad one would. */
  readonly fetchFile = async (path: string): Promise<Uint8Array | undefined> => {
    this.requests.push(path);
    return this.files.get(decodeURIComponent(path));
  };

  /** Names the keys of a top-level role in the root (not yet written) and signs with them from now on. */
  setKeys(role: string, keys: readonly TestKey[], threshold: number = keys.length): void {
    for (const key of keys) this.root.keys[key.keyId] = key.tuf;
    this.root.roles[role] = { keyids: keys.map((key) => key.keyId), threshold };
    this.signers.set(role, [...keys]);
  }

  /** Writes the next root, signed by the keys of this one and of the one before. */
  publishRoot(): void {
    this.root.version++;
    this.writeRoot();
  }

  writeRoot(): void {
    const previous = this.#rootSigners;
    const keys = [...new Set([...previous, ...(this.signers.get('root') ?? [])])];
    this.files.set(`metadata/${this.root.version}.root.json`, signed(this.root, keys));
    this.#rootSigners = this.signers.get('root') ?? [];
  }

  delegate(delegation: Delegation): void {
    const {
      name,
      parent = 'targets',
      keys = [ed25519Key(name)],
      threshold = keys.length,
      terminating = false,
    } = delegation;
    const delegator = this.roles.get(parent);
    delegator.delegations ??= { keys: {}, roles: [] };
    for (const key of keys) delegator.delegations.keys[key.keyId] = key.tuf;
    const { paths, path_hash_prefixes } = delegation;
    const keyids = keys.map((key) => key.keyId);
    delegator.delegations.roles.push({
      name,
      keyids,
      threshold,
      terminating,
      ...(paths ? { paths } : {}),
      ...(path_hash_prefixes ? { path_hash_prefixes } : {}),
    });
    if (!this.roles.has(name)) this.addRole(name, keys);
  }

  /** A targets file without a delegation to it, for succinct roles and for defects. */
  addRole(name: string, keys: readonly TestKey[]): void {
    this.signers.set(name, [...keys]);
    this.roles.set(name, { _type: 'targets', spec_version: '1.0.31', version: 0, expires: LATER, targets: {} });
  }

  addTarget(path: string, content: string | Uint8Array, role = 'targets'): void {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const sha256 = hash('sha256', bytes);
    this.roles.get(role).targets[path] = { length: bytes.length, hashes: { sha256 } };
    const slash = path.lastIndexOf('/') + 1;
    const prefix = this.root.consistent_snapshot ? `${sha256}.` : '';
    this.files.set(`targets/${path.slice(0, slash)}${prefix}${path.slice(slash)}`, bytes);
  }

  /** Writes every targets file, the snapshot and the timestamp, each one version up. */
  publish(): void {
    for (const [name, role] of this.roles) {
      role.version++;
      this.writeRole(name);
    }
    this.publishSnapshot();
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

  /** Signs a targets file as it stands and lists it in the snapshot (not yet written). */
  writeRole(name: string): void {
    const signedPart = this.roles.get(name);
    const bytes = this.#write(name, signedPart);
    const facts = this.#options.hashesInSnapshot ? describe(bytes) : {};
    this.snapshot.meta[`${name}.json`] = { version: signedPart.version, ...facts };
  }

  writeSnapshot(): void {
    const bytes = this.#write('snapshot', this.snapshot);
    this.timestamp.meta['snapshot.json'] = { version: this.snapshot.version, ...describe(bytes) };
  }

  writeTimestamp(): void {
    this.files.set('metadata/timestamp.json', signed(this.timestamp, this.signers.get('timestamp') ?? []));
  }

  /** Changes a served file after it was signed. */
  tamper(path: string, change: (file: Json) => void): void {
    const file = JSON.parse(new TextDecoder().decode(this.file(path)));
    change(file);
    this.files.set(path, new TextEncoder().encode(JSON.stringify(file)));
  }

  #write(role: string, signedPart: Json): Uint8Array {
    const bytes = signed(signedPart, this.signers.get(role) ?? []);
    const prefix = this.root.consistent_snapshot ? `${signedPart.version}.` : '';
    this.files.set(`metadata/${prefix}${role}.json`, bytes);
    return bytes;
  }
}

/** A metadata file over `signedPart`, signed by `keys`, as compact JSON. */
export function signed(signedPart: Json, keys: readonly TestKey[]): Uint8Array {
  const payload = olpcJson(signedPart);
  const signatures = keys.map((key) => ({ keyid: key.keyId, sig: Buffer.from(key.sign(payload)).toString('hex') }));
  return new TextEncoder().encode(JSON.stringify({ signatures, signed: signedPart }));
}

function describe(bytes: Uint8Array): { length: number; hashes: { sha256: string } } {
  return { length: bytes.length, hashes: { sha256: hash('sha256', bytes) } };
}

export function hash(algorithm: 'sha256' | 'sha512', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

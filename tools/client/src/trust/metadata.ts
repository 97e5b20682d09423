// The four TUF metadata types (TUF 1.0 section 4) and their readers, by hand to stay small. Field names are the wire's.
// Unknown fields are ignored as section 4.1 asks; a known field of the wrong type is refused, never repaired.
// Names chosen by others (roles, paths, key ids) live in Maps only.
import { fromHex } from './bytes.ts';
import { olpcJson } from './canonical.ts';
import type { TufKey } from './keys.ts';
import {
  anyObject,
  boolean,
  distinct,
  integer,
  list,
  literal,
  map,
  matching,
  object,
  optional,
  type Place,
  type Reader,
  readJson,
  refuse,
  string,
  where,
} from './shape.ts';

/** A metadata file whose signatures nobody has checked yet. */
export interface Envelope {
  readonly signed: Record<string, unknown>;
  /** By key id. */
  readonly signatures: ReadonlyMap<string, Uint8Array>;
  /** The bytes the signatures cover. */
  readonly payload: Uint8Array;
}

export interface Signed {
  readonly version: number;
  readonly expires: Date;
}

export interface Role {
  readonly keyids: readonly string[];
  readonly threshold: number;
}

/** Where the keys of a role come from: the root, or the targets file that delegates to it. */
export interface Delegator {
  readonly keys: ReadonlyMap<string, TufKey>;
}

type TopLevelRole = 'root' | 'timestamp' | 'snapshot' | 'targets';

export interface Root extends Signed, Delegator {
  readonly consistent_snapshot: boolean;
  readonly roles: Readonly<Record<TopLevelRole, Role>>;
}

/** What a trusted file says about another one. */
export interface FileInfo {
  readonly length: number | undefined;
  /** Lower-case hex. Present without a known algorithm, it makes the file unacceptable, not unchecked. */
  readonly hashes: { readonly sha256: string | undefined; readonly sha512: string | undefined } | undefined;
}

export interface MetaFile extends FileInfo {
  readonly version: number;
}

export interface TargetFile extends FileInfo {
  readonly length: number;
}

export interface Timestamp extends Signed {
  readonly meta: { readonly 'snapshot.json': MetaFile };
}

/** `meta` by file name, such as `targets.json`. */
export interface Snapshot extends Signed {
  readonly meta: ReadonlyMap<string, MetaFile>;
}

export interface DelegatedRole extends Role {
  readonly name: string;
  readonly terminating: boolean;
  readonly paths: readonly string[] | undefined;
  readonly path_hash_prefixes: readonly string[] | undefined;
}

/** TAP 15: 2^bit_length roles named `<prefix>-<hex>`, one for every value of the first bits of the path's hash. */
export interface SuccinctRoles extends Role {
  readonly bit_length: number;
  readonly name_prefix: string;
}

export interface Delegations extends Delegator {
  readonly roles: readonly DelegatedRole[] | undefined;
  readonly succinct_roles: SuccinctRoles | undefined;
}

/** The top-level targets file and every delegated one. */
export interface Targets extends Signed {
  readonly targets: ReadonlyMap<string, TargetFile>;
  readonly delegations: Delegations | undefined;
}

/** Parses a metadata file without believing a word of it. Throws METADATA_MALFORMED. */
export function readEnvelope(bytes: Uint8Array, role: string): Envelope {
  const at = place(role);
  const { signed, signatures } = readJson(bytes, at, ENVELOPE);
  const byKey = new Map<string, Uint8Array>();
  // A signature that is not hex counts as absent: empty ones stand for signatures still to come.
  for (const { keyid, sig } of signatures) byKey.set(keyid, fromHex(sig) ?? new Uint8Array());
  try {
    return { signed, signatures: byKey, payload: olpcJson(signed) };
  } catch (cause) {
    return refuse(at, cause);
  }
}

export function place(role: string): Place {
  return { code: 'METADATA_MALFORMED', path: role };
}

interface SignatureEntry {
  readonly keyid: string;
  readonly sig: string;
}

const ENVELOPE: Reader<{ signed: Record<string, unknown>; signatures: SignatureEntry[] }> = object({
  signed: anyObject,
  // TUF 4.2: key ids are unique in the list, whatever the threshold.
  signatures: distinct(object<SignatureEntry>({ keyid: string, sig: string }), (entry) => entry.keyid),
});

/** The type is signed, so a file of one role cannot stand in for one of another type under a shared key. */
const common = (type: TopLevelRole) => ({
  _type: literal(type),
  spec_version: matching(/^1\.\d/),
  version: integer(1),
  expires: date,
});

/** Exactly YYYY-MM-DDTHH:MM:SSZ (TUF 4.2): date parsers disagree on everything else, 31 February included. */
function date(value: unknown, at: Place): Date {
  const read = new Date(string(value, at));
  if (Number.isNaN(+read) || read.toISOString().replace('.000', '') !== value) refuse(at);
  return read;
}

const ROLE_FIELDS = {
  keyids: distinct(string, (id) => id),
  threshold: integer(1),
};
const ROLE: Reader<Role> = object<Role>(ROLE_FIELDS);

const KEYS: Reader<Map<string, TufKey>> = map(
  object<TufKey>({
    keytype: string,
    scheme: string,
    keyval: object<TufKey['keyval']>({ public: optional(string) }),
  }),
);

const HASHES = object<NonNullable<FileInfo['hashes']>>({
  sha256: optional(matching(/^[\da-f]{64}$/)),
  sha512: optional(matching(/^[\da-f]{128}$/)),
});
const META_FILE = object<MetaFile>({
  version: integer(1),
  length: optional(integer(0)),
  hashes: optional(HASHES),
});

const DELEGATED_ROLE = where(
  object<DelegatedRole>({
    ...ROLE_FIELDS,
    // The others have files with fixed names: a delegated "timestamp" would be read from the real one's.
    name: where(string, (name) => !/^(root|timestamp|snapshot|targets)$/.test(name)),
    terminating: boolean,
    paths: optional(list(string)),
    path_hash_prefixes: optional(list(string)),
  }),
  (role) => !role.paths !== !role.path_hash_prefixes,
);
const DELEGATIONS = where(
  object<Delegations>({
    keys: KEYS,
    roles: optional(distinct(DELEGATED_ROLE, (role) => role.name)),
    succinct_roles: optional(
      object<SuccinctRoles>({ ...ROLE_FIELDS, bit_length: integer(1, 32), name_prefix: string }),
    ),
  }),
  (delegations) => !delegations.roles !== !delegations.succinct_roles,
);

export const ROOT: Reader<Root> = object({
  ...common('root'),
  consistent_snapshot: boolean,
  keys: KEYS,
  roles: object<Root['roles']>({ root: ROLE, timestamp: ROLE, snapshot: ROLE, targets: ROLE }),
});
export const TIMESTAMP: Reader<Timestamp> = object({
  ...common('timestamp'),
  meta: object<Timestamp['meta']>({ 'snapshot.json': META_FILE }),
});
export const SNAPSHOT: Reader<Snapshot> = object({ ...common('snapshot'), meta: map(META_FILE) });
export const TARGETS: Reader<Targets> = object({
  ...common('targets'),
  targets: map(object<TargetFile>({ length: integer(0), hashes: HASHES })),
  delegations: optional(DELEGATIONS),
});

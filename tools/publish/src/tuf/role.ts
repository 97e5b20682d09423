// One signed TUF file: how keys are written, what is signed, and when an old signature may stand. Our own author and signer:
// @tufjs/models takes quadratic time in the number of targets.

import { olpcJson } from '@plugmark/client/trust';
import { parseJson, RoleHead, TufMetadata } from '@plugmark/schemas';
import { sha256 } from '../digest.ts';
import { PublishError } from '../error.ts';
import { jsonFile } from '../file-tree.ts';
import type { KeySigner } from '../key-signer.ts';

const SPEC_VERSION = '1.0.31';

/** TUF 1.0 section 4.2.1. Ed25519 is written as hexadecimal of the raw key, P-256 as PEM. */
export interface TufKey {
  readonly keytype: string;
  readonly scheme: string;
  readonly keyval: { readonly public: string };
}

const RAW_ED25519_LENGTH = 32;

export function tufKey({ algorithm, publicPem, spki }: Pick<KeySigner, 'algorithm' | 'publicPem' | 'spki'>): TufKey {
  if (algorithm === 'ecdsa-p256')
    return { keytype: 'ecdsa', scheme: 'ecdsa-sha2-nistp256', keyval: { public: publicPem } };
  return {
    keytype: 'ed25519',
    scheme: 'ed25519',
    keyval: { public: Buffer.from(spki.slice(-RAW_ED25519_LENGTH)).toString('hex') },
  };
}

/** TUF's key id: the sha256 of the key object's canonical form. Not the same as our `keyId`. */
export function tufKeyId(key: TufKey): string {
  return sha256(olpcJson(key));
}

/** The part of a metadata file that is signed. */
export type Signed = TufMetadata['signed'];
export type SignedRole<T extends Signed['_type']> = Extract<Signed, { _type: T }>;

/** The file: the signed part with one signature per signer. */
export function signRole(signed: Signed, signers: readonly KeySigner[]): Uint8Array {
  return jsonFile({ signatures: signatures(signed, signers), signed });
}

/** The file with the signers' signatures beside those it has; a signer's earlier one is replaced. The signed part is not touched. */
export function addSignatures(file: Uint8Array, signers: readonly KeySigner[]): Uint8Array {
  const before = parseJson(TufMetadata, file, 'metadata');
  const added = signatures(before.signed, signers);
  const kept = before.signatures.filter(({ keyid }) => added.every((signature) => signature.keyid !== keyid));
  return jsonFile({ signatures: [...kept, ...added], signed: before.signed });
}

function signatures(signed: Signed, signers: readonly KeySigner[]): { keyid: string; sig: string }[] {
  const message = olpcJson(signed);
  return signers.map((signer) => ({
    keyid: tufKeyId(tufKey(signer)),
    sig: Buffer.from(signer.sign(message)).toString('hex'),
  }));
}

/** The signed part of a file of ours. Signatures are not checked: that is the client's part, and the self-check runs it. Throws TRUST_MISMATCH. */
export function readRole<T extends Signed['_type']>(bytes: Uint8Array, type: T, where: string): SignedRole<T> {
  const { signed } = parseJson(TufMetadata, bytes, where);
  // Taken for absent, its version would start at 1 again, which every client refuses as a rollback.
  if (signed._type !== type)
    throw new PublishError('TRUST_MISMATCH', where, `is metadata of the kind ${signed._type}, not ${type}`);
  return signed as SignedRole<T>;
}

/** What a role should say, and until when an old file that says it may stand. */
export interface RoleWish<T extends Signed['_type']> {
  readonly type: T;
  /** Everything of the signed part but its version and expiry. */
  readonly content: object;
  readonly expires: string;
  readonly previous: Uint8Array | undefined;
  readonly where: string;
  /** An old signature stands until this much before its end. */
  readonly renewBefore: Date;
}

/** The next version of a role, without a signature; undefined while the previous file says the same, lasts long enough and `isSigned`. */
export function nextRole<T extends Signed['_type']>(
  wish: RoleWish<T>,
  isSigned: (keyids: readonly string[]) => boolean,
): Signed | undefined {
  const { type, content, expires, previous, where, renewBefore } = wish;
  const before = previous && readHead(previous, type, where);
  const same = before && { _type: type, spec_version: SPEC_VERSION, ...content, ...before.signed };
  if (before !== undefined && previous !== undefined && new Date(before.signed.expires) > renewBefore)
    if (endsWith(previous, jsonFile({ signed: same })) && isSigned(before.keyids)) return undefined;
  const version = (before?.signed.version ?? 0) + 1;
  return { _type: type, spec_version: SPEC_VERSION, ...content, version, expires } as unknown as Signed;
}

/**
 * Version, end and signers of a file of ours, read without its content: hundreds of roles stand unchanged in every build, and what they
 * list is compared as bytes.
 */
function readHead(
  bytes: Uint8Array,
  type: Signed['_type'],
  where: string,
): { signed: Head; keyids: readonly string[] } {
  const { signatures, signed } = parseJson(RoleHead, bytes, where);
  if (signed._type !== type)
    throw new PublishError('TRUST_MISMATCH', where, `is metadata of the kind ${signed._type}, not ${type}`);
  const { version, expires } = signed;
  return { signed: { version, expires }, keyids: signatures.map(({ keyid }) => keyid).sort() };
}

type Head = Pick<RoleHead['signed'], 'version' | 'expires'>;

/** In canonical form `signatures` comes before `signed`: a file ends with its signed part. `tail` begins with the brace left out there. */
function endsWith(file: Uint8Array, tail: Uint8Array): boolean {
  const end = tail.subarray(1);
  return file.length > end.length && Buffer.compare(file.subarray(file.length - end.length), end) === 0;
}

export interface RenewOptions {
  readonly previous: Uint8Array | undefined;
  readonly signers: readonly KeySigner[];
  readonly where: string;
  readonly renewBefore: Date;
}

/** The signed file of a role whose keys are at hand: the previous bytes while they stand, signed by exactly these; else the next version. */
export function renewRole<T extends Signed['_type']>(
  type: T,
  content: object,
  expires: string,
  { previous, signers, where, renewBefore }: RenewOptions,
): Uint8Array {
  const keys = signers.map((signer) => tufKeyId(tufKey(signer))).sort();
  const next = nextRole(
    { type, content, expires, previous, where, renewBefore },
    (keyids) => keyids.join() === keys.join(),
  );
  // Without a next version there was a previous file, and it stands.
  return next === undefined ? (previous as Uint8Array) : signRole(next, signers);
}

/** A target as a role lists it. */
export interface TargetEntry {
  readonly length: number;
  readonly hashes: { readonly sha256: string };
}

export function targetEntry(bytes: Uint8Array): TargetEntry {
  return { length: bytes.length, hashes: { sha256: sha256(bytes) } };
}

/** The consistent-snapshot name, below `targets/`: `<dir>/<sha256>.<name>`. */
export function consistentName(path: string, digest: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return `${path.slice(0, slash)}${digest}.${path.slice(slash)}`;
}

// One signed TUF file: how keys are written, what is signed, and when an old signature may stand. Our own author and signer:
// @tufjs/models takes quadratic time in the number of targets.

import { olpcJson } from '@plugmark/client/trust';
import { parseJson, TufMetadata } from '@plugmark/schemas';
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
  const message = olpcJson(signed);
  const signatures = signers.map((signer) => ({
    keyid: tufKeyId(tufKey(signer)),
    sig: Buffer.from(signer.sign(message)).toString('hex'),
  }));
  return jsonFile({ signatures, signed });
}

/** The signed part of a file of ours. Signatures are not checked: that is the client's part, and the self-check runs it. Throws TRUST_MISMATCH. */
export function readRole<T extends Signed['_type']>(bytes: Uint8Array, type: T, where: string): SignedRole<T> {
  const { signed } = parseJson(TufMetadata, bytes, where);
  // Taken for absent, its version would start at 1 again, which every client refuses as a rollback.
  if (signed._type !== type)
    throw new PublishError('TRUST_MISMATCH', where, `is metadata of the kind ${signed._type}, not ${type}`);
  return signed as SignedRole<T>;
}

/** The key ids that signed a file of ours. */
function signersOf(bytes: Uint8Array, where: string): string[] {
  return parseJson(TufMetadata, bytes, where)
    .signatures.map(({ keyid }) => keyid)
    .sort();
}

export interface RenewOptions {
  readonly previous: Uint8Array | undefined;
  readonly signers: readonly KeySigner[];
  readonly where: string;
  /** An old signature stands until this much before its end. */
  readonly renewBefore: Date;
}

/**
 * The next file of a role: the previous bytes while they say the same, were signed by the same keys and last long enough; else
 * the next version. `content` is everything of the signed part but its version and expiry.
 */
export function renewRole<T extends Signed['_type']>(
  type: T,
  content: object,
  expires: string,
  { previous, signers, where, renewBefore }: RenewOptions,
): Uint8Array {
  const before = previous && readRole(previous, type, where);
  if (
    previous !== undefined &&
    before !== undefined &&
    stands(previous, before, content, { signers, where, renewBefore })
  )
    return previous;
  const version = (before?.version ?? 0) + 1;
  return signRole(
    { _type: type, spec_version: SPEC_VERSION, ...content, version, expires } as unknown as Signed,
    signers,
  );
}

function stands(
  bytes: Uint8Array,
  before: Signed,
  content: object,
  { signers, where, renewBefore }: Omit<RenewOptions, 'previous'>,
): boolean {
  const { _type, spec_version, version, expires, ...said } = before as Signed & Record<string, unknown>;
  const keys = signers.map((signer) => tufKeyId(tufKey(signer))).sort();
  return (
    new Date(expires) > renewBefore &&
    signersOf(bytes, where).join() === keys.join() &&
    sha256(jsonFile(said)) === sha256(jsonFile(content)) &&
    spec_version === SPEC_VERSION
  );
}

/** A target as a role lists it. */
export function targetEntry(bytes: Uint8Array): { length: number; hashes: { sha256: string } } {
  return { length: bytes.length, hashes: { sha256: sha256(bytes) } };
}

/** The consistent-snapshot name, below `targets/`: `<dir>/<sha256>.<name>`. */
export function consistentName(path: string, digest: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return `${path.slice(0, slash)}${digest}.${path.slice(slash)}`;
}

// verifySigstoreBundle: the steps of the Sigstore client specification in order. It says who signed, when, and what; whether that
// person may sign this is another question (identity-pins.ts), and so is what the payload means (verify-release.ts).
import { ClientError } from '../error.ts';
import { equalBytes, sha256, toHex } from '../trust/bytes.ts';
import { IN_TOTO_PAYLOAD_TYPE, parseStatement } from '../trust/statement.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { PURPOSE, verifyChain } from './certificate-chain.ts';
import { type CertificateClaims, certificateClaims } from './certificate-claims.ts';
import { verifyDigest } from './ecdsa-digest.ts';
import { requireLogged } from './log-body.ts';
import { promisedTime, requireIncluded } from './log-entry.ts';
import { importPublicKey, type PublicKey } from './public-key.ts';
import { requireLoggedCertificate } from './sct.ts';
import { parseSigstoreBundle, type SignedContent, type SigstoreBundle } from './sigstore-bundle.ts';
import { verifyTimestamp } from './timestamp.ts';
import type { TrustedRoot } from './trusted-root.ts';

/** Bytes, or their digest alone. Of an envelope the artifact is a subject of the statement. */
export type Artifact = { readonly bytes: Uint8Array } | { readonly sha256: Uint8Array };

/** What a bundle is checked against. */
export interface SigstoreRequest {
  readonly trustedRoot: TrustedRoot;
  /** Without it only the signature is checked; an envelope's payload must then be looked at by the caller. */
  readonly artifact?: Artifact | undefined;
  /** SubjectPublicKeyInfo, for a bundle signed by a key. A bundle's own hint never chooses it. */
  readonly key?: Uint8Array | undefined;
}

/** What a bundle says once everything in it was checked. */
export interface VerifiedBundle {
  /** Undefined for a bundle signed by a key. */
  readonly claims: CertificateClaims | undefined;
  /** Trusted times of the signature, milliseconds since 1970, ascending; at least one for a certificate. */
  readonly times: readonly number[];
  readonly content: SignedContent;
  readonly entries: readonly { readonly log: string; readonly logIndex: number }[];
}

/** Throws ClientError, whatever the bytes are: BUNDLE_MALFORMED, CERTIFICATE_*, TIME_MISSING, TIMESTAMP_INVALID, LOG_*, KEY_*, SIGNATURE_INVALID, STATEMENT_*. */
export async function verifySigstoreBundle(bytes: Uint8Array, request: SigstoreRequest): Promise<VerifiedBundle> {
  const { trustedRoot, artifact } = request;
  const bundle = parseSigstoreBundle(bytes);
  const times = await trustedTimes(bundle, trustedRoot);
  const signer = await signerOf(bundle, times, request);
  const needsEntry = signer.claims !== undefined;
  await requireEntries(bundle, { times, trustedRoot, signer: signer.der, artifact, needsEntry });
  await requireSignature(bundle.content, signer.key, artifact);
  return {
    claims: signer.claims,
    times,
    content: bundle.content,
    entries: placesOf(bundle, trustedRoot),
  };
}

/** Where each entry can be looked up. Without a promise the number beside the entry is vouched for by nobody, that of the proof is. */
export function placesOf({ entries }: SigstoreBundle, { logs }: TrustedRoot): VerifiedBundle['entries'] {
  return entries.map(({ logId, logIndex, promise, proof }) => ({
    log: logs.find(({ id }) => id === logId)?.name ?? '',
    logIndex: promise === undefined ? (proof?.logIndex ?? logIndex) : logIndex,
  }));
}

/** Every time that is given must verify: one bad among good ones is an attempt at something. */
export async function trustedTimes(
  { timestamps, entries, content }: SigstoreBundle,
  root: TrustedRoot,
): Promise<number[]> {
  const stamped = timestamps.map((response) => verifyTimestamp(response, content.signature, root.timestampAuthorities));
  const promised = entries.map((entry) => promisedTime(entry, root.logs));
  const times = await Promise.all([...stamped, ...promised]);
  return times.filter((time) => time !== undefined).sort((a, b) => a - b);
}

interface SignerKey {
  readonly key: PublicKey;
  /** What a log entry must name: the certificate, or the key. */
  readonly der: Uint8Array;
  readonly claims: CertificateClaims | undefined;
}

async function signerOf(
  { certificate: der, others }: SigstoreBundle,
  times: readonly number[],
  { key: spki, trustedRoot }: SigstoreRequest,
): Promise<SignerKey> {
  if (der === undefined) {
    if (spki === undefined) throw new ClientError('KEY_UNKNOWN');
    return { key: await importPublicKey(spki), der: spki, claims: undefined };
  }
  if (spki !== undefined) throw new ClientError('KEY_UNKNOWN', { what: 'the bundle is signed through a certificate' });
  const leaf = parseCertificate(der);
  requireNoAnchor(others.map(parseCertificate));
  if (times.length === 0) throw new ClientError('TIME_MISSING');
  let issuer: Certificate | undefined;
  for (const at of times)
    issuer = await verifyChain(leaf, { authorities: trustedRoot.authorities, at, purpose: PURPOSE.codeSigning });
  if (issuer !== undefined) await requireLoggedCertificate(leaf, issuer, trustedRoot.certificateLogs);
  return { key: await importPublicKey(leaf.spki), der, claims: certificateClaims(leaf) };
}

/** A bundle must not bring its own anchor (client specification, section on bundles): somebody might trust it. */
function requireNoAnchor(others: readonly Certificate[]): void {
  if (others.some(({ subject, issuer }) => equalBytes(subject, issuer)))
    throw new ClientError('BUNDLE_MALFORMED', { what: 'a root certificate' });
}

interface EntryContext {
  readonly times: readonly number[];
  readonly trustedRoot: TrustedRoot;
  readonly signer: Uint8Array;
  readonly artifact: Artifact | undefined;
  /** A certificate counts because it was used in public; a listed key counts because it is listed. */
  readonly needsEntry: boolean;
}

async function requireEntries({ entries, content }: SigstoreBundle, context: EntryContext): Promise<void> {
  const { times, trustedRoot, signer, artifact, needsEntry } = context;
  if (entries.length === 0 && needsEntry) throw new ClientError('LOG_ENTRY_MISSING');
  const artifactSha256 = artifact && (await digestOf(artifact));
  for (const entry of entries) {
    await requireIncluded(entry, trustedRoot.logs, times);
    await requireLogged(entry, content, { signer, artifactSha256 });
  }
}

async function digestOf(artifact: Artifact): Promise<Uint8Array> {
  return 'bytes' in artifact ? sha256(artifact.bytes) : artifact.sha256;
}

async function requireSignature(content: SignedContent, key: PublicKey, artifact: Artifact | undefined): Promise<void> {
  if (content.kind === 'envelope') {
    if (!(await key.verify(content.signature, content.encoded))) throw new ClientError('SIGNATURE_INVALID');
    if (artifact !== undefined) requireSubject(content, toHex(await digestOf(artifact)));
    return;
  }
  if (artifact === undefined) throw new ClientError('STATEMENT_MISMATCH', { what: 'no artifact was given' });
  const digest = await digestOf(artifact);
  if (content.digest !== undefined && !equalBytes(content.digest, digest))
    throw new ClientError('STATEMENT_MISMATCH', {
      what: 'digest',
      actual: toHex(content.digest),
      expected: toHex(digest),
    });
  if (!(await verifyMessage(content.signature, key, artifact))) throw new ClientError('SIGNATURE_INVALID');
}

async function verifyMessage(signature: Uint8Array, key: PublicKey, artifact: Artifact): Promise<boolean> {
  if ('bytes' in artifact) return key.verify(signature, artifact.bytes);
  if (key.point === undefined) throw new ClientError('KEY_UNSUPPORTED', { what: 'a digest alone, with this key' });
  return verifyDigest(key.point, signature, artifact.sha256);
}

function requireSubject({ payloadType, payload }: SignedContent & { kind: 'envelope' }, expected: string): void {
  const subjects = payloadType === IN_TOTO_PAYLOAD_TYPE ? parseStatement(payload).subject : [];
  if (subjects.some(({ digest }) => digest.get('sha256') === expected)) return;
  throw new ClientError('STATEMENT_MISMATCH', { what: 'subject', expected });
}

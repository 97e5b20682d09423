// The two marks on a release: the publisher's statement and the registry's co-signature, both against lists that were signed
// offline. Nothing here fetches; nothing here believes what a bundle says about its own key.
import type { DocumentRelease, PackageDocument } from './documents/package-document.ts';
import { LEVELS } from './documents/package-document.ts';
import type { CosignKeys, Identity, Upstreams, VerifiedPublishers } from './documents/publishers.ts';
import type { Release } from './documents/release.ts';
import { ClientError } from './error.ts';
import { fromBase64, sha256, toHex } from './trust/bytes.ts';
import { canonicalJson } from './trust/canonical.ts';
import { type Bundle, type PublisherKey, parseBundle, verifyKeyBundle } from './trust/dsse.ts';
import { IN_TOTO_PAYLOAD_TYPE, matchSubject, parseStatement, type Statement } from './trust/statement.ts';

const PUBLISH_PREDICATE = 'https://plugmark.github.io/attestation/publish/v1';
const VSA_PREDICATE = 'https://slsa.dev/verification_summary/v1';

/** A workflow that may sign: of a publisher, or the registry's own (which pins fewer members). */
export type KeylessWorkflow = Extract<Identity | CosignKeys['identities'][number], { readonly kind: 'keyless' }>;

/** A signature through a certificate, by a listed workflow, at a time a log or an authority vouches for. */
export interface KeylessSignature {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  /** The certificate's alternative name: for people and records. */
  readonly signer: string;
  /** What the certificate says about the run, as far as it says it. */
  readonly workflow: WorkflowRun;
  /** Milliseconds since 1970, ascending; never empty. */
  readonly times: readonly number[];
  readonly entries: readonly { readonly log: string; readonly logIndex: number }[];
}

/** What a certificate says about the run that signed: from its extensions, never from the bundle. */
export interface WorkflowRun {
  readonly issuer?: string | undefined;
  readonly repository?: string | undefined;
  readonly repositoryId?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly ref?: string | undefined;
  readonly trigger?: string | undefined;
  readonly run?: string | undefined;
}

/** Checks what takes certificates, logs and timestamps; loaded only when a bundle needs it. */
export interface KeylessVerifier {
  /** The signature, or a ClientError. `workflows` are the accepted ones, never taken from the bundle. */
  verify(
    bundle: Uint8Array,
    workflows: readonly KeylessWorkflow[],
    release: { readonly version: string },
  ): Promise<KeylessSignature>;
  /** Trusted times of a bundle signed by this key (SPKI, DER), milliseconds since 1970; empty when nothing vouches for one. */
  times(bundle: Uint8Array, spki: Uint8Array): Promise<readonly number[]>;
}

/** `() => import('@plugmark/client/sigstore')` anywhere, `() => import('@plugmark/client/node')` under Node. */
export type LoadKeyless = () => Promise<{
  readonly keylessVerifier: (trustedRoot: Uint8Array) => Promise<KeylessVerifier>;
}>;

/** What a mark turned out to be. Only `verified` counts; `notChecked` never does. */
export type SignatureState = 'verified' | 'notChecked' | 'notSigned' | 'verificationFailed';

/**
 * Who stands behind a plugin. `built-in` and `verified` come from the offline-signed list, `community` is everybody else, `local` is a
 * file of the user.
 */
export type Tier = 'built-in' | 'verified' | 'community' | 'local';

/** Tier comes from the offline-signed list alone, and a process is never more than community: it can do anything the account can. */
export function tierOf(
  { plugin, artifact }: Pick<Release, 'plugin' | 'artifact'>,
  { publishers }: VerifiedPublishers,
): Tier {
  if (artifact.kind === 'process') return 'community';
  const publisher = publishers.get(publisherOf(plugin));
  if (publisher === undefined) return 'community';
  return publisher.builtIn === true ? 'built-in' : 'verified';
}

function publisherOf(plugin: string): string {
  return plugin.slice(0, plugin.indexOf('/'));
}

/** Who may sign for a plugin: the offline-signed list for verified publishers, the document's own for the others. */
export function acceptedIdentities(document: PackageDocument, { publishers }: VerifiedPublishers): readonly Identity[] {
  return publishers.get(publisherOf(document.plugin))?.identities ?? document.publisher.identities;
}

/** The registry a statement must name: this one, or a listed upstream for a mirrored document. Throws ORIGIN_UNKNOWN. */
export function signedFor({ registry, origin, plugin }: PackageDocument, { upstreams }: Upstreams): string {
  if (origin === undefined) return registry;
  const known = upstreams.some(
    ({ id, root, namespaces }) =>
      id === origin.registryId &&
      root.sha256 === origin.rootSha256 &&
      // An upstream speaks for the namespaces it is listed for; for any where none is named.
      (namespaces.length === 0 || namespaces.includes(publisherOf(plugin))),
  );
  if (known) return origin.registryId;
  throw new ClientError('ORIGIN_UNKNOWN', { origin: origin.registryId });
}

/** The digest the publisher signed: of the release's canonical JSON. Throws MANIFEST_MISMATCH when the document names another. */
export async function manifestDigest({ release, manifestSha256 }: DocumentRelease): Promise<string> {
  const actual = toHex(await sha256(canonicalJson(release.json)));
  if (actual === manifestSha256) return actual;
  throw new ClientError('MANIFEST_MISMATCH', { actual, expected: manifestSha256 });
}

/** What a publisher's statement must say. */
export interface PublishClaim {
  readonly plugin: string;
  readonly version: string;
  readonly registry: string;
  readonly sha256: string;
  readonly manifestSha256: string;
}

/** Who signed and how, after the bundle verified. */
export interface VerifiedSigner {
  /** A key id, or the certificate's alternative name. */
  readonly signer: string;
  /** For a signature through a certificate. */
  readonly workflow?: WorkflowRun;
  /** Earliest trusted time, milliseconds since 1970; absent where nothing trusted says it. */
  readonly signedAt?: number;
  readonly entries?: KeylessSignature['entries'];
}

/**
 * Checks the publisher's bundle against the accepted identities and what it must say. Throws BUNDLE_*, KEY_*, SIGNATURE_INVALID,
 * STATEMENT_*, and through `keyless` CERTIFICATE_*, TIME_*, LOG_*, IDENTITY_*.
 */
export async function verifyPublisher(
  bundleBytes: Uint8Array,
  claim: PublishClaim,
  accepted: { readonly identities: readonly Identity[]; readonly keyless?: KeylessVerifier | undefined },
): Promise<VerifiedSigner> {
  const { payload, payloadType, ...signer } = await openBundle(bundleBytes, claim.version, accepted);
  const statement = readStatement(payloadType, payload, PUBLISH_PREDICATE);
  matchSubject(statement, { name: `${claim.plugin}@${claim.version}`, sha256: claim.sha256 });
  const { plugin, version, registry } = claim;
  const expected = { plugin, version, registry, manifest: { digest: { sha256: claim.manifestSha256 } } };
  requireEqual(statement.predicate, expected);
  return signer;
}

/** As verifyPublisher, for whoever shows a state rather than installs. Only a refusal becomes a state; other errors pass through. */
export async function publisherState(
  bundle: Uint8Array | undefined,
  claim: PublishClaim,
  accepted: Parameters<typeof verifyPublisher>[2],
): Promise<{ readonly state: SignatureState; readonly signer?: VerifiedSigner; readonly refusal?: ClientError }> {
  if (bundle === undefined) return { state: 'notSigned' };
  try {
    return { state: 'verified', signer: await verifyPublisher(bundle, claim, accepted) };
  } catch (refusal) {
    if (!(refusal instanceof ClientError)) throw refusal;
    return { state: refusal.code === 'BUNDLE_KEYLESS' ? 'notChecked' : 'verificationFailed', refusal };
  }
}

interface Accepted {
  readonly identities: readonly (Identity | CosignKeys['identities'][number])[];
  readonly keyless?: KeylessVerifier | undefined;
}

type OpenedBundle = VerifiedSigner & { readonly payload: Uint8Array; readonly payloadType: string };

async function openBundle(
  bytes: Uint8Array,
  version: string,
  { identities, keyless }: Accepted,
): Promise<OpenedBundle> {
  const bundle: Bundle = parseBundle(bytes);
  if (bundle.certificate !== undefined && keyless !== undefined) {
    const workflows = identities.filter((identity) => identity.kind === 'keyless');
    const { times, ...signature } = await keyless.verify(bytes, workflows, { version });
    return { ...signature, ...(times[0] === undefined ? {} : { signedAt: times[0] }) };
  }
  const keys = identities.filter((identity) => identity.kind === 'key');
  const { payload, payloadType, keyId } = await verifyKeyBundle(bundle, keys.map(asPublisherKey));
  const key = keys.find((listed) => listed.keyId === keyId);
  const signedAt = key?.to === undefined ? undefined : await timeWithin(bytes, key, keyless);
  return { payload, payloadType, signer: keyId, ...(signedAt === undefined ? {} : { signedAt }) };
}

type ListedKey = Extract<Accepted['identities'][number], { readonly kind: 'key' }>;

function asPublisherKey({ keyId, publicKey }: ListedKey): PublisherKey {
  return { keyId, spki: publicKey };
}

/**
 * A key whose time has ended: whoever took it later could date a signature back, so only a time that somebody else vouches for counts.
 * Without an end nothing is asked: a key that must not count any more is taken off the list.
 */
async function timeWithin(bundle: Uint8Array, key: ListedKey, keyless: KeylessVerifier | undefined): Promise<number> {
  const spki = fromBase64(key.publicKey) ?? new Uint8Array();
  const times = keyless === undefined ? [] : await keyless.times(bundle, spki);
  const [start, end] = [Date.parse(key.from), Date.parse(key.to ?? '')];
  const [first] = times;
  if (first !== undefined && times.every((at) => start <= at && at <= end)) return first;
  const details = { keyId: key.keyId, from: key.from, to: key.to, at: first && new Date(first).toISOString() };
  throw new ClientError('KEY_WINDOW', details);
}

function readStatement(payloadType: string, payload: Uint8Array, predicateType: string): Statement {
  if (payloadType !== IN_TOTO_PAYLOAD_TYPE) throw mismatch('payloadType', payloadType, IN_TOTO_PAYLOAD_TYPE);
  const statement = parseStatement(payload);
  if (statement.subject.length !== 1) throw mismatch('subjects', statement.subject.length, 1);
  if (statement.predicateType !== predicateType)
    throw mismatch('predicateType', statement.predicateType, predicateType);
  return statement;
}

/** The predicate is exactly the expected one: no member more or less, so that nothing unread rides along. */
function requireEqual(actual: Readonly<Record<string, unknown>>, expected: Readonly<Record<string, unknown>>): void {
  const [left, right] = [actual, expected].map((value) => new TextDecoder().decode(canonicalJson(value)));
  if (left !== right) throw mismatch('predicate', left ?? '', right ?? '');
}

function mismatch(what: string, actual: string | number, expected: string | number): ClientError {
  return new ClientError('STATEMENT_MISMATCH', { what, actual, expected });
}

/** What the registry's co-signature must be about. */
export interface CosignClaim {
  readonly registry: string;
  readonly plugin: string;
  readonly version: string;
  readonly sha256: string;
  /** Digests of the publisher's bundle and the analysis report, which the co-signature must name as its inputs. */
  readonly inputs: readonly string[];
}

/**
 * The levels a co-signature vouches for, after the steps of SLSA VSA v1: signature, subject, predicate type, verifier, resource,
 * PASSED, levels. Throws BUNDLE_*, KEY_*, SIGNATURE_INVALID, STATEMENT_*, COSIGNATURE_INVALID.
 */
export async function verifyCosignature(
  bundleBytes: Uint8Array,
  claim: CosignClaim,
  keys: CosignKeys,
  keyless?: KeylessVerifier,
): Promise<readonly string[]> {
  const accepted = { identities: keys.identities, keyless };
  const { payload, payloadType } = await openBundle(bundleBytes, claim.version, accepted);
  const statement = readStatement(payloadType, payload, VSA_PREDICATE);
  matchSubject(statement, { name: `${claim.plugin}@${claim.version}`, sha256: claim.sha256 });
  const { verifier, resourceUri, verificationResult, verifiedLevels, inputAttestations } = statement.predicate;
  requireCosign('verifier', member(verifier, 'id'), keys.verifier);
  requireCosign('resourceUri', resourceUri, `plugmark:${claim.registry}/${claim.plugin}@${claim.version}`);
  requireCosign('verificationResult', verificationResult, 'PASSED');
  const inputs = list(inputAttestations).map((input) => member(member(input, 'digest'), 'sha256'));
  for (const wanted of claim.inputs)
    if (!inputs.includes(wanted)) requireCosign('inputAttestations', inputs.join(', '), wanted);
  return list(verifiedLevels).filter((level): level is string => LEVELS.some((known) => known === level));
}

function requireCosign(what: string, actual: unknown, expected: string): void {
  if (actual === expected) return;
  const details = { what, actual: String(actual), expected };
  throw new ClientError('COSIGNATURE_INVALID', details);
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

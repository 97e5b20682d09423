// Who may sign: what a verified certificate claims against what an offline-signed list pins. Numbers decide, names may change hands.
// Pure; every way to differ has its own code. Nothing here is a pattern: texts are compared with ===.
import { ClientError, type ClientErrorCode } from '../error.ts';
import { type CertificateClaims, CLAIM_OIDS, type ClaimName } from './certificate-claims.ts';

/** A workflow as publishers.json lists it. The registry's own, in cosign-keys.json, pins fewer members. */
export interface PinnedWorkflow {
  readonly issuer: string;
  readonly repositoryId: string;
  readonly ownerId?: string | undefined;
  /** Workflow file without its ref. */
  readonly buildConfig?: string | undefined;
  /** The reusable workflow that signs: a file, or a file `@` a ref or commit. */
  readonly buildSigner?: string | undefined;
  /** `tag`, or a branch ref. */
  readonly ref?: string | undefined;
  readonly triggers?: readonly string[] | undefined;
  readonly runner?: string | undefined;
  readonly subject?: string | undefined;
  readonly from: string;
  readonly to?: string | undefined;
}

/** What a certificate says, when it was used, and for which version. */
export interface SigningContext {
  readonly claims: CertificateClaims;
  /** Trusted times, milliseconds since 1970. */
  readonly times: readonly number[];
  readonly version: string;
}

/** A pin that does not hold: what is listed and what the certificate says. */
export interface Mismatch {
  readonly code: ClientErrorCode;
  readonly actual: string | undefined;
  readonly expected: string;
}

interface Pin {
  readonly code: ClientErrorCode;
  readonly claim: ClaimName | 'subject';
  /** What the claim must be; undefined where the identity pins nothing. An array: any of them. */
  readonly expected: (identity: PinnedWorkflow, context: SigningContext) => string | readonly string[] | undefined;
}

/** Runs with the secrets of the base repository on code of whoever opened a pull request. Never listed, whatever a list says. */
const UNTRUSTED_TRIGGER = 'pull_request_target';

/** In the order a person would ask: whose, which repository, which file, why it ran, where, for what. */
export const PINS: readonly Pin[] = [
  { code: 'IDENTITY_ISSUER', claim: 'issuer', expected: ({ issuer }) => issuer },
  { code: 'IDENTITY_REPOSITORY', claim: 'repositoryId', expected: ({ repositoryId }) => repositoryId },
  { code: 'IDENTITY_OWNER', claim: 'ownerId', expected: ({ ownerId }) => ownerId },
  {
    code: 'IDENTITY_WORKFLOW',
    claim: 'buildConfig',
    // The file is that of the ref that was built; a file of another ref is another text.
    expected: ({ buildConfig }, { claims }) => buildConfig && `${buildConfig}@${claims.ref}`,
  },
  {
    code: 'IDENTITY_TRIGGER',
    claim: 'trigger',
    expected: ({ triggers }, { claims }) =>
      triggers?.filter((trigger) => trigger !== UNTRUSTED_TRIGGER) ??
      (claims.trigger === UNTRUSTED_TRIGGER ? [] : undefined),
  },
  { code: 'IDENTITY_RUNNER', claim: 'runner', expected: ({ runner }) => runner },
  {
    code: 'IDENTITY_REF',
    claim: 'ref',
    expected: ({ ref }, { version }) => (ref === 'tag' ? `refs/tags/v${version}` : ref),
  },
  { code: 'IDENTITY_BUILD_SIGNER', claim: 'buildSigner', expected: expectedSigner },
  { code: 'IDENTITY_SUBJECT', claim: 'subject', expected: ({ subject }) => subject },
];

/**
 * Without a pinned one the workflow itself must have signed: a reusable workflow that it calls is somebody else's code. A pin may name
 * the file alone, the file at a ref, or the file at a commit, which the certificate states apart (.10).
 */
function expectedSigner({ buildSigner, buildConfig }: PinnedWorkflow, { claims }: SigningContext): string | undefined {
  if (buildSigner === undefined) return buildConfig && claims.buildConfig;
  const [file = '', at] = buildSigner.split('@');
  const isCommit = at !== undefined && /^[0-9a-f]{40}$/.test(at);
  if (at !== undefined && !isCommit) return buildSigner;
  if (isCommit && claims.buildSignerDigest !== at) return buildSigner;
  const ref = claims.buildSigner?.startsWith(`${file}@`) ? claims.buildSigner.slice(file.length + 1) : '';
  return `${file}@${ref}`;
}

/** Every pin that does not hold, in the table's order; empty for the identity that signed. */
export function mismatches(identity: PinnedWorkflow, context: SigningContext): Mismatch[] {
  const found = PINS.flatMap(({ code, claim, expected }): Mismatch[] => {
    const wanted = expected(identity, context);
    const actual = context.claims[claim];
    if (wanted === undefined || (typeof wanted === 'string' ? actual === wanted : wanted.some((one) => actual === one)))
      return [];
    return [{ code, actual, expected: typeof wanted === 'string' ? wanted : wanted.join(', ') }];
  });
  return [...found, ...outsideWindow(identity, context.times)];
}

/** A window of an identity or a key, against every trusted time; there must be one. */
function outsideWindow(
  { from, to }: { readonly from: string; readonly to?: string | undefined },
  times: readonly number[],
): Mismatch[] {
  const [start, end] = [Date.parse(from), to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to)];
  const wrong = times.find((at) => !(start <= at && at <= end));
  if (wrong === undefined && times.length > 0) return [];
  const actual = wrong === undefined ? undefined : new Date(wrong).toISOString();
  return [{ code: 'IDENTITY_WINDOW', actual, expected: `${from} to ${to ?? 'now'}` }];
}

/** The identity that signed. Throws IDENTITY_*: of the nearest one its first mismatch, since that is what a person has to mend. */
export function requireIdentity<T extends PinnedWorkflow>(identities: readonly T[], context: SigningContext): T {
  let nearest: Mismatch[] | undefined;
  for (const identity of identities) {
    const found = mismatches(identity, context);
    if (found.length === 0) return identity;
    if (nearest === undefined || found.length < nearest.length) nearest = found;
  }
  const { subject } = context.claims;
  const [first] = nearest ?? [];
  if (first === undefined) throw new ClientError('IDENTITY_UNLISTED', { subject });
  const { code, actual, expected } = first;
  const claim = PINS.find((pin) => pin.code === code)?.claim;
  const oid = claim === undefined || claim === 'subject' ? undefined : CLAIM_OIDS[claim];
  throw new ClientError(code, { actual, expected, subject, oid: oid && `1.3.6.1.4.1.57264.1.${oid}` });
}

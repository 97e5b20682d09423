// The same port for Node, over the Sigstore project's own verifier. What that library leaves open is closed here: it reads policy
// strings as patterns and most claims not at all, ignores the artifact of an envelope, takes a trusted root without dates, and lets
// other errors than its own escape.
import { type Bundle, bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot as LibraryRoot } from '@sigstore/protobuf-specs';
import { type Signer, toSignedEntity, toTrustMaterial, VerificationError, Verifier } from '@sigstore/verify';
import { ClientError, type ClientErrorCode } from '../error.ts';
import { claimsFrom } from '../sigstore/certificate-claims.ts';
import { identified, keyTimes } from '../sigstore/keyless-verifier.ts';
import { parseSigstoreBundle } from '../sigstore/sigstore-bundle.ts';
import { parseTrustedRoot } from '../sigstore/trusted-root.ts';
import { trustedTimes, type VerifiedBundle } from '../sigstore/verify-bundle.ts';
import { fromUtf8 } from '../trust/bytes.ts';
import type { KeylessVerifier } from '../verify-release.ts';

const CODES: Readonly<Record<VerificationError['code'], ClientErrorCode>> = {
  NOT_IMPLEMENTED_ERROR: 'BUNDLE_MALFORMED',
  TLOG_ERROR: 'LOG_ENTRY_MISSING',
  TLOG_INCLUSION_PROOF_ERROR: 'LOG_PROOF_INVALID',
  TLOG_INCLUSION_PROMISE_ERROR: 'LOG_PROMISE_INVALID',
  TLOG_MISSING_INCLUSION_ERROR: 'LOG_PROOF_INVALID',
  TLOG_BODY_ERROR: 'LOG_ENTRY_MISMATCH',
  CERTIFICATE_ERROR: 'CERTIFICATE_UNTRUSTED',
  PUBLIC_KEY_ERROR: 'KEY_UNKNOWN',
  SIGNATURE_ERROR: 'SIGNATURE_INVALID',
  TIMESTAMP_ERROR: 'TIMESTAMP_INVALID',
};

/** As `keylessVerifier` of `@plugmark/client/sigstore`. Throws TRUSTED_ROOT_MALFORMED. */
export async function keylessVerifier(trustedRoot: Uint8Array): Promise<KeylessVerifier> {
  // Ours first: it insists that every entry says from when it counts.
  const root = await parseTrustedRoot(trustedRoot);
  const verifier = new Verifier(toTrustMaterial(LibraryRoot.fromJSON(JSON.parse(fromUtf8(trustedRoot))), noKey));
  return {
    async verify(bytes, workflows, { version }) {
      const bundle = readBundle(bytes);
      const parsed = parseSigstoreBundle(bytes);
      const { identity } = libraryVerdict(() => verifier.verify(toSignedEntity(bundle)));
      const verified: VerifiedBundle = {
        claims: identity?.subjectAlternativeName === undefined ? undefined : claimsOf(identity),
        times: await trustedTimes(parsed, root),
        content: parsed.content,
        entries: parsed.entries.map(({ logId, logIndex }) => ({
          log: root.logs.find(({ id }) => id === logId)?.name ?? '',
          logIndex,
        })),
      };
      return identified(verified, workflows, version);
    },
    times: (bundle, spki) => keyTimes(bundle, spki, root),
  };
}

/** Keys are checked by the client's own code; here no hint finds one, whatever it says (`constructor` is a hint too). */
function noKey(): never {
  throw new ClientError('KEY_UNKNOWN');
}

function readBundle(bytes: Uint8Array): Bundle {
  try {
    return bundleFromJSON(JSON.parse(fromUtf8(bytes)));
  } catch (cause) {
    throw new ClientError('BUNDLE_MALFORMED', {}, cause);
  }
}

/** Malformed bundles make the library throw SyntaxError, TypeError and RangeError too; none of them means verified. */
function libraryVerdict(verify: () => Signer): Signer {
  try {
    return verify();
  } catch (cause) {
    if (cause instanceof ClientError) throw cause;
    const code = cause instanceof VerificationError ? CODES[cause.code] : 'BUNDLE_MALFORMED';
    throw new ClientError(code, {}, cause);
  }
}

function claimsOf({
  subjectAlternativeName: subject = '',
  oids = [],
}: NonNullable<Signer['identity']>): NonNullable<VerifiedBundle['claims']> {
  const values = new Map(oids.map(({ oid, value }) => [oid?.id.join('.'), new Uint8Array(value)]));
  return { subject, ...claimsFrom((oid) => values.get(oid)) };
}

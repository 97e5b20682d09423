// The same port for Node, over the Sigstore project's own verifier. What that library leaves open is closed here: it reads policy
// strings as patterns and most claims not at all, ignores the artifact of an envelope, takes a trusted root without dates, and lets
// other errors than its own escape.
import { isDeepStrictEqual } from 'node:util';
import type { Signer, VerificationError } from '@sigstore/verify';
import { ClientError, type ClientErrorCode } from '../error.ts';
import { parseCertificate } from '../sigstore/certificate.ts';
import { certificateClaims, claimsFrom } from '../sigstore/certificate-claims.ts';
import { identified, keyTimes } from '../sigstore/keyless-verifier.ts';
import { parseSigstoreBundle } from '../sigstore/sigstore-bundle.ts';
import { parseTrustedRoot } from '../sigstore/trusted-root.ts';
import { placesOf, trustedTimes, type VerifiedBundle } from '../sigstore/verify-bundle.ts';
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
  const verify = await loadLibrary(trustedRoot);
  return {
    async verify(bytes, workflows, { version }) {
      const parsed = parseSigstoreBundle(bytes);
      const { identity } = verify(bytes);
      const verified: VerifiedBundle = {
        claims: identity && agreedClaims(identity, parsed.certificate),
        times: await trustedTimes(parsed, root),
        content: parsed.content,
        entries: placesOf(parsed, root),
      };
      return identified(verified, workflows, version);
    },
    times: (bundle, spki) => keyTimes(bundle, spki, root),
  };
}

/** The library's verdict on a bundle's bytes, always a signer or a ClientError. Loaded here, since most programs never need it. */
async function loadLibrary(trustedRoot: Uint8Array): Promise<(bundle: Uint8Array) => Signer> {
  const [{ bundleFromJSON }, { TrustedRoot }, { toSignedEntity, toTrustMaterial, VerificationError, Verifier }] =
    await Promise.all([import('@sigstore/bundle'), import('@sigstore/protobuf-specs'), import('@sigstore/verify')]);
  const json = (bytes: Uint8Array): unknown => JSON.parse(fromUtf8(bytes));
  const material = guarded('TRUSTED_ROOT_MALFORMED', () =>
    toTrustMaterial(TrustedRoot.fromJSON(json(trustedRoot)), noKey),
  );
  const verifier = new Verifier(material);
  return (bytes) => {
    const entity = guarded('BUNDLE_MALFORMED', () => toSignedEntity(bundleFromJSON(json(bytes))));
    try {
      return verifier.verify(entity);
    } catch (cause) {
      if (cause instanceof ClientError) throw cause;
      // Malformed bundles make the library throw SyntaxError, TypeError and RangeError too; none of them means verified.
      const code = cause instanceof VerificationError ? CODES[cause.code] : undefined;
      throw new ClientError(code ?? 'BUNDLE_MALFORMED', {}, cause);
    }
  };
}

function guarded<T>(code: ClientErrorCode, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new ClientError(code, {}, cause);
  }
}

/** Keys are checked by the client's own code; here no hint finds one, whatever it says (`constructor` is a hint too). */
function noKey(): never {
  throw new ClientError('KEY_UNKNOWN');
}

/** As the library read them and as we do: a certificate that two readers understand differently identifies nobody. */
function agreedClaims(
  { subjectAlternativeName: subject, oids = [] }: NonNullable<Signer['identity']>,
  certificate: Uint8Array | undefined,
): VerifiedBundle['claims'] {
  if (certificate === undefined) return undefined;
  const values = new Map(oids.map(({ oid, value }) => [oid?.id.join('.'), new Uint8Array(value)]));
  const theirs = { subject, ...claimsFrom((oid) => values.get(oid)) };
  const ours = certificateClaims(parseCertificate(certificate));
  if (isDeepStrictEqual({ ...theirs }, { ...ours })) return ours;
  throw new ClientError('CERTIFICATE_MALFORMED', { what: 'claims' });
}

// The verifier for bundles that were signed through a certificate, over WebCrypto alone: for browsers, webviews and every runtime
// without Node. Loaded when the first such bundle is met.
import { ClientError } from '../error.ts';
import { IN_TOTO_PAYLOAD_TYPE } from '../trust/statement.ts';
import type { KeylessSignature, KeylessVerifier, KeylessWorkflow } from '../verify-release.ts';
import { requireIdentity } from './identity-pins.ts';
import { parseTrustedRoot, type TrustedRoot } from './trusted-root.ts';
import { type VerifiedBundle, verifySigstoreBundle } from './verify-bundle.ts';

/** `trustedRoot` is trusted_root.json as the offline-signed metadata lists it. Throws TRUSTED_ROOT_MALFORMED. */
export async function keylessVerifier(trustedRoot: Uint8Array): Promise<KeylessVerifier> {
  const root = await parseTrustedRoot(trustedRoot);
  return {
    verify: async (bundle, workflows, { version }) =>
      identified(await verifySigstoreBundle(bundle, { trustedRoot: root }), workflows, version),
    times: (bundle, spki) => keyTimes(bundle, spki, root),
  };
}

/** The signature, after one of the listed workflows was found to have made it. Throws IDENTITY_*, BUNDLE_MALFORMED. */
export function identified(
  { claims, times, content, entries }: VerifiedBundle,
  workflows: readonly KeylessWorkflow[],
  version: string,
): KeylessSignature {
  if (claims === undefined || content.kind !== 'envelope') throw new ClientError('BUNDLE_MALFORMED');
  // A payload of another type must not be read as a statement, whoever signed it.
  if (content.payloadType !== IN_TOTO_PAYLOAD_TYPE)
    throw new ClientError('STATEMENT_MISMATCH', { what: 'payloadType', actual: content.payloadType });
  requireIdentity(workflows, { claims, times, version });
  const { payloadType, payload } = content;
  const { subject, issuer, repository, repositoryId, ownerId, ref, trigger, run } = claims;
  const workflow = { issuer, repository, repositoryId, ownerId, ref, trigger, run };
  return { payloadType, payload, signer: subject, workflow, times, entries };
}

/** Trusted times of a signature by a listed key. */
export async function keyTimes(
  bundle: Uint8Array,
  key: Uint8Array,
  trustedRoot: TrustedRoot,
): Promise<readonly number[]> {
  return (await verifySigstoreBundle(bundle, { trustedRoot, key })).times;
}

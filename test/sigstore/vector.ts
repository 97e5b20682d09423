// The shape of test/vectors/sigstore and the run of one of them: no Node in here, the same code runs in a page.
import {
  ClientError,
  type CosignClaim,
  type CosignKeys,
  type Identity,
  type LoadKeyless,
  type PublishClaim,
  verifyCosignature,
  verifyPublisher,
} from '@plugmark/client';

/** A bundle, what it must be about, and who may have signed. */
export type SigstoreVector =
  | { readonly mark: 'publisher'; readonly claim: PublishClaim; readonly identities: readonly Identity[] }
  | { readonly mark: 'registry'; readonly claim: CosignClaim; readonly keys: CosignKeys };

export interface SigstoreOutcome {
  readonly code?: string;
  readonly signer?: string;
  readonly levels?: readonly string[];
}

export interface VectorFiles {
  readonly input: SigstoreVector;
  readonly bundle: Uint8Array;
  readonly trustedRoot: Uint8Array;
}

/** Anything but a ClientError is a fault of the client and ends the test. */
export async function runVector(
  { input, bundle, trustedRoot }: VectorFiles,
  { keylessVerifier }: Awaited<ReturnType<LoadKeyless>>,
): Promise<SigstoreOutcome> {
  try {
    const keyless = await keylessVerifier(trustedRoot);
    if (input.mark === 'registry') return { levels: await verifyCosignature(bundle, input.claim, input.keys, keyless) };
    const { signer } = await verifyPublisher(bundle, input.claim, { identities: input.identities, keyless });
    return { signer };
  } catch (error) {
    if (error instanceof ClientError) return { code: error.code };
    throw error;
  }
}

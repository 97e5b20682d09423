// Signs an in-toto statement as a DSSE envelope in a Sigstore bundle v0.3, through @sigstore/sign's builder, so that key and keyless
// signatures leave by the same door.

import { canonicalBytes, STATEMENT_PAYLOAD_TYPE } from '@plugmark/schemas';
import { bundleToJSON } from '@sigstore/bundle';
import type { BundleBuilder, Signature, Signer } from '@sigstore/sign';
import { jsonFile } from './file-tree.ts';
import type { KeySigner } from './key-signer.ts';
import { type KeylessSigner, refusedSigning } from './keyless-signer.ts';

/** Services are asked again when they do not answer, and given up within half a minute. */
const FETCH = { timeout: 10_000, retry: { retries: 2, minTimeout: 300 } };

/** A long-lived key, or a workflow's identity. */
export type StatementSigner = KeySigner | KeylessSigner;

/** The bundle's bytes (canonical JSON). The statement is signed in its canonical form. Throws TOKEN_MISSING, SIGNING_FAILED. */
export async function signStatement(statement: object, signer: StatementSigner): Promise<Uint8Array> {
  const content = { data: Buffer.from(canonicalBytes(statement)), type: STATEMENT_PAYLOAD_TYPE };
  try {
    return jsonFile(bundleToJSON(await (await builderFor(signer)).create(content)));
  } catch (cause) {
    throw refusedSigning(cause);
  }
}

/** The library is loaded when something is signed: it takes longer to load than most commands to run. */
async function builderFor(signer: StatementSigner): Promise<BundleBuilder> {
  const { bundleBuilderFromSigningConfig, DSSEBundleBuilder, TSAWitness } = await import('@sigstore/sign');
  if (!('kind' in signer)) {
    const witnesses = signer.timestampUrl === undefined ? [] : [new TSAWitness({ tsaBaseURL: signer.timestampUrl })];
    return new DSSEBundleBuilder({ signer: sigstoreSigner(signer), witnesses });
  }
  const { config: signingConfig, identity: identityProvider } = signer;
  return bundleBuilderFromSigningConfig({
    signingConfig,
    identityProvider,
    bundleType: 'dsseEnvelope',
    fetchOptions: FETCH,
  });
}

function sigstoreSigner({ keyId, publicPem, sign }: KeySigner): Signer {
  return {
    sign: async (data: Buffer): Promise<Signature> => ({
      signature: Buffer.from(sign(data)),
      key: { $case: 'publicKey', publicKey: publicPem, hint: keyId },
    }),
  };
}

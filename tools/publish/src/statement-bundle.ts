// Signs an in-toto statement as a DSSE envelope in a Sigstore bundle v0.3, through @sigstore/sign's builder and its Signer port,
// so that key and keyless signatures leave by the same door.

import { canonicalBytes, STATEMENT_PAYLOAD_TYPE } from '@plugmark/schemas';
import { bundleToJSON } from '@sigstore/bundle';
import { DSSEBundleBuilder, type Signature, type Signer } from '@sigstore/sign';
import { jsonFile } from './file-tree.ts';
import type { KeySigner } from './key-signer.ts';

/** The bundle's bytes (canonical JSON). The statement is signed in its canonical form. */
export async function signStatement(statement: object, signer: KeySigner): Promise<Uint8Array> {
  const builder = new DSSEBundleBuilder({ signer: sigstoreSigner(signer), witnesses: [] });
  const bundle = await builder.create({ data: Buffer.from(canonicalBytes(statement)), type: STATEMENT_PAYLOAD_TYPE });
  return jsonFile(bundleToJSON(bundle));
}

function sigstoreSigner({ keyId, publicPem, sign }: KeySigner): Signer {
  return {
    sign: async (data: Buffer): Promise<Signature> => ({
      signature: Buffer.from(sign(data)),
      key: { $case: 'publicKey', publicKey: publicPem, hint: keyId },
    }),
  };
}

// The same case for @sigstore/verify with what the Node client puts around it: the trusted root must be whole, identities are compared
// and never matched, and whatever else it throws is a refusal. From a digest it cannot check a message's signature itself.
import { createHash, createPublicKey } from 'node:crypto';
import { ClientError } from '@plugmark/client';
import { parseTrustedRoot, verifyDigest } from '@plugmark/client/sigstore';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type SignedEntity, toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import type { SigstoreCase } from './sigstore-case.ts';

export async function verifyLibraryCase(given: SigstoreCase): Promise<string> {
  const { bundle, trustedRoot, artifact, key, identity, issuer } = given;
  try {
    await parseTrustedRoot(trustedRoot);
    const root = TrustedRoot.fromJSON(JSON.parse(text(trustedRoot)));
    const publicKey = key === undefined ? undefined : createPublicKey(key);
    const material = toTrustMaterial(root, () => {
      if (publicKey === undefined) throw new ClientError('KEY_UNKNOWN');
      return { publicKey, validFor: () => true };
    });
    const signer = new Verifier(material, { timestampThreshold: publicKey === undefined ? 1 : 0 }).verify(
      entity(bundle, artifact),
    );
    const { subjectAlternativeName, extensions } = signer.identity ?? {};
    if (publicKey === undefined && (subjectAlternativeName !== identity || extensions?.issuer !== issuer))
      return 'IDENTITY';
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name;
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The library ignores the artifact of an envelope, and takes a message only as a whole. */
function entity(bytes: Uint8Array, artifact: SigstoreCase['artifact']): SignedEntity {
  const bundle = bundleFromJSON(JSON.parse(text(bytes)));
  const digest =
    'bytes' in artifact ? createHash('sha256').update(artifact.bytes).digest() : Buffer.from(artifact.sha256);
  if (bundle.content.$case === 'dsseEnvelope') {
    const { subject } = JSON.parse(bundle.content.dsseEnvelope.payload.toString()) as {
      subject: { digest: { sha256?: string } }[];
    };
    if (!subject.some((one) => one.digest.sha256 === digest.toString('hex')))
      throw new ClientError('STATEMENT_MISMATCH');
    return toSignedEntity(bundle);
  }
  const { messageDigest, signature } = bundle.content.messageSignature;
  if (!digest.equals(messageDigest.digest)) throw new ClientError('STATEMENT_MISMATCH');
  if ('bytes' in artifact) return toSignedEntity(bundle, Buffer.from(artifact.bytes));
  const whole = toSignedEntity(bundle, Buffer.alloc(0));
  return {
    ...whole,
    signature: {
      signature,
      compareSignature: (other) => other.equals(signature),
      compareDigest: (other) => other.equals(digest),
      compareSignedDigest: (other) => other.equals(digest),
      verifySignature: (key) =>
        verifyDigest(key.export({ type: 'spki', format: 'der' }).subarray(-64), signature, digest),
    },
  };
}

// Rekor v2: hashedrekord and dsse 0.0.2 entries; answers with a proof and no time, which a timestamp authority gives.

import { verifyDigest } from '@plugmark/client/sigstore';
import { canonicalJson } from '@plugmark/client/trust';
import { DevError } from '../dev-error.ts';
import {
  checkEnvelope,
  type DsseEnvelope,
  type EntrySigner,
  signerFromCertificate,
  signerFromPem,
} from './entry-signature.ts';
import { digest, spkiOf } from './keys.ts';
import type { Log } from './log.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const KEY_DETAILS = 'PKIX_ECDSA_P256_SHA_256';

interface Verifier {
  readonly keyDetails?: string;
  readonly x509Certificate?: { readonly rawBytes: string };
  readonly publicKey?: { readonly rawBytes: string };
}

interface CreateEntry {
  readonly hashedRekordRequestV002?: {
    readonly digest: string;
    readonly signature: { readonly content: string; readonly verifier: Verifier };
  };
  readonly dsseRequestV002?: { readonly envelope: DsseEnvelope; readonly verifiers: readonly Verifier[] };
}

/** POST /api/v2/log/entries to a TransparencyLogEntry. Throws REQUEST_INVALID, SIGNATURE_INVALID. */
export function createEntryV2(log: Log, request: unknown): object {
  const { kind, spec } = accept(request as CreateEntry);
  const body = canonicalJson({ apiVersion: '0.0.2', kind, spec });
  const index = log.append(body);
  const { treeSize, rootHash, hashes, checkpoint } = log.proof(index);
  return {
    logIndex: String(index),
    logId: { keyId: base64(log.id) },
    kindVersion: { kind, version: '0.0.2' },
    inclusionProof: {
      logIndex: String(index),
      treeSize: String(treeSize),
      rootHash: base64(rootHash),
      hashes: hashes.map(base64),
      checkpoint: { envelope: checkpoint },
    },
    canonicalizedBody: base64(body),
  };
}

function accept({ hashedRekordRequestV002: hashed, dsseRequestV002: dsse }: CreateEntry): {
  kind: string;
  spec: object;
} {
  if (hashed !== undefined) {
    const { content, verifier } = hashed.signature;
    const signer = signerOf(verifier);
    const point = spkiOf(signer.key).subarray(-64);
    if (!verifyDigest(point, Buffer.from(content, 'base64'), Buffer.from(hashed.digest, 'base64')))
      throw new DevError('SIGNATURE_INVALID', 'the signature does not verify');
    const data = { algorithm: 'SHA2_256', digest: hashed.digest };
    return {
      kind: 'hashedrekord',
      spec: { hashedRekordV002: { data, signature: { content, verifier: logged(signer) } } },
    };
  }
  const [verifier, ...more] = dsse?.verifiers ?? [];
  if (dsse === undefined || verifier === undefined || more.length > 0)
    throw new DevError('REQUEST_INVALID', 'an entry has one envelope and one verifier, or a digest');
  const signer = signerOf(verifier);
  const { payload, signature } = checkEnvelope(dsse.envelope, signer);
  const payloadHash = { algorithm: 'SHA2_256', digest: base64(digest(payload)) };
  return {
    kind: 'dsse',
    spec: { dsseV002: { payloadHash, signatures: [{ content: signature, verifier: logged(signer) }] } },
  };
}

function signerOf({ x509Certificate, publicKey }: Verifier): EntrySigner {
  if (x509Certificate !== undefined) return signerFromCertificate(Buffer.from(x509Certificate.rawBytes, 'base64'));
  return signerFromPem(`-----BEGIN PUBLIC KEY-----\n${publicKey?.rawBytes ?? ''}\n-----END PUBLIC KEY-----\n`);
}

function logged({ der, kind }: EntrySigner): Verifier {
  const raw = { rawBytes: base64(der) };
  return { keyDetails: KEY_DETAILS, ...(kind === 'certificate' ? { x509Certificate: raw } : { publicKey: raw }) };
}

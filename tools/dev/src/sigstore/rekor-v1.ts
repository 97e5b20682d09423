// Rekor v1: hashedrekord 0.0.1, intoto 0.0.2 and dsse 0.0.1 entries; answers with a promise, a time and a proof.

import { verifyDigest } from '@plugmark/client/sigstore';
import { canonicalJson } from '@plugmark/client/trust';
import { DevError } from '../dev-error.ts';
import { checkEnvelope, type DsseEnvelope, type EntrySigner, signerFromPem } from './entry-signature.ts';
import { digest, signWith, spkiOf } from './keys.ts';
import type { Log } from './log.ts';

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');
const decoded = (text: string): string => Buffer.from(text, 'base64').toString('utf8');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const sha256Of = (bytes: Uint8Array): { algorithm: 'sha256'; value: string } => ({
  algorithm: 'sha256',
  value: hex(digest(bytes)),
});

interface Proposed {
  readonly kind: string;
  readonly apiVersion: string;
  // biome-ignore lint/suspicious/noExplicitAny: each kind reads its own members, and whatever is missing is refused as a whole
  readonly spec: any;
}

/** By kind and version: what is logged, after the signature verified. */
const KINDS: Readonly<Record<string, (spec: Proposed['spec']) => object>> = {
  'hashedrekord 0.0.1': ({ data, signature }) => {
    const signer = signerFromPem(decoded(signature.publicKey.content));
    const point = spkiOf(signer.key).subarray(-64);
    if (!verifyDigest(point, Buffer.from(signature.content, 'base64'), Buffer.from(data.hash.value, 'hex')))
      throw new DevError('SIGNATURE_INVALID', 'the signature does not verify');
    return { data: { hash: { algorithm: 'sha256', value: data.hash.value } }, signature };
  },
  'dsse 0.0.1': ({ proposedContent }) => {
    const envelope = JSON.parse(proposedContent.envelope) as DsseEnvelope;
    const [verifier = ''] = proposedContent.verifiers as string[];
    const { payload, signature } = checkEnvelope(envelope, signerFromPem(decoded(verifier)));
    return {
      envelopeHash: sha256Of(Buffer.from(proposedContent.envelope)),
      payloadHash: sha256Of(payload),
      signatures: [{ signature, verifier }],
    };
  },
  'intoto 0.0.2': ({ content }) => {
    // Payload and signature come in base64 twice; the payload is not kept.
    const { payloadType, payload, signatures } = content.envelope;
    const [{ sig, publicKey }] = signatures;
    const signer: EntrySigner = signerFromPem(decoded(publicKey));
    checkEnvelope({ payloadType, payload: decoded(payload), signatures: [{ sig: decoded(sig) }] }, signer);
    return { content: { ...content, envelope: { payloadType, signatures: [{ publicKey, sig }] } } };
  },
};

export interface RekorV1 {
  readonly log: Log;
  /** POST /api/v1/log/entries. Throws REQUEST_INVALID, SIGNATURE_INVALID. */
  create(proposed: unknown): { readonly uuid: string; readonly isNew: boolean; readonly entry: object };
  /** GET /api/v1/log/entries/{uuid}. Throws NOT_FOUND. */
  get(uuid: string): object;
}

export function openRekorV1(log: Log, now: () => Date): RekorV1 {
  // When each entry was taken in: a second request for it gets the first time.
  const times = new Map<number, number>();
  const entryAt = (index: number): object => {
    const body = log.bodies[index];
    const integratedTime = times.get(index) ?? Math.floor(now().getTime() / 1000);
    times.set(index, integratedTime);
    return answer(log, { body: body ?? new Uint8Array(), logIndex: index, integratedTime });
  };
  const uuidOf = (index: number): string => hex(digest(log.bodies[index] ?? new Uint8Array()));
  return {
    log,
    create(proposed) {
      const before = log.bodies.length;
      const index = log.append(bodyOf(proposed));
      return { uuid: uuidOf(index), isNew: log.bodies.length > before, entry: { [uuidOf(index)]: entryAt(index) } };
    },
    get(uuid) {
      const index = log.bodies.findIndex((_, i) => uuidOf(i) === uuid);
      if (index < 0) throw new DevError('NOT_FOUND', `there is no entry ${uuid}`);
      return { [uuid]: entryAt(index) };
    },
  };
}

function bodyOf(proposed: unknown): Uint8Array {
  try {
    const { kind, apiVersion, spec } = proposed as Proposed;
    const accept = KINDS[`${kind} ${apiVersion}`];
    if (accept === undefined)
      throw new DevError('REQUEST_INVALID', `entries of kind ${kind} ${apiVersion} are not taken`);
    return canonicalJson({ apiVersion, kind, spec: accept(spec) });
  } catch (cause) {
    throw cause instanceof DevError
      ? cause
      : new DevError('REQUEST_INVALID', 'the entry has not the shape of its kind', cause);
  }
}

function answer(
  log: Log,
  { body, logIndex, integratedTime }: { body: Uint8Array; logIndex: number; integratedTime: number },
): object {
  const entry = { body: base64(body), integratedTime, logID: hex(log.id), logIndex };
  const { rootHash, hashes, treeSize, checkpoint } = log.proof(logIndex);
  return {
    ...entry,
    verification: {
      signedEntryTimestamp: base64(signWith(log.key, canonicalJson(entry))),
      inclusionProof: { logIndex, treeSize, rootHash: hex(rootHash), hashes: hashes.map(hex), checkpoint },
    },
  };
}

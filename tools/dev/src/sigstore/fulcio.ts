// The certificate authority: a token and a key come in, a certificate for ten minutes goes out. Unlike the mock that the Sigstore
// project ships it checks both: that the issuer signed the token, and that whoever asks holds the key.

import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { DevError } from '../dev-error.ts';
import { certificateTimestamp } from './certificate-log.ts';
import {
  authorityConstraints,
  distinguishedName,
  type ExtensionValue,
  issue,
  keyNames,
  makeRoot,
  NO_NAME,
  PURPOSE,
  pemOf,
  purposes,
  SIGNS_DATA,
  toBeSigned,
} from './certificates.ts';
import { element, sequence, utf8 } from './der.ts';
import { checkToken, type GitHubClaims } from './github-token.ts';
import { keyIdentifier, type ServiceKeys, spkiOf } from './keys.ts';

const LIFETIME_MS = 10 * 60_000;
const FULCIO = '1.3.6.1.4.1.57264.1.';
const GITHUB = 'https://github.com/';

const ROOT_NAME = distinguishedName('plugmark loopback', 'fulcio root');
const INTERMEDIATE_NAME = distinguishedName('plugmark loopback', 'fulcio intermediate');

export interface Fulcio {
  /** From the intermediate to the root, DER. */
  readonly chain: readonly Uint8Array[];
  /** The body of POST /api/v2/signingCert to its answer. Throws TOKEN_INVALID, POSSESSION_INVALID, REQUEST_INVALID. */
  sign(request: unknown): object;
}

export interface FulcioOptions {
  readonly keys: ServiceKeys;
  readonly issuer: string;
  readonly from: Date;
  readonly now: () => Date;
  /** The authority's certificates where they exist already. */
  readonly chain?: readonly Uint8Array[] | undefined;
}

interface CertificateRequest {
  readonly credentials?: { readonly oidcIdentityToken?: string };
  readonly publicKeyRequest?: {
    readonly publicKey?: { readonly content?: string };
    readonly proofOfPossession?: string;
  };
}

export function openFulcio({ keys, issuer, from, now, chain = authorityChain(keys, from) }: FulcioOptions): Fulcio {
  return {
    chain,
    sign(request) {
      const { credentials, publicKeyRequest } = request as CertificateRequest;
      const claims = checkToken(credentials?.oidcIdentityToken ?? '', { url: issuer, key: keys.oidc }, now());
      const publicKey = readKey(publicKeyRequest?.publicKey?.content ?? '');
      requirePossession(publicKey, claims.sub, publicKeyRequest?.proofOfPossession ?? '');
      const certificate = certify({ claims, spki: spkiOf(publicKey) }, keys, now());
      const certificates = [certificate, ...chain].map(pemOf);
      return { signedCertificateEmbeddedSct: { chain: { certificates } } };
    },
  };
}

function authorityChain(keys: ServiceKeys, from: Date): Uint8Array[] {
  const rootKey = keys['fulcio-root'];
  const root = makeRoot({ name: ROOT_NAME, key: rootKey }, from, 10);
  const spki = spkiOf(keys['fulcio-intermediate']);
  const notAfter = new Date(from);
  notAfter.setUTCFullYear(from.getUTCFullYear() + 9);
  const intermediate = issue(
    {
      issuer: ROOT_NAME,
      subject: INTERMEDIATE_NAME,
      spki,
      notBefore: from,
      notAfter,
      serial: keyIdentifier(spki),
      extensions: [...authorityConstraints(0), purposes(PURPOSE.codeSigning), ...keyNames(spki, spkiOf(rootKey))],
    },
    rootKey,
  );
  return [intermediate, root];
}

function readKey(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new DevError('REQUEST_INVALID', 'the request has no public key', cause);
  }
}

/** The key signs the token's subject: nobody gets a certificate for a key of somebody else. */
function requirePossession(key: KeyObject, subject: string, proof: string): void {
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  if (verify(hash, Buffer.from(subject), key, Buffer.from(proof, 'base64'))) return;
  throw new DevError('POSSESSION_INVALID', 'the proof of possession does not verify');
}

function certify(
  { claims, spki }: { readonly claims: GitHubClaims; readonly spki: Uint8Array },
  keys: ServiceKeys,
  now: Date,
): Uint8Array {
  const signer = keys['fulcio-intermediate'];
  const issuerSpki = spkiOf(signer);
  const notBefore = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const fields = {
    issuer: INTERMEDIATE_NAME,
    subject: NO_NAME,
    spki,
    notBefore,
    notAfter: new Date(notBefore.getTime() + LIFETIME_MS),
    serial: keyIdentifier(Buffer.concat([spki, Buffer.from(now.toISOString())])),
    extensions: [
      SIGNS_DATA,
      purposes(PURPOSE.codeSigning),
      ...keyNames(spki, issuerSpki),
      alternativeName(`${GITHUB}${claims.job_workflow_ref}`),
      ...claimExtensions(claims),
    ],
  };
  const sct = certificateTimestamp(toBeSigned(fields, signer), issuerSpki, { key: keys['certificate-log'], now });
  return issue({ ...fields, extensions: [...fields.extensions, sct] }, signer);
}

function alternativeName(uri: string): ExtensionValue {
  return { oid: '2.5.29.17', critical: true, value: sequence(element(0x86, Buffer.from(uri))) };
}

/** Fulcio's OIDs by last arc: 1 to 6 as bare text, the later ones as UTF8String. */
function claimExtensions(claims: GitHubClaims): ExtensionValue[] {
  const run = `${GITHUB}${claims.repository}/actions/runs/${claims.run_id}/attempts/${claims.run_attempt}`;
  const bare = [claims.iss, claims.event_name, claims.sha, claims.workflow, claims.repository, claims.ref];
  const texts = [
    claims.iss,
    `${GITHUB}${claims.job_workflow_ref}`,
    claims.job_workflow_sha,
    claims.runner_environment,
    `${GITHUB}${claims.repository}`,
    claims.sha,
    claims.ref,
    claims.repository_id,
    `${GITHUB}${claims.repository_owner}`,
    claims.repository_owner_id,
    `${GITHUB}${claims.workflow_ref}`,
    claims.workflow_sha,
    claims.event_name,
    run,
    claims.repository_visibility,
  ];
  return [
    ...bare.map((value, i) => ({ oid: `${FULCIO}${i + 1}`, value: Buffer.from(value) })),
    ...texts.map((value, i) => ({ oid: `${FULCIO}${i + 8}`, value: utf8(value) })),
  ];
}

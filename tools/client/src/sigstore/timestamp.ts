// Timestamps (RFC 3161 in CMS, RFC 5652): a listed authority says that this signature existed at this time. The signer's certificate
// comes from the trusted root; certificates inside the token are not even read.
import { ClientError } from '../error.ts';
import { equalBytes, unshared } from '../trust/bytes.ts';
import { type Certificate, signatureHash } from './certificate.ts';
import { PURPOSE, verifyChain } from './certificate-chain.ts';
import {
  bodyOf,
  context,
  type Der,
  encodeDer,
  integerOf,
  malformed,
  oidOf,
  partsOf,
  readDer,
  TAG,
  timeOf,
} from './der.ts';
import { type HashName, importPublicKey } from './public-key.ts';
import { type Authority, isWithin } from './trusted-root.ts';

const CODE = 'TIMESTAMP_INVALID';
const OID = {
  signedData: '1.2.840.113549.1.7.2',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
} as const;

const HASHES: ReadonlyMap<string, HashName> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
]);
/** Algorithms in a signer's info may name the key family alone; then the hash is the digest algorithm's. */
const BARE_FAMILIES: ReadonlySet<string> = new Set(['1.2.840.113549.1.1.1', '1.2.840.10045.2.1']);

/** Milliseconds since 1970. Throws TIMESTAMP_INVALID. */
export async function verifyTimestamp(
  response: Uint8Array,
  signature: Uint8Array,
  authorities: readonly Authority[],
): Promise<number> {
  const { info, signer } = readResponse(response);
  const [, , imprint, , time] = partsOf(readDer(info, CODE));
  const at = timeOf(time, CODE);
  const [algorithm, hashed] = partsOf(imprint);
  const expected = await digest(hashOf(algorithm), signature);
  if (!equalBytes(bodyOf(hashed, TAG.octetString, CODE), expected)) malformed(CODE, 'of another signature');
  for (const authority of authorities) {
    const [leaf] = authority.chain;
    if (leaf === undefined || !isWithin(authority.window, at) || !isSigner(leaf, signer)) continue;
    await verifyChain(leaf, { authorities: [authority], at, purpose: PURPOSE.timeStamping }).catch((cause: unknown) => {
      throw new ClientError(CODE, { what: 'authority', at: new Date(at).toISOString() }, cause);
    });
    await requireSigned(signer, info, leaf);
    return at;
  }
  return malformed(CODE, 'no listed authority');
}

interface Signer {
  readonly issuer: Uint8Array;
  readonly serial: string;
  readonly digestAlgorithm: Der;
  readonly attributes: Der;
  readonly algorithm: Der;
  readonly signature: Uint8Array;
}

/** TimeStampResp { status, ContentInfo { SignedData { version, digests, TSTInfo, certificates?, crls?, signers } } }. */
function readResponse(response: Uint8Array): { info: Uint8Array; signer: Signer } {
  const [status, token] = partsOf(readDer(response, CODE));
  const granted = integerOf(partsOf(status)[0], CODE);
  // RFC 3161 2.4.2: granted, or granted with modifications.
  if (granted !== '00' && granted !== '01') malformed(CODE, 'not granted');
  const [type, content] = partsOf(token);
  if (oidOf(type, CODE) !== OID.signedData) malformed(CODE, 'content type');
  const [, , encapsulated, ...rest] = partsOf(partsOf(content, context(0))[0]);
  const [innerType, inner] = partsOf(encapsulated);
  if (oidOf(innerType, CODE) !== OID.timestampInfo) malformed(CODE, 'inner content type');
  const info = bodyOf(partsOf(inner, context(0))[0], TAG.octetString, CODE);
  const [signer, ...more] = partsOf(rest.at(-1), TAG.set);
  // RFC 3161 2.4.2: a token has the signature of the authority and no other.
  if (signer === undefined || more.length > 0) return malformed(CODE, 'signers');
  return { info, signer: readSigner(signer) };
}

function readSigner(element: Der): Signer {
  const [, sid, digestAlgorithm, attributes, algorithm, signature] = partsOf(element);
  const [issuer, serial] = partsOf(sid);
  if (!issuer || !digestAlgorithm || !attributes || !algorithm) return malformed(CODE, 'signer');
  return {
    issuer: issuer.raw,
    serial: integerOf(serial, CODE),
    digestAlgorithm,
    attributes,
    algorithm,
    signature: bodyOf(signature, TAG.octetString, CODE),
  };
}

function isSigner({ issuer, serial }: Certificate, signer: Signer): boolean {
  return equalBytes(issuer, signer.issuer) && serial === signer.serial;
}

/** The attributes name type and digest of the content (RFC 5652 5.4), and the signature is over them as a SET. */
async function requireSigned(signer: Signer, info: Uint8Array, { spki }: Certificate): Promise<void> {
  const { attributes, digestAlgorithm, algorithm, signature } = signer;
  const values = new Map<string, Der | undefined>();
  for (const attribute of partsOf(attributes, context(0))) {
    const [type, set] = partsOf(attribute);
    const oid = oidOf(type, CODE);
    if (values.has(oid)) malformed(CODE, 'attribute twice');
    values.set(oid, partsOf(set, TAG.set)[0]);
  }
  const hash = hashOf(digestAlgorithm);
  const isType = oidOf(values.get(OID.contentType), CODE) === OID.timestampInfo;
  const digested = bodyOf(values.get(OID.messageDigest), TAG.octetString, CODE);
  if (!isType || !equalBytes(digested, await digest(hash, info))) malformed(CODE, 'content digest');
  const isBare = BARE_FAMILIES.has(oidOf(partsOf(algorithm)[0], CODE));
  const key = await importPublicKey(spki);
  const signed = encodeDer(TAG.set, attributes.body);
  if (await key.verify(signature, signed, isBare ? hash : signatureHash(algorithm, CODE))) return;
  malformed(CODE, 'signature');
}

function hashOf(algorithm: Der | undefined): HashName {
  const oid = oidOf(partsOf(algorithm)[0], CODE);
  return HASHES.get(oid) ?? malformed(CODE, `hash ${oid}`);
}

async function digest(hash: HashName, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(hash, unshared(bytes)));
}

// X.509 v3 certificates (RFC 5280), as far as Fulcio and timestamp authorities use them. Reading only; who vouches for a certificate,
// and when, is certificate-chain.ts.
import { equalBytes } from '../trust/bytes.ts';
import {
  bitsOf,
  bodyOf,
  context,
  type Der,
  integerOf,
  malformed,
  oidOf,
  partsOf,
  readDer,
  TAG,
  timeOf,
} from './der.ts';
import type { HashName } from './public-key.ts';

interface Extension {
  readonly critical: boolean;
  readonly value: Uint8Array;
  /** The whole element, to leave it out of what a log signed. */
  readonly raw: Uint8Array;
}

export interface Certificate {
  readonly raw: Uint8Array;
  /** What the issuer signed. */
  readonly signed: Uint8Array;
  /** The parts of it, in order. */
  readonly parts: readonly Der[];
  readonly serial: string;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Milliseconds since 1970, both inclusive. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly spki: Uint8Array;
  readonly hash: HashName | undefined;
  readonly signature: Uint8Array;
  readonly extensions: ReadonlyMap<string, Extension>;
}

const CODE = 'CERTIFICATE_MALFORMED';

/** Signature algorithms by OID: the hash, since the key says the rest. Ed25519 has none of its own. */
const SIGNATURE_HASHES: ReadonlyMap<string, HashName | undefined> = new Map([
  ['1.2.840.10045.4.3.2', 'SHA-256'],
  ['1.2.840.10045.4.3.3', 'SHA-384'],
  ['1.2.840.10045.4.3.4', 'SHA-512'],
  ['1.2.840.113549.1.1.11', 'SHA-256'],
  ['1.2.840.113549.1.1.12', 'SHA-384'],
  ['1.2.840.113549.1.1.13', 'SHA-512'],
  ['1.3.101.112', undefined],
]);

/** The hash of a signature algorithm. Throws `code` for one that is not known. */
export function signatureHash(algorithm: Der | undefined, code: Der['code']): HashName | undefined {
  const oid = oidOf(partsOf(algorithm)[0], code);
  return SIGNATURE_HASHES.has(oid) ? SIGNATURE_HASHES.get(oid) : malformed(code, `signature algorithm ${oid}`);
}

/** Throws CERTIFICATE_MALFORMED. */
export function parseCertificate(der: Uint8Array): Certificate {
  const [signed, algorithm, signature, ...more] = partsOf(readDer(der, CODE));
  if (signed === undefined || algorithm === undefined || more.length > 0) return malformed(CODE, 'certificate');
  const parts = partsOf(signed);
  const [version, serial, inner, issuer, validity, subject, spki, ...rest] = parts;
  const [number] = partsOf(version, context(0));
  // RFC 5280 4.1.1.2: the algorithm outside must be the signed one inside, or an attacker could choose it.
  const isV3 = integerOf(number, CODE) === '02';
  if (!isV3 || !inner || !equalBytes(inner.raw, algorithm.raw)) return malformed(CODE, 'version or algorithm');
  const [notBefore, notAfter] = partsOf(validity);
  const last = rest.at(-1);
  if (!issuer || !subject || !spki || last === undefined) return malformed(CODE, 'fields');
  return {
    raw: der,
    signed: signed.raw,
    parts,
    serial: integerOf(serial, CODE),
    issuer: issuer.raw,
    subject: subject.raw,
    notBefore: timeOf(notBefore, CODE),
    notAfter: timeOf(notAfter, CODE),
    spki: spki.raw,
    hash: signatureHash(algorithm, CODE),
    signature: bitsOf(signature, CODE),
    extensions: readExtensions(last),
  };
}

function readExtensions(wrapper: Der): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const element of partsOf(partsOf(wrapper, context(3))[0])) {
    const [id, ...rest] = partsOf(element);
    const [flag, value] = rest.length === 2 ? rest : [undefined, rest[0]];
    const oid = oidOf(id, CODE);
    // RFC 5280 4.2: no extension twice; two values would be read by two readers.
    if (extensions.has(oid)) malformed(CODE, `extension ${oid} twice`);
    const critical = flag !== undefined && bodyOf(flag, TAG.boolean, CODE)[0] === 0xff;
    extensions.set(oid, { critical, value: bodyOf(value, TAG.octetString, CODE), raw: element.raw });
  }
  return extensions;
}

const OIDS = {
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Extensions this code acts upon or may pass over when critical (the alternative name is compared elsewhere). */
const UNDERSTOOD: ReadonlySet<string> = new Set([...Object.values(OIDS), '2.5.29.17']);

export interface Usage {
  readonly isAuthority: boolean;
  /** How many authorities may stand below; undefined for any number. */
  readonly pathLength: number | undefined;
  readonly signsCertificates: boolean;
  readonly signsData: boolean;
  readonly purposes: readonly string[];
}

/** What the certificate may be used for. Throws CERTIFICATE_MALFORMED for a critical extension nobody here understands. */
export function usageOf({ extensions }: Certificate): Usage {
  for (const [oid, { critical }] of extensions)
    if (critical && !UNDERSTOOD.has(oid)) malformed(CODE, `critical extension ${oid}`);
  const read = (oid: string): Der | undefined => {
    const extension = extensions.get(oid);
    return extension && readDer(extension.value, CODE);
  };
  const constraints = read(OIDS.basicConstraints);
  const [authority, pathLength] = constraints === undefined ? [] : partsOf(constraints);
  const usage = read(OIDS.keyUsage);
  // The first byte counts unused bits, the second holds digitalSignature (bit 0) to decipherOnly.
  const bits = usage === undefined ? 0 : (bodyOf(usage, TAG.bitString, CODE)[1] ?? 0);
  const purposes = read(OIDS.extendedKeyUsage);
  return {
    isAuthority: authority?.tag === TAG.boolean && authority.body[0] === 0xff,
    pathLength: pathLength === undefined ? undefined : Number.parseInt(integerOf(pathLength, CODE), 16),
    signsCertificates: (bits & 0x04) !== 0,
    signsData: (bits & 0x80) !== 0,
    purposes: purposes === undefined ? [] : partsOf(purposes).map((purpose) => oidOf(purpose, CODE)),
  };
}

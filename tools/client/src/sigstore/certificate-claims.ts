// What Fulcio wrote into a certificate about the workflow that asked for it (Fulcio's OIDs 1.3.6.1.4.1.57264.1.*). Numbers identify,
// names are for people; decisions are in identity-pins.ts.
import { ClientError } from '../error.ts';
import { fromUtf8 } from '../trust/bytes.ts';
import type { Certificate } from './certificate.ts';
import { malformed, partsOf, readDer } from './der.ts';

/** By member: the last arc of its OID, for messages and tables too. */
export const CLAIM_OIDS = {
  issuer: 8,
  buildSigner: 9,
  buildSignerDigest: 10,
  runner: 11,
  repository: 12,
  sourceDigest: 13,
  ref: 14,
  repositoryId: 15,
  owner: 16,
  ownerId: 17,
  buildConfig: 18,
  buildConfigDigest: 19,
  trigger: 20,
  run: 21,
  visibility: 22,
} as const;

export type ClaimName = keyof typeof CLAIM_OIDS;

/** Absent where the issuer does not say it. `subject` is the alternative name, the only one the certificate may have. */
export type CertificateClaims = { readonly subject: string } & { readonly [C in ClaimName]?: string };

const CODE = 'CERTIFICATE_MALFORMED';
const FULCIO = '1.3.6.1.4.1.57264.1.';
const ALTERNATIVE_NAME = '2.5.29.17';
const UTF8_STRING = 0x0c;
/** E-mail address [1] and URI [6]; Fulcio's other kind of name needs no claim here. */
const NAME_TAGS: ReadonlySet<number> = new Set([0x81, 0x86]);

/** Throws CERTIFICATE_MALFORMED. */
export function certificateClaims({ extensions }: Pick<Certificate, 'extensions'>): CertificateClaims {
  const names = extensions.get(ALTERNATIVE_NAME);
  const [name, ...more] = names === undefined ? [] : partsOf(readDer(names.value, CODE));
  if (name === undefined || more.length > 0 || !NAME_TAGS.has(name.tag)) return malformed(CODE, 'alternative name');
  return { subject: text(name.body), ...claimsFrom((oid) => extensions.get(oid)?.value) };
}

/** The claims alone, from the value of each extension by its OID. Throws CERTIFICATE_MALFORMED. */
export function claimsFrom(extension: (oid: string) => Uint8Array | undefined): { readonly [C in ClaimName]?: string } {
  const claims: { -readonly [C in ClaimName]?: string } = {};
  for (const [claim, arc] of Object.entries(CLAIM_OIDS) as [ClaimName, number][]) {
    const value = extension(`${FULCIO}${arc}`);
    if (value !== undefined) claims[claim] = utf8String(value);
  }
  // Before 2023 the issuer stood in .1 alone, as bare text.
  const legacy = extension(`${FULCIO}1`);
  if (legacy !== undefined) claims.issuer ??= text(legacy);
  return claims;
}

function utf8String(value: Uint8Array): string {
  const element = readDer(value, CODE);
  return element.tag === UTF8_STRING ? text(element.body) : malformed(CODE, 'claim');
}

function text(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw new ClientError(CODE, { what: 'text' }, cause);
  }
}

// Certificates as the public services issue them: a root, a certificate below it, and short-lived ones for workflows.

import { type KeyObject, randomBytes } from 'node:crypto';
import { bits, boolean, certificateTime, element, integer, octets, oid, sequence, setOf, tagged, utf8 } from './der.ts';
import { keyIdentifier, signatureAlgorithm, signedSequence, spkiOf } from './keys.ts';

export interface ExtensionValue {
  readonly oid: string;
  readonly critical?: boolean;
  readonly value: Uint8Array;
}

export interface CertificateFields {
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly ExtensionValue[];
  readonly serial?: Uint8Array;
}

export const PURPOSE = { codeSigning: '1.3.6.1.5.5.7.3.3', timeStamping: '1.3.6.1.5.5.7.3.8' } as const;

const ORGANISATION = '2.5.4.10';
const COMMON_NAME = '2.5.4.3';

export function distinguishedName(organisation: string, commonName: string): Uint8Array {
  const part = (type: string, value: string): Uint8Array => setOf(sequence(oid(type), utf8(value)));
  return sequence(part(ORGANISATION, organisation), part(COMMON_NAME, commonName));
}

/** Fulcio's certificates name nobody here: who it is stands in the alternative name. */
export const NO_NAME: Uint8Array = sequence();

/** The part that is signed (RFC 5280 4.1.2). The same fields and serial give the same bytes. */
export function toBeSigned({ serial = randomBytes(16), ...fields }: CertificateFields, signer: KeyObject): Uint8Array {
  const extensions = fields.extensions.map(({ oid: id, critical = false, value }) =>
    sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value)),
  );
  return sequence(
    tagged(0, integer(2)),
    integer(serial),
    signatureAlgorithm(signer),
    fields.issuer,
    sequence(certificateTime(fields.notBefore), certificateTime(fields.notAfter)),
    fields.subject,
    fields.spki,
    tagged(3, sequence(...extensions)),
  );
}

export function issue(fields: CertificateFields, signer: KeyObject): Uint8Array {
  return signedSequence(toBeSigned(fields, signer), signer);
}

export function purposes(purpose: string, critical = false): ExtensionValue {
  return { oid: '2.5.29.37', critical, value: sequence(oid(purpose)) };
}

/** digitalSignature (bit 0). */
export const SIGNS_DATA: ExtensionValue = { oid: '2.5.29.15', critical: true, value: bits(Uint8Array.of(0x80), 7) };
/** keyCertSign (5) and cRLSign (6). */
const SIGNS_CERTIFICATES: ExtensionValue = { oid: '2.5.29.15', critical: true, value: bits(Uint8Array.of(0x06), 1) };

export function authorityConstraints(pathLength: number): ExtensionValue[] {
  return [
    SIGNS_CERTIFICATES,
    { oid: '2.5.29.19', critical: true, value: sequence(boolean(true), integer(pathLength)) },
  ];
}

export function keyNames(spki: Uint8Array, issuerSpki: Uint8Array): ExtensionValue[] {
  return [
    { oid: '2.5.29.14', value: octets(keyIdentifier(spki)) },
    { oid: '2.5.29.35', value: sequence(element(0x80, keyIdentifier(issuerSpki))) },
  ];
}

export interface Issuer {
  readonly name: Uint8Array;
  readonly key: KeyObject;
}

/** A self-signed root, and below it one certificate that does the work. */
export function makeRoot(issuer: Issuer, from: Date, years: number): Uint8Array {
  const spki = spkiOf(issuer.key);
  const notAfter = new Date(from);
  notAfter.setUTCFullYear(from.getUTCFullYear() + years);
  return issue(
    {
      issuer: issuer.name,
      subject: issuer.name,
      spki,
      notBefore: from,
      notAfter,
      serial: keyIdentifier(spki),
      extensions: [...authorityConstraints(1), ...keyNames(spki, spki)],
    },
    issuer.key,
  );
}

export function pemOf(certificate: Uint8Array): string {
  const lines = Buffer.from(certificate)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')
    .trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

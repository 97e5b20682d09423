// OpenSSL as a stranger: the chains and timestamps of the loopback services, and our bundles' certificates, by its command line.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { pemOf } from '../../tools/dev/src/sigstore/certificates.ts';

const VECTORS = new URL('../vectors/sigstore/', import.meta.url);
const json = (path: string) => JSON.parse(readFileSync(new URL(path, VECTORS), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'plugmark-openssl-'));
afterAll(() => rmSync(folder, { recursive: true }));

const openssl = (...args: string[]) => promisify(execFile)('openssl', args).then(({ stdout }) => stdout);
const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const der = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const isThere = await openssl('version').then(
  () => true,
  () => false,
);
const ifThere = test.skipIf(!isThere);
const root = json('trusted_root.json');
const { verificationMaterial: material, dsseEnvelope } = json('rekor-v2/bundle.sigstore.json');
const chainOf = ({ certChain }: { certChain: { certificates: { rawBytes: string }[] } }): string[] =>
  certChain.certificates.map(({ rawBytes }) => pemOf(der(rawBytes)));
// When it was signed: the certificate's ten minutes are long over.
const AT = String(Date.parse('2026-06-01T12:00:00Z') / 1000);

ifThere(
  'a certificate chains to the authority of the trusted root at the time of its signature, and not an hour later',
  async () => {
    const [intermediate = '', anchor = ''] = chainOf(root.certificateAuthorities[0]);
    const files = ['-CAfile', write('anchor.pem', anchor), '-untrusted', write('intermediate.pem', intermediate)];
    const leaf = write('leaf.pem', pemOf(der(material.certificate.rawBytes)));
    expect(await openssl('verify', '-attime', AT, ...files, leaf)).toContain('OK');
    await expect(openssl('verify', '-attime', String(Number(AT) + 3600), ...files, leaf)).rejects.toThrow(/expired/);
  },
);

ifThere('a timestamp is over the signature, by the authority of the trusted root', async () => {
  const [leaf = '', anchor = ''] = chainOf(root.timestampAuthorities[0]);
  const response = write('stamp.tsr', der(material.timestampVerificationData.rfc3161Timestamps[0].signedTimestamp));
  const digest = createHash('sha256').update(der(dsseEnvelope.signatures[0].sig)).digest('hex');
  const files = [
    '-in',
    response,
    '-CAfile',
    write('tsa-root.pem', anchor),
    '-untrusted',
    write('tsa.pem', leaf),
    '-attime',
    AT,
  ];
  expect(await openssl('ts', '-verify', '-digest', digest, ...files)).toContain('OK');
  await expect(openssl('ts', '-verify', '-digest', '00'.repeat(32), ...files)).rejects.toThrow();
});

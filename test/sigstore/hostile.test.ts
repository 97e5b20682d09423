// Whatever a bundle, certificate, timestamp or trusted root holds, the verifier answers with a ClientError or the decision it had.
import { readFileSync } from 'node:fs';
import { ClientError } from '@plugmark/client';
import { parseTrustedRoot, verifySigstoreBundle } from '@plugmark/client/sigstore';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCertificate } from '../../tools/client/src/sigstore/certificate.ts';
import { encodeDer, readDer, timeOf } from '../../tools/client/src/sigstore/der.ts';
import { rawSignature } from '../../tools/client/src/sigstore/public-key.ts';
import { verifyTimestamp } from '../../tools/client/src/sigstore/timestamp.ts';
import { rawFromDer } from '../../tools/client/src/trust/keys.ts';

const ROOT = new URL('../vectors/sigstore/', import.meta.url);
const read = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, ROOT)));
const TRUSTED_ROOT = read('trusted_root.json');
const trustedRoot = await parseTrustedRoot(TRUSTED_ROOT);
const BUNDLES = ['rekor-v2', 'rekor-v1'].map((name) => read(`${name}/bundle.sigstore.json`));
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const decode = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

/** The decision, or the code; anything else ends the test. */
async function decide(bundle: Uint8Array, root = trustedRoot): Promise<string> {
  try {
    const { claims, times, content, entries } = await verifySigstoreBundle(bundle, { trustedRoot: root });
    return JSON.stringify([claims, times, entries, content.kind === 'envelope' && text(content.payload)]);
  } catch (error) {
    if (error instanceof ClientError) return error.code;
    throw error;
  }
}

const isRefusal = (decision: string): boolean => /^[A-Z_]+$/.test(decision);

test.each([0, 1])('a flipped bit of bundle %i is refused or changes nothing', async (i) => {
  const bundle = BUNDLES[i] as Uint8Array;
  const honest = await decide(bundle);
  expect(isRefusal(honest)).toBe(false);
  const counts = { refused: 0, same: 0 };
  for (let bit = 5; bit < bundle.length * 8; bit += 397) {
    const changed = bundle.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const decision = await decide(changed);
    if (isRefusal(decision)) counts.refused++;
    else {
      expect(decision).toBe(honest);
      counts.same++;
    }
  }
  expect(counts.refused).toBeGreaterThan(100);
  // Unknown member names and values nobody reads, such as an index outside the proof.
  expect(counts.same).toBeLessThan(counts.refused / 10);
});

test('a flipped bit of the trusted root is refused or changes nothing', async () => {
  const [bundle] = BUNDLES as [Uint8Array];
  const honest = await decide(bundle);
  for (let bit = 3; bit < TRUSTED_ROOT.length * 8; bit += 211) {
    const changed = TRUSTED_ROOT.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const decision = await parseTrustedRoot(changed).then(
      (root) => decide(bundle, root),
      (error: unknown) => (error instanceof ClientError ? error.code : Promise.reject(error)),
    );
    if (!isRefusal(decision)) expect(decision).toBe(honest);
  }
});

test('a bundle cut anywhere is refused', async () => {
  for (const bundle of BUNDLES)
    for (let length = 0; length < bundle.length - 2; length += 97)
      expect(isRefusal(await decide(bundle.subarray(0, length)))).toBe(true);
});

const coded = (act: () => unknown): void => {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
  }
};

test('certificates and timestamps with bytes changed, cut or made up end in a ClientError', async () => {
  const { certificate, timestampVerificationData } = JSON.parse(text(BUNDLES[0] as Uint8Array)).verificationMaterial;
  const der = decode(certificate.rawBytes);
  const stamp = decode(timestampVerificationData.rfc3161Timestamps[0].signedTimestamp);
  const damaged = (bytes: Uint8Array) =>
    fc
      .tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(bytes.length))
      .map(([at, value, length]) => {
        const changed = bytes.slice(0, Math.max(length, at + 1));
        changed[at] = value;
        return changed;
      });
  fc.assert(
    fc.property(fc.oneof(damaged(der), fc.uint8Array({ maxLength: 200 })), (bytes) =>
      coded(() => parseCertificate(bytes)),
    ),
    { numRuns: 400 },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged(stamp), fc.uint8Array({ maxLength: 200 })), async (bytes) => {
      const outcome = await verifyTimestamp(bytes, new Uint8Array(), trustedRoot.timestampAuthorities).catch(
        (error: unknown) => error,
      );
      expect(outcome).toBeInstanceOf(ClientError);
    }),
    { numRuns: 200 },
  );
});

test('nesting costs no stack, and a length that is not there no memory', () => {
  let nested = new Uint8Array([5, 0]);
  for (let i = 0; i < 2000; i++) nested = new Uint8Array(encodeDer(0x30, nested));
  coded(() => parseCertificate(nested));
  coded(() => readDer(Uint8Array.of(0x30, 0x84, 0x7f, 0xff, 0xff, 0xff), 'CERTIFICATE_MALFORMED'));
  coded(() => readDer(Uint8Array.of(0x30, 0x80, 0, 0), 'CERTIFICATE_MALFORMED'));
  coded(() => readDer(Uint8Array.of(0x1f, 0x81, 0x01, 0), 'CERTIFICATE_MALFORMED'));
});

test('lengths have one spelling', () => {
  const refuses = (...bytes: number[]) =>
    expect(() => readDer(Uint8Array.from(bytes), 'CERTIFICATE_MALFORMED')).toThrow(ClientError);
  refuses(0x04, 0x81, 0x01, 0);
  refuses(0x04, 0x82, 0x00, 0x80, ...Array(128).fill(0));
  refuses(0x04, 0x02, 0);
  refuses(0x04, 0x01, 0, 0);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70_000 }), (body) => {
      expect(readDer(encodeDer(0x04, body), 'CERTIFICATE_MALFORMED').body).toEqual(body);
    }),
    { numRuns: 20 },
  );
});

test('times are the days of the calendar, in both forms', () => {
  const at = (tag: number, digits: string) =>
    timeOf(readDer(encodeDer(tag, new TextEncoder().encode(digits)), 'CERTIFICATE_MALFORMED'), 'CERTIFICATE_MALFORMED');
  expect(new Date(at(0x17, '491231235959Z')).toISOString()).toBe('2049-12-31T23:59:59.000Z');
  expect(new Date(at(0x17, '500101000000Z')).toISOString()).toBe('1950-01-01T00:00:00.000Z');
  // Legal in DER, and refused by the library (study, pitfall 9).
  expect(new Date(at(0x18, '20260601120003.12Z')).toISOString()).toBe('2026-06-01T12:00:03.120Z');
  for (const [tag, digits] of [
    [0x17, '260230000000Z'],
    [0x17, '2606011200Z'],
    [0x18, '20260601120000.10Z'],
    [0x18, '20260601120000+0000'],
    [0x18, '260601120000Z'],
    [0x0c, '20260601120000Z'],
  ] as const)
    expect(() => at(tag, digits)).toThrow(ClientError);
});

test('signatures are read as the trust core reads them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(rawSignature(bytes, 32) ?? undefined).toEqual(rawFromDer(bytes));
    }),
  );
  const integer = fc.uint8Array({ minLength: 1, maxLength: 34 });
  fc.assert(
    fc.property(integer, integer, (r, s) => {
      const der = encodeDer(0x30, encodeDer(2, r), encodeDer(2, s));
      expect(rawSignature(der, 32)).toEqual(rawFromDer(der));
    }),
    { numRuns: 500 },
  );
});

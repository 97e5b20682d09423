// Bytes, canonical JSON and key material: strict readers, checked against Node's own and against each other.
import { createPublicKey, verify } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import {
  CLIENT_ERROR_CODES,
  ClientError,
  canonicalJson,
  derFromRaw,
  equalBytes,
  fromBase64,
  fromBase64Url,
  fromHex,
  fromUtf8,
  importPublisherKey,
  keyId,
  olpcJson,
  rawFromDer,
  toBase64,
  toBase64Url,
  toHex,
} from '@plugmark/client/trust';
import { build } from 'esbuild';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { p256Key } from '../testkit/test-keys.ts';
import { REPOSITORY_CASES } from './repository-cases.ts';

const RUNS = { seed: 1, numRuns: 500 };
const bytesUpTo = (maxLength: number) => fc.uint8Array({ maxLength });

test('hex and base64 are those of Node, and read back', () => {
  const property = fc.property(bytesUpTo(64), (bytes) => {
    const node = Buffer.from(bytes);
    expect(toHex(bytes)).toBe(node.toString('hex'));
    expect(toBase64(bytes)).toBe(node.toString('base64'));
    expect(toBase64Url(bytes)).toBe(node.toString('base64url'));
    expect(fromHex(toHex(bytes))).toEqual(bytes);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
  });
  fc.assert(property, RUNS);
});

test('what base64 and hex accept has one spelling', () => {
  const alphabet = fc.constantFrom(...'AQYZ09+/=-_ \n');
  const property = fc.property(fc.array(alphabet, { maxLength: 8 }), (chars) => {
    const text = chars.join('');
    const [standard, url] = [fromBase64(text), fromBase64Url(text)];
    if (standard) expect(toBase64(standard)).toBe(text);
    if (url) expect(toBase64Url(url)).toBe(text);
  });
  fc.assert(property, { ...RUNS, numRuns: 3000 });
  expect(['a', 'zz', '0x', 'ab '].map(fromHex)).toEqual([undefined, undefined, undefined, undefined]);
});

test('equalBytes', () => {
  expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 2]))).toBe(true);
  expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 2, 0]))).toBe(false);
  expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 3]))).toBe(false);
});

/** The examples of RFC 8785 sections 3.2.2 and 3.2.3. */
test('canonical JSON is that of RFC 8785', () => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  expect(fromUtf8(canonicalJson(value))).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
  const sorted = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
  expect([...fromUtf8(canonicalJson(sorted)).matchAll(/:(\d)/g)].map((match) => match[1])).toEqual([...'2467153']);
});

test('canonical JSON reads back, whatever the order of members', () => {
  const property = fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    const reversed = JSON.parse(JSON.stringify(value), (_, member) =>
      member && typeof member === 'object' && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).reverse())
        : member,
    );
    expect(canonicalJson(reversed)).toEqual(canonicalJson(value));
    expect(JSON.parse(fromUtf8(canonicalJson(value)))).toEqual(JSON.parse(JSON.stringify(value)));
  });
  fc.assert(property, RUNS);
});

test('OLPC JSON escapes quote and backslash only', () => {
  expect(fromUtf8(olpcJson({ b: 'a\n"\\é', a: [1, -2, true, null], __proto__x: {} }))).toBe(
    '{"__proto__x":{},"a":[1,-2,true,null],"b":"a\n\\"\\\\é"}',
  );
  expect(fromUtf8(olpcJson(JSON.parse('{"__proto__":1,"constructor":2}')))).toBe('{"__proto__":1,"constructor":2}');
});

const nest = (depth: number): unknown => (depth === 0 ? [] : [nest(depth - 1)]);
const UNREPRESENTABLE: readonly [string, unknown][] = [
  ['NaN', Number.NaN],
  ['infinity', [Number.POSITIVE_INFINITY]],
  ['undefined', { a: undefined }],
  ['a hole', new Array(2)],
  ['bigint', 1n],
  ['a function', () => 1],
  ['a symbol', Symbol('x')],
  ['a lone surrogate', ['\udc00']],
  ['a lone surrogate in a name', { '\ud800x': 1 }],
  ['101 levels', nest(100)],
];

test.each(UNREPRESENTABLE)('neither form has %s', (_, value) => {
  for (const encode of [canonicalJson, olpcJson]) {
    expect(() => encode(value)).toThrow(expect.objectContaining({ code: 'JSON_UNREPRESENTABLE' }));
  }
});

test('OLPC JSON has no fraction and no integer beyond 2^53', () => {
  for (const value of [0.5, 2 ** 53]) {
    expect(() => olpcJson(value)).toThrow(ClientError);
    expect(canonicalJson(value).length).toBeGreaterThan(0);
  }
  expect(olpcJson(nest(99)).length).toBe(200);
});

test('DER signatures: the one spelling of r and s, read as OpenSSL reads it', () => {
  const key = p256Key('der');
  const publicKey = createPublicKey(key.privateKey);
  const data = new Uint8Array([1, 2, 3]);
  for (let i = 0; i < 200; i++) {
    const der = key.sign(data);
    const raw = rawFromDer(der) ?? new Uint8Array();
    expect(derFromRaw(raw)).toEqual(der);
    expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
  }
});

test('any r and s survive, and nothing else is accepted', () => {
  const half = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const zeros = fc.integer({ min: 0, max: 32 });
  const property = fc.property(half, half, zeros, (r, s, n) => {
    r.fill(0, 0, n);
    const raw = new Uint8Array([...r, ...s]);
    const der = derFromRaw(raw);
    expect(rawFromDer(der)).toEqual(raw);
    for (let i = 0; i < der.length; i++) {
      const changed = rawFromDer(der.map((byte, at) => (at === i ? byte ^ 1 : byte)));
      if (changed) expect(derFromRaw(changed)).not.toEqual(der);
      expect(rawFromDer(der.subarray(0, i))).toBeUndefined();
    }
    expect(rawFromDer(new Uint8Array([...der, 0]))).toBeUndefined();
  });
  fc.assert(property, { seed: 1, numRuns: 100 });
  const accepted = fc.property(bytesUpTo(12), (tail) => {
    const der = new Uint8Array([0x30, tail.length, ...tail]);
    const raw = rawFromDer(der);
    return raw === undefined || equalBytes(derFromRaw(raw), der);
  });
  fc.assert(accepted, { seed: 1, numRuns: 3000 });
});

test.each([
  ['a zero too many', '30080202000102020001'],
  ['a negative integer', '3006020180020101'],
  ['an empty integer', '30050200020101'],
  ['33 bytes', `3026022101${'00'.repeat(32)}020101`],
  ['a long length', '308106020101020101'],
])('no DER signature: %s', (_, hex) => {
  expect(rawFromDer(fromHex(hex) ?? new Uint8Array())).toBeUndefined();
});

test('a key id is the SHA-256 of the SPKI', async () => {
  const key = p256Key('id');
  expect(await keyId(key.spki)).toBe(key.keyId);
  const verifier = await importPublisherKey(key.spki);
  expect(await verifier.verify(key.sign(key.spki), key.spki)).toBe(true);
  expect(await verifier.verify(key.sign(key.spki), new Uint8Array())).toBe(false);
});

test('every code of a metadata vector has a meaning in the table', () => {
  const known = Object.keys(CLIENT_ERROR_CODES);
  for (const { code } of REPOSITORY_CASES) if (code) expect(known).toContain(code);
});

test('the TUF client with the DSSE check stays small', async () => {
  const index = fileURLToPath(new URL('../../tools/client/src/trust/index.ts', import.meta.url));
  const { outputFiles } = await build({
    stdin: {
      contents: `export { refreshMetadata, loadTrusted, parseBundle, verifyKeyBundle } from ${JSON.stringify(index)};`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  expect(gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length).toBeLessThan(5_600);
});

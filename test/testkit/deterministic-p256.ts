// P-256 keys from the public seed that sign the same bytes the same way (RFC 6979), so that generated files can be compared as bytes.
// OpenSSL multiplies, the rest is arithmetic; never for a key that is a secret.
import { createECDH, createHash, createHmac } from 'node:crypto';
import { derFromRaw } from '@plugmark/client/trust';
import { p256Key, type TestKey } from './test-keys.ts';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export function deterministicP256(label: string): TestKey {
  const key = p256Key(label);
  const d = Buffer.from(key.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  return { ...key, sign: (data) => signWith(d, data) };
}

function signWith(d: Buffer, data: Uint8Array): Uint8Array {
  const digest = createHash('sha256').update(data).digest();
  const z = toBigInt(digest);
  const nonces = nonceStream(d, toBuffer(z % ORDER));
  for (;;) {
    const k = nonces();
    const r = abscissa(k) % ORDER;
    const s = (inverse(k) * ((z + r * toBigInt(d)) % ORDER)) % ORDER;
    if (r !== 0n && s !== 0n) return derFromRaw(new Uint8Array(Buffer.concat([toBuffer(r), toBuffer(s)])));
  }
}

/** RFC 6979 section 3.2 with HMAC-SHA-256, where hash and order have the same length. */
function nonceStream(d: Buffer, digest: Buffer): () => bigint {
  const mac = (key: Buffer, ...parts: readonly Buffer[]): Buffer =>
    createHmac('sha256', key).update(Buffer.concat(parts)).digest();
  let v: Buffer = Buffer.alloc(32, 1);
  let key: Buffer = Buffer.alloc(32, 0);
  for (const separator of [0, 1]) {
    key = mac(key, v, Buffer.from([separator]), d, digest);
    v = mac(key, v);
  }
  return () => {
    for (;;) {
      v = mac(key, v);
      const k = toBigInt(v);
      const isUsable = k > 0n && k < ORDER;
      if (isUsable) return k;
      key = mac(key, v, Buffer.from([0]));
      v = mac(key, v);
    }
  };
}

function abscissa(k: bigint): bigint {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(toBuffer(k));
  return toBigInt(ecdh.getPublicKey().subarray(1, 33));
}

function inverse(value: bigint): bigint {
  let [a, b, x, y] = [value % ORDER, ORDER, 1n, 0n];
  while (b > 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return ((x % ORDER) + ORDER) % ORDER;
}

const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const toBuffer = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

// ECDSA P-256 whose nonce is derived from key and message, in the spirit of RFC 6979: the same registry has the same bytes each time.
// For keys that anybody knows; the arithmetic leaks timing and must never see a secret.
import { createECDH, createHash, createHmac } from 'node:crypto';
import { derFromRaw } from '@plugmark/client/trust';
import { type KeySigner, keySigner } from '@plugmark/publish';
import { p256Key } from '../test-keys.ts';

/** The order of the curve's base point (SEC 2, secp256r1). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export function repeatableP256(label: string): KeySigner {
  const { privateKey } = p256Key(label);
  const { d = '' } = privateKey.export({ format: 'jwk' });
  const secret = Buffer.from(d, 'base64url');
  const signer = keySigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), label);
  return { ...signer, sign: (data) => sign(secret, data) };
}

function sign(secret: Buffer, data: Uint8Array): Uint8Array {
  const digest = createHash('sha256').update(data).digest();
  const nonce = createHmac('sha256', secret).update(digest).digest();
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(nonce);
  const r = toNumber(ecdh.getPublicKey().subarray(1, 33)) % ORDER;
  const s = (inverse(toNumber(nonce)) * (toNumber(digest) + r * toNumber(secret))) % ORDER;
  return derFromRaw(Buffer.from([r, s].map((part) => part.toString(16).padStart(64, '0')).join(''), 'hex'));
}

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

/** By the extended Euclidean algorithm. */
function inverse(value: bigint): bigint {
  let [rest, next, x, y] = [value % ORDER, ORDER, 1n, 0n];
  while (next > 0n) {
    const quotient = rest / next;
    [rest, next] = [next, rest - quotient * next];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % ORDER) + ORDER) % ORDER;
}

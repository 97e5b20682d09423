// ECDSA on P-256 over a digest that is known already (FIPS 186-5 section 6.4.2). WebCrypto only takes the message itself, and a message
// signature must be verifiable from the artifact's digest alone. Everything here is public, so nothing needs constant time.
import { toHex } from '../trust/bytes.ts';
import { rawSignature } from './public-key.ts';

const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const G: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  z: 1n,
};

/** Jacobian: x/z², y/z³; z = 0 is the point at infinity. */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}

const INFINITY: Point = { x: 1n, y: 1n, z: 0n };
const mod = (value: bigint, modulus: bigint = P): bigint => ((value % modulus) + modulus) % modulus;
const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes)}`);

/** `point` is x and y, 32 bytes each; `signature` is DER. */
export function verifyDigest(point: Uint8Array, signature: Uint8Array, sha256: Uint8Array): boolean {
  const raw = rawSignature(signature, 32);
  if (raw === undefined || point.length !== 64 || sha256.length !== 32) return false;
  const [r, s] = [toBigInt(raw.subarray(0, 32)), toBigInt(raw.subarray(32))];
  const key: Point = { x: toBigInt(point.subarray(0, 32)), y: toBigInt(point.subarray(32)), z: 1n };
  const isScalar = (value: bigint): boolean => value > 0n && value < N;
  if (!isScalar(r) || !isScalar(s) || !isOnCurve(key)) return false;
  const w = inverse(s, N);
  const sum = multiplySum(mod(toBigInt(sha256) * w, N), key, mod(r * w, N));
  if (sum.z === 0n) return false;
  const z = inverse(sum.z, P);
  return mod(mod(sum.x * z * z), N) === r;
}

function isOnCurve({ x, y }: Point): boolean {
  return x < P && y < P && mod(y * y - (x * x * x - 3n * x + B)) === 0n;
}

/** Extended Euclid. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [mod(value, modulus), modulus, 1n, 0n];
  while (b > 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return mod(x, modulus);
}

/** u1 * G + u2 * key, both multiplied in one walk over the bits. */
function multiplySum(u1: bigint, key: Point, u2: bigint): Point {
  const both = add(G, key);
  let sum = INFINITY;
  for (let bit = 255n; bit >= 0n; bit--) {
    sum = double(sum);
    const [first, second] = [(u1 >> bit) & 1n, (u2 >> bit) & 1n];
    if (first && second) sum = add(sum, both);
    else if (first) sum = add(sum, G);
    else if (second) sum = add(sum, key);
  }
  return sum;
}

function double({ x, y, z }: Point): Point {
  if (z === 0n || y === 0n) return INFINITY;
  const yy = mod(y * y);
  const s = mod(4n * x * yy);
  // a = -3: 3x² - 3z⁴ = 3(x - z²)(x + z²).
  const m = mod(3n * (x - z * z) * (x + z * z));
  const next = mod(m * m - 2n * s);
  return { x: next, y: mod(m * (s - next) - 8n * yy * yy), z: mod(2n * y * z) };
}

function add(a: Point, b: Point): Point {
  if (a.z === 0n) return b;
  if (b.z === 0n) return a;
  const [za, zb] = [mod(a.z * a.z), mod(b.z * b.z)];
  const [ua, ub] = [mod(a.x * zb), mod(b.x * za)];
  const [sa, sb] = [mod(a.y * zb * b.z), mod(b.y * za * a.z)];
  const [h, r] = [mod(ub - ua), mod(sb - sa)];
  if (h === 0n) return r === 0n ? double(a) : INFINITY;
  const hh = mod(h * h);
  const [hhh, v] = [mod(hh * h), mod(ua * hh)];
  const x = mod(r * r - hhh - 2n * v);
  return { x, y: mod(r * (v - x) - sa * hhh), z: mod(h * a.z * b.z) };
}

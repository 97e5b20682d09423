// Keys derived from a public seed: anybody can sign with them, so they must never sign anything but tests and examples.
// Ed25519 signatures are deterministic, ECDSA ones are not; RSA keys cannot be derived and are made anew in each run.
import {
  constants,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';

const PUBLIC_SEED = 'plugmark test keys, not a secret';
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A key with its three faces: TUF metadata, publisher list, and the means to sign. */
export interface TestKey {
  readonly keyId: string;
  readonly tuf: { keytype: string; scheme: string; keyval: { public: string } };
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly privateKey: KeyObject;
  sign(data: Uint8Array): Uint8Array;
}

export function ed25519Key(label: string): TestKey {
  const seed = derive(`ed25519 ${label}`);
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const hex = spkiOf(privateKey).subarray(-32).toString('hex');
  return testKey(privateKey, { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: hex } }, (data) =>
    sign(null, data, privateKey),
  );
}

export function p256Key(label: string, keytype: 'ecdsa' | 'ecdsa-sha2-nistp256' = 'ecdsa'): TestKey {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(derive(`p256 ${label}`));
  const point = ecdh.getPublicKey();
  const base64Url = (bytes: Buffer) => bytes.toString('base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: base64Url(ecdh.getPrivateKey()),
    x: base64Url(point.subarray(1, 33)),
    y: base64Url(point.subarray(33)),
  };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return testKey(
    privateKey,
    { keytype, scheme: 'ecdsa-sha2-nistp256', keyval: { public: pemOf(privateKey) } },
    (data) => sign('sha256', data, privateKey),
  );
}

export function rsaKey(): TestKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return testKey(
    privateKey,
    { keytype: 'rsa', scheme: 'rsassa-pss-sha256', keyval: { public: pemOf(privateKey) } },
    (data) => sign('sha256', data, key),
  );
}

function testKey(privateKey: KeyObject, tuf: TestKey['tuf'], signData: (data: Uint8Array) => Buffer): TestKey {
  const spki = spkiOf(privateKey);
  return {
    keyId: createHash('sha256').update(spki).digest('hex'),
    tuf,
    spki: new Uint8Array(spki),
    privateKey,
    sign: (data) => new Uint8Array(signData(data)),
  };
}

export function derive(label: string): Buffer {
  return createHash('sha256').update(`${PUBLIC_SEED}\0${label}`).digest();
}

function spkiOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
}

function pemOf(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }).toString();
}

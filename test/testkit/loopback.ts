// The loopback Sigstore with keys from the public seed and a clock that stands still, for tests and vectors.

import { createECDH, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { WorkflowRun } from '../../tools/dev/src/sigstore/github-token.ts';
import { KEY_KINDS, type ServiceKeys, type ServiceName } from '../../tools/dev/src/sigstore/keys.ts';
import { type LoopbackSigstore, openLoopbackSigstore } from '../../tools/dev/src/sigstore/loopback-sigstore.ts';
import { derive, ed25519Key } from './test-keys.ts';

const SERVICES_FROM = new Date('2026-01-01T00:00:00Z');
export const SIGNED_AT = new Date('2026-06-01T12:00:00Z');

/** A run of the release workflow that the example identity pins. */
export const RUN: WorkflowRun = {
  owner: 'acme',
  ownerId: '8812345',
  repository: 'thing',
  repositoryId: '771234567',
  workflow: '.github/workflows/release.yml',
  ref: 'refs/tags/v1.2.0',
  sha: '0123456789abcdef0123456789abcdef01234567',
  event: 'push',
  runner: 'github-hosted',
  runId: '4711',
};

function ecKey(curve: 'prime256v1' | 'secp384r1', label: string): KeyObject {
  const ecdh = createECDH(curve);
  const size = curve === 'prime256v1' ? 32 : 48;
  // A hash is shorter than P-384's scalars, so it is drawn twice.
  ecdh.setPrivateKey(Buffer.concat([derive(`${curve} ${label}`), derive(`${curve} ${label} more`)]).subarray(0, size));
  const point = ecdh.getPublicKey();
  const text = (bytes: Buffer): string => bytes.toString('base64url');
  const jwk = {
    kty: 'EC',
    crv: curve === 'prime256v1' ? 'P-256' : 'P-384',
    d: text(ecdh.getPrivateKey()),
    x: text(point.subarray(1, 1 + size)),
    y: text(point.subarray(1 + size)),
  };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

const rsaKeys = new Map<string, KeyObject>();
const MAKE: Readonly<Record<(typeof KEY_KINDS)[ServiceName], (label: string) => KeyObject>> = {
  p256: (label) => ecKey('prime256v1', label),
  p384: (label) => ecKey('secp384r1', label),
  ed25519: (label) => ed25519Key(label).privateKey,
  // Only tokens are signed with it, and no token is kept.
  rsa: (label) => {
    const key = rsaKeys.get(label) ?? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    rsaKeys.set(label, key);
    return key;
  },
};

export function loopbackKeys(label = 'loopback'): ServiceKeys {
  const entries = Object.entries(KEY_KINDS).map(([name, kind]) => [name, MAKE[kind](`${label} ${name}`)]);
  return Object.fromEntries(entries) as ServiceKeys;
}

/** Services whose clock a test sets. */
export function openLoopback(
  clock: { now: Date } = { now: SIGNED_AT },
  keys: ServiceKeys = loopbackKeys(),
): LoopbackSigstore {
  return openLoopbackSigstore({ keys, from: SERVICES_FROM, now: () => clock.now });
}

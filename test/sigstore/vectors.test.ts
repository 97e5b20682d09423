// test/vectors/sigstore is generated from cases.ts (BLESS=1 writes it, by the loopback services); every vector must end as the table
// says, with our verifier and with the library. The browser runs the same directories.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { CLIENT_ERROR_CODES } from '@plugmark/client';
import * as library from '@plugmark/client/node';
import * as own from '@plugmark/client/sigstore';
import { PINS } from '@plugmark/client/sigstore';
import { parseBundle } from '@plugmark/client/trust';
import { keySigner, publishStatement, sha256 } from '@plugmark/publish';
import { canonicalBytes } from '@plugmark/schemas';
import { expect, test } from 'vitest';
import { serveSigstore } from '../../tools/dev/src/sigstore/serve.ts';
import { signStatement } from '../../tools/publish/src/statement-bundle.ts';
import { loopbackKeys, openLoopback, SIGNED_AT } from '../testkit/loopback.ts';
import { pemOf } from '../testkit/registry-folder.ts';
import { IDENTITY, OLD_KEY, type Others, SIGSTORE_CASES, type SigstoreCase, setForeignRoot } from './cases.ts';
import { type Json, otherStatement, REGISTRY, RELEASE, STATEMENT, signKeyless } from './sign-vector.ts';
import { runVector, type SigstoreVector, type VectorFiles } from './vector.ts';

const ROOT = new URL('../vectors/sigstore/', import.meta.url);
const directoryOf = ({ name, code }: SigstoreCase) => `${name}${code ? '_fail' : ''}`;
const pretty = (value: unknown) => `${JSON.stringify(value, undefined, 1)}\n`;
const MANIFEST = STATEMENT.predicate.manifest.digest.sha256;
const INPUT = '77'.repeat(32);

async function makeBundle(one: SigstoreCase, services: Services): Promise<Json> {
  const { sigstore, clock } = services;
  if (one.byKey !== undefined) return byKey(one.byKey, services);
  const statement = one.cosign === undefined ? one.statement : summary(one.cosign);
  const bundle = await signKeyless({ ...one, sigstore, clock, ...(statement === undefined ? {} : { statement }) });
  one.change?.(bundle, services.others);
  return bundle;
}

async function byKey(mode: 'stamped' | 'unstamped', { sigstore, clock }: Services): Promise<Json> {
  clock.now = SIGNED_AT;
  const served = await serveSigstore(sigstore);
  try {
    const signer = keySigner(pemOf(OLD_KEY), 'the old key');
    const timestampUrl = mode === 'stamped' ? served.address : undefined;
    return JSON.parse(new TextDecoder().decode(await signStatement(STATEMENT, { ...signer, timestampUrl })));
  } finally {
    await served.close();
  }
}

function summary({
  resourceUri = `plugmark:${REGISTRY}/acme/thing@1.2.0`,
}: NonNullable<SigstoreCase['cosign']>): object {
  return {
    _type: STATEMENT._type,
    subject: STATEMENT.subject,
    predicateType: 'https://slsa.dev/verification_summary/v1',
    predicate: {
      verifier: { id: `plugmark:${REGISTRY}`, version: { analyser: '1.0.0' } },
      timeVerified: '2026-06-01T12:00:00Z',
      resourceUri,
      policy: { uri: 'policy.json', digest: { sha256: '88'.repeat(32) } },
      inputAttestations: [{ uri: 'publisher.sigstore.json', digest: { sha256: INPUT } }],
      verificationResult: 'PASSED',
      verifiedLevels: ['PLUGMARK_PUBLISHER_VERIFIED'],
      slsaVersion: '1.2',
    },
  };
}

function makeInput({ cosign, identities = [IDENTITY], claim }: SigstoreCase): SigstoreVector {
  const asked = {
    plugin: RELEASE.plugin,
    version: RELEASE.version,
    registry: REGISTRY,
    sha256: RELEASE.artifact.sha256,
  };
  if (cosign === undefined)
    return { mark: 'publisher', claim: { ...asked, manifestSha256: MANIFEST, ...claim }, identities };
  const { input = INPUT, ...changed } = claim ?? {};
  const workflow = {
    kind: 'keyless',
    issuer: IDENTITY.issuer,
    subject: cosign.subject ?? `${IDENTITY.buildConfig}@refs/tags/v1.2.0`,
    repositoryId: cosign.repositoryId ?? IDENTITY.repositoryId,
    from: '2026-01-01T00:00:00Z',
  } as const;
  return {
    mark: 'registry',
    claim: { ...asked, ...changed, inputs: [input] },
    keys: { registry: REGISTRY, verifier: `plugmark:${REGISTRY}`, identities: [workflow] },
  };
}

interface Services {
  readonly sigstore: ReturnType<typeof openLoopback>;
  readonly clock: { now: Date };
  readonly others: Others;
}

async function openServices(): Promise<Services> {
  const clock = { now: SIGNED_AT };
  const sigstore = openLoopback(clock);
  const stranger = openLoopback(clock, loopbackKeys('stranger'));
  setForeignRoot(JSON.parse(new TextDecoder().decode(stranger.trustedRoot)));
  const others = {
    another: await signKeyless({ sigstore, clock, statement: otherStatement() }),
    foreign: await signKeyless({ sigstore: stranger, clock }),
    v1: await signKeyless({ sigstore, clock, rekor: 1, statement: otherStatement() }),
  };
  return { sigstore, clock, others };
}

async function bless(): Promise<void> {
  const services = await openServices();
  rmSync(ROOT, { recursive: true, force: true });
  mkdirSync(ROOT, { recursive: true });
  const root = JSON.parse(new TextDecoder().decode(services.sigstore.trustedRoot));
  writeFileSync(new URL('trusted_root.json', ROOT), pretty(root));
  for (const one of SIGSTORE_CASES) {
    const directory = new URL(`${directoryOf(one)}/`, ROOT);
    mkdirSync(directory);
    const write = (name: string, text: string) => writeFileSync(new URL(name, directory), text);
    write('bundle.sigstore.json', pretty(await makeBundle(one, services)));
    write('input.json', pretty(makeInput(one)));
    write('README.md', `${one.why}\n`);
    if (one.root !== undefined) {
      const changed = structuredClone(root);
      one.root(changed);
      write('trusted_root.json', pretty(changed));
    }
    write('expect.json', pretty(await runVector(readVector(one), own)));
  }
}

function readVector(one: SigstoreCase): VectorFiles {
  const read = (name: string) => new Uint8Array(readFileSync(new URL(`${directoryOf(one)}/${name}`, ROOT)));
  const hasRoot = existsSync(new URL(`${directoryOf(one)}/trusted_root.json`, ROOT));
  return {
    input: JSON.parse(new TextDecoder().decode(read('input.json'))),
    bundle: read('bundle.sigstore.json'),
    trustedRoot: read(hasRoot ? 'trusted_root.json' : '../trusted_root.json'),
  };
}

if (process.env['BLESS'] === '1') await bless();

test('the directories are those of the table', () => {
  const directories = readdirSync(ROOT).filter((name) => name !== 'trusted_root.json');
  expect(directories.sort()).toEqual(SIGSTORE_CASES.map(directoryOf).sort());
});

for (const one of SIGSTORE_CASES) {
  test(directoryOf(one), async () => {
    const vector = readVector(one);
    const text = (name: string) => readFileSync(new URL(`${directoryOf(one)}/${name}`, ROOT), 'utf8');
    expect(text('README.md')).toBe(`${one.why}\n`);
    expect(vector.input).toEqual(JSON.parse(JSON.stringify(makeInput(one))));
    const outcome = await runVector(vector, own);
    expect(outcome).toEqual(JSON.parse(text('expect.json')));
    // The table, not the blessed file, says which code is right.
    expect(outcome.code).toBe(one.code);
    const byLibrary = await runVector(vector, library);
    expect(byLibrary).toEqual(one.code === undefined ? outcome : { code: one.libraryCode ?? one.code });
  });
}

test('every refusal of the keyless verifier has a vector', () => {
  const codes = new Set(SIGSTORE_CASES.map(({ code }) => code));
  const own = Object.keys(CLIENT_ERROR_CODES).filter((code) =>
    /^(CERTIFICATE|IDENTITY|LOG|TIME|TRUSTED_ROOT)|^KEY_WINDOW$/.test(code),
  );
  expect(own.length).toBeGreaterThan(20);
  expect(own.filter((code) => !codes.has(code))).toEqual([]);
  expect(own).toEqual(expect.arrayContaining(PINS.map(({ code }) => code)));
});

test('the statement of the vectors is the one that this project makes today', () => {
  const { payload } = parseBundle(readVector(SIGSTORE_CASES[0] as SigstoreCase).bundle);
  expect(sha256(payload)).toBe(sha256(canonicalBytes(publishStatement(RELEASE, REGISTRY))));
});

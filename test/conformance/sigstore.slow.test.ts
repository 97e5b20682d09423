// The bundles of the sigstore conformance suite, by path and by digest, through our own verifier in Node and in Chromium and through
// the library. The suite is brought by hand and never committed: PLUGMARK_SIGSTORE_CONFORMANCE_DIR is a checkout of
// sigstore/sigstore-conformance, PLUGMARK_SIGSTORE_TRUSTED_ROOT the public instance's trusted_root.json.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { launchChromium } from '../testkit/chromium.ts';
import { type SigstoreCase, verifyCase } from './sigstore-case.ts';
import { verifyLibraryCase } from './sigstore-library-case.ts';

const SUITE = process.env['PLUGMARK_SIGSTORE_CONFORMANCE_DIR'];
const PUBLIC_ROOT = process.env['PLUGMARK_SIGSTORE_TRUSTED_ROOT'];
const CASES = SUITE === undefined ? '' : join(SUITE, 'test/assets/bundle-verify');
const BEACON =
  'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
const GITHUB = 'https://token.actions.githubusercontent.com';
const HERE = fileURLToPath(new URL('./', import.meta.url));

const bytes = (path: string): Uint8Array => new Uint8Array(readFileSync(path));

function readCase(name: string, mode: 'path' | 'digest'): SigstoreCase {
  const file = (part: string): string | undefined => {
    const path = join(CASES, name, part);
    return existsSync(path) ? path : undefined;
  };
  const text = (part: string): string | undefined => {
    const path = file(part);
    return path && readFileSync(path, 'utf8').trim();
  };
  const artifact = bytes(file('artifact') ?? join(CASES, 'a.txt'));
  return {
    bundle: bytes(join(CASES, name, 'bundle.sigstore.json')),
    trustedRoot: bytes(file('trusted_root.json') ?? PUBLIC_ROOT ?? ''),
    artifact:
      mode === 'path'
        ? { bytes: artifact }
        : { sha256: new Uint8Array(createHash('sha256').update(artifact).digest()) },
    key: text('key.pub'),
    identity: text('identity') ?? BEACON,
    issuer: text('issuer') ?? GITHUB,
  };
}

if (SUITE === undefined || PUBLIC_ROOT === undefined) {
  test('sigstore conformance', ({ skip }) =>
    skip('PLUGMARK_SIGSTORE_CONFORMANCE_DIR and PLUGMARK_SIGSTORE_TRUSTED_ROOT are not set'));
} else {
  const names = readdirSync(CASES).filter((name) => existsSync(join(CASES, name, 'bundle.sigstore.json')));
  const cases = names.flatMap((name) => (['path', 'digest'] as const).map((mode) => ({ name, mode })));
  const wrong = (outcomes: readonly string[]): string[] =>
    cases.flatMap(({ name, mode }, i) =>
      (outcomes[i] === 'accepted') === name.endsWith('_fail') ? [`${name} by ${mode}: ${outcomes[i]}`] : [],
    );

  test('there are 70 cases', () => expect(names.length).toBe(70));

  describe.each([
    ['our verifier in Node', verifyCase],
    ['@sigstore/verify as the client uses it', verifyLibraryCase],
  ])('%s', (_, verify) => {
    test('agrees with the suite, twice 70 times', async () => {
      const outcomes = [];
      for (const { name, mode } of cases) outcomes.push(await verify(readCase(name, mode)));
      expect(wrong(outcomes)).toEqual([]);
    });
  });

  test('our verifier in Chromium agrees with the suite, twice 70 times', async () => {
    expect(wrong(await inChromium(cases.map(({ name, mode }) => readCase(name, mode))))).toEqual([]);
  });

  test('the executable speaks the suite’s protocol', async () => {
    for (const name of ['happy-path-v0.3', 'rekor2-happy-path', 'managed-key-happy-path', 'signature-mismatch_fail']) {
      for (const verifier of ['webcrypto', 'library'])
        expect([name, verifier, await runAdapter(name, verifier)]).toEqual([name, verifier, !name.endsWith('_fail')]);
    }
  });
}

async function inChromium(given: readonly SigstoreCase[]): Promise<string[]> {
  const { outputFiles } = await build({
    stdin: { contents: `export { verifyEncoded } from './sigstore-case.ts'`, resolveDir: HERE },
    bundle: true,
    format: 'iife',
    globalName: 'conformance',
    write: false,
    conditions: ['@plugmark/source'],
    platform: 'browser',
  });
  const server = createServer((request, response) =>
    request.url === '/verify.js'
      ? response.setHeader('content-type', 'text/javascript').end(outputFiles[0]?.contents)
      : response.setHeader('content-type', 'text/html').end('<!doctype html><script src="/verify.js"></script>'),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const encoded = given.map((one) =>
      JSON.stringify(one, (_, value) =>
        value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
      ),
    );
    return await page.evaluate(runInPage, encoded);
  } finally {
    await browser.close();
    server.close();
  }
}

/** Runs in the page, which has loaded the bundle. */
function runInPage(encoded: string[]): Promise<string[]> {
  const { conformance } = globalThis as unknown as {
    conformance: { verifyEncoded(texts: string[]): Promise<string[]> };
  };
  return conformance.verifyEncoded(encoded);
}

async function runAdapter(name: string, verifier: string): Promise<boolean> {
  const file = (part: string): string => join(CASES, name, part);
  const identity = existsSync(file('key.pub'))
    ? ['--key', file('key.pub')]
    : ['--certificate-identity', BEACON, '--certificate-oidc-issuer', GITHUB];
  const root = existsSync(file('trusted_root.json')) ? ['--trusted-root', file('trusted_root.json')] : [];
  const args = ['verify-bundle', '--bundle', file('bundle.sigstore.json'), ...identity, ...root, join(CASES, 'a.txt')];
  return promisify(execFile)(join(HERE, 'sigstore-verify'), args, {
    env: { ...process.env, PLUGMARK_SIGSTORE_VERIFIER: verifier },
  }).then(
    () => true,
    () => false,
  );
}

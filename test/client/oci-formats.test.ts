// What is read of OCI: references that people write, manifests of strangers, and where a registry says that a token is to be had.
import { readdirSync, readFileSync } from 'node:fs';
import {
  isSource,
  mayAskForToken,
  ociText,
  parseSource,
  readOciName,
  readTokenQuestion,
  readWasmManifest,
  sourceWords,
  tokenAddress,
} from '@plugmark/client';
import { LockedSource, parse, SourceUri } from '@plugmark/schemas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

describe('what a person names', () => {
  test.each([
    `oci://ghcr.io/octo/lamp@${DIGEST}`,
    `oci://127.0.0.1:5000/lamp@${DIGEST}`,
    `oci://registry.example.org:8443/a/b__c/d-e.f@${DIGEST}`,
  ])('%s', (text) => {
    const source = parseSource(text);
    expect(source).toEqual({ kind: 'oci', repository: text.slice(6, text.indexOf('@')), digest: DIGEST });
    expect([isSource(text), sourceWords(source as never)]).toEqual([true, text]);
  });

  test.each([
    ['oci://ghcr.io/octo/lamp:1.0.0', 'SOURCE_UNPINNED'],
    ['oci://127.0.0.1:5000/lamp:latest', 'SOURCE_UNPINNED'],
    ['oci://ghcr.io/octo/lamp', 'SOURCE_MALFORMED'],
    ['oci://ghcr.io', 'SOURCE_MALFORMED'],
    [`oci://ghcr.io/@${DIGEST}`, 'SOURCE_MALFORMED'],
    [`oci://ghcr.io/octo/../lamp@${DIGEST}`, 'SOURCE_MALFORMED'],
    [`oci://ghcr.io/octo//lamp@${DIGEST}`, 'SOURCE_MALFORMED'],
    [`oci://ghcr.io/Octo/lamp@${DIGEST}`, 'SOURCE_MALFORMED'],
    [`oci://ghcr.io/octo/lamp:1@${DIGEST}`, 'SOURCE_MALFORMED'],
    [`oci://ghcr.io/octo/lamp@${DIGEST.toUpperCase()}`, 'SOURCE_MALFORMED'],
    [`oci://ghcr.io/octo/lamp@${DIGEST} `, 'SOURCE_MALFORMED'],
    [`oci://user:secret@ghcr.io/octo/lamp@${DIGEST}`, 'SOURCE_MALFORMED'],
    // Other spellings of addresses, which would not be seen to be loopback.
    [`oci://2130706433/octo/lamp@${DIGEST}`, 'SOURCE_MALFORMED'],
    [`oci://0x7f.1/octo/lamp@${DIGEST}`, 'SOURCE_MALFORMED'],
    [`oci://ghcr.io:99999/octo/lamp@${DIGEST}`, 'SOURCE_MALFORMED'],
    [`oci://ghcr.io/${'a/'.repeat(200)}lamp@${DIGEST}`, 'SOURCE_MALFORMED'],
  ])('%s is refused', (text, code) => {
    expect(() => parseSource(text)).toThrow(expect.objectContaining({ code }));
  });
});

const VECTORS = new URL('../vectors/oci/', import.meta.url);

describe('manifests', () => {
  test.each(readdirSync(VECTORS))('%s', (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(`${name}/manifest.json`, VECTORS)));
    const expected = JSON.parse(readFileSync(new URL(`${name}/expect.json`, VECTORS), 'utf8'));
    expect(readFileSync(new URL(`${name}/README.md`, VECTORS), 'utf8')).toMatch(/^[^\n]+\.\n$/);
    expect(name.endsWith('_fail')).toBe('code' in expected);
    const read = (): unknown => {
      const { layer, annotations } = readWasmManifest(bytes);
      return { layer, annotations: Object.fromEntries(annotations) };
    };
    if (!name.endsWith('_fail')) expect(read()).toEqual(expected);
    else expect(read).toThrow(expect.objectContaining({ code: expected.code, details: { path: expected.path } }));
  });
});

describe('where a token is asked for', () => {
  const asked = (registry: string, realm: string): boolean | undefined => {
    const question = readTokenQuestion(`Bearer realm="${realm}",service="s",scope="registry:catalog:*"`);
    return question && mayAskForToken(question, { host: registry, name: 'octo/lamp' });
  };

  test.each([
    ['ghcr.io', 'https://ghcr.io/token', true],
    ['registry.example.org:5000', 'https://registry.example.org:5001/auth', true],
    ['docker.io', 'https://auth.docker.io/token', true],
    ['registry-1.docker.io', 'https://auth.docker.io/token', true],
    ['registry.gitlab.com', 'https://gitlab.com/jwt/auth', true],
    ['127.0.0.1:5000', 'http://127.0.0.1:5000/token', true],
    ['ghcr.io', 'http://ghcr.io/token', false],
    ['ghcr.io', 'https://auth.docker.io/token', false],
    ['ghcr.io', 'https://ghcr.io.evil.example/token', false],
    ['ghcr.io', 'https://user:secret@ghcr.io/token', false],
    ['ghcr.io', 'http://169.254.169.254/latest/meta-data', false],
    ['ghcr.io', 'https://printer.local/', false],
    ['registry.gitlab.com', 'https://gitlab.com:8443/jwt/auth', false],
    ['127.0.0.1:5000', 'http://127.0.0.1:6379/', false],
    ['127.0.0.1:5000', 'https://127.0.0.1:5000/token', false],
    ['ghcr.io', '/token', undefined],
    ['ghcr.io', 'data:text/plain,token', false],
  ])('%s says %s', (registry, realm, may) => {
    expect(asked(registry, realm)).toBe(may);
  });

  test.each([
    ['Basic realm="registry"', undefined],
    ['Bearer', undefined],
    ['', undefined],
    ['bearer service="a", realm="https://ghcr.io/token?x=1"', 'https://ghcr.io/token?x=1&service=a'],
    [
      'Basic realm="https://basic.example/", Bearer realm="https://ghcr.io/token",scope="a b"',
      'https://ghcr.io/token?scope=a+b',
    ],
  ])('%s', (challenge, address) => {
    const question = readTokenQuestion(challenge);
    expect(question && tokenAddress(question)).toBe(address);
  });
});

test('what is read as a reference can be written into a lockfile and into sources.json, and is read the same again', () => {
  const part = fc.stringMatching(/^[a-z0-9._/:@-]{0,12}$/);
  const text = fc
    .tuple(fc.constantFrom('ghcr.io', 'a.b', '127.0.0.1:5000', '..', '0x1'), fc.array(part, { maxLength: 3 }))
    .map(([host, parts]) => `oci://${[host, ...parts, 'lamp'].join('/')}@${DIGEST}`);
  let read = 0;
  fc.assert(
    fc.property(text, (named) => {
      const { host = '', name = '', digest = '' } = readOciName(named) ?? {};
      if (name === '') return;
      read++;
      expect(ociText({ host, name, digest })).toBe(named);
      expect(parse(SourceUri, named, 'test')).toBe(named);
      expect(parse(LockedSource, parseSource(named), 'test')).toEqual(parseSource(named));
    }),
    { numRuns: 500, seed: 1 },
  );
  expect(read).toBeGreaterThan(50);
});

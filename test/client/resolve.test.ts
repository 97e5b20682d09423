// selectRelease is a function: a document made of (version, change) pairs goes in, the choice and every exclusion come out.
import type { DocumentRelease, PackageDocument, Revocations } from '@plugmark/client';
import { expect, test } from 'vitest';
import { packageDocument } from '../../tools/client/src/documents/package-document.ts';
import { parseRequest, type ResolveContext, selectRelease } from '../../tools/client/src/resolve.ts';
import { EXAMPLES } from '../testkit/schema-examples.ts';

const BASE = packageDocument(EXAMPLES['package-document'], { path: 'example', code: 'DOCUMENT_MALFORMED' });
const [SAMPLE] = BASE.releases as [DocumentRelease];
const NOW = new Date('2026-04-02T00:00:00Z');
const NONE: Revocations = { registry: 'plugmark', revocations: [] };

interface Entry {
  readonly version: string;
  readonly status?: DocumentRelease['status'];
  readonly publishedAt?: string;
  readonly targets?: DocumentRelease['release']['value']['targets'];
  readonly sha256?: string;
}

function documentOf(...entries: (Entry | string)[]): PackageDocument {
  const releases = entries.map((entry): DocumentRelease => {
    const {
      version,
      status = { state: 'active' },
      publishedAt = '2026-01-01T00:00:00Z',
      targets,
      sha256,
    } = typeof entry === 'string' ? { version: entry } : entry;
    const { value } = SAMPLE.release;
    const artifact = { ...value.artifact, sha256: sha256 ?? value.artifact.sha256 };
    return {
      ...SAMPLE,
      status,
      publishedAt,
      release: { json: {}, value: { ...value, version, artifact, targets: targets ?? value.targets } },
    };
  });
  return { ...BASE, releases };
}

/** `chosen` and `version: code`, the rest of the context as given. */
function outcome(document: PackageDocument, range: string, context: Partial<ResolveContext> = {}) {
  const { chosen, excluded } = selectRelease(
    document,
    { plugin: 'acme/spectral-entropy', range },
    { revocations: NONE, minimumReleaseAgeMinutes: 0, now: NOW, ...context },
  );
  return {
    chosen: chosen?.release.value.version,
    excluded: Object.fromEntries(excluded.map(({ version, code, reason }) => [version, `${code}: ${reason}`])),
  };
}

const since = '2026-03-30T00:00:00Z';
const revocation = {
  sha256: 'ab'.repeat(32),
  plugin: 'acme/spectral-entropy',
  version: '1.1.0',
  since,
  severity: 'high' as const,
  reason: 'steals',
  evidence: 'https://example.org/',
};

test('the highest that fits is taken, whatever the order in the document', () => {
  expect(outcome(documentOf('1.2.0', '1.10.0', '1.9.0'), '^1')).toEqual({
    chosen: '1.10.0',
    excluded: { '1.9.0': 'lower: lower than 1.10.0', '1.2.0': 'lower: lower than 1.10.0' },
  });
});

test.each([
  ['*', '1.0.0'],
  ['^2.0.0-0', '2.0.0-beta.2'],
  ['2.0.0-beta.1', '2.0.0-beta.1'],
  ['>=2.0.0-beta.1 <2.0.1', '2.0.0-beta.2'],
  ['>=1.9.0', undefined],
])('a prerelease is taken only where the range names one: %s', (range, chosen) => {
  expect(outcome(documentOf('1.0.0', '2.0.0-beta.1', '2.0.0-beta.2'), range).chosen).toBe(chosen);
});

test('nothing outside the range', () => {
  expect(outcome(documentOf('1.0.0'), '^2')).toEqual({ chosen: undefined, excluded: { '1.0.0': 'range: outside ^2' } });
});

test('a host gets what was made for it and its api version, and is told otherwise', () => {
  const document = documentOf(
    { version: '1.3.0', targets: [{ host: 'ddalab', api: '^2' }] },
    {
      version: '1.2.0',
      targets: [
        { host: 'conductor', api: '*' },
        { host: 'dprint', api: '*' },
      ],
    },
    '1.1.0',
  );
  expect(outcome(document, '*', { host: { id: 'ddalab', api: '1.0.0' } })).toEqual({
    chosen: '1.1.0',
    excluded: { '1.3.0': 'hostApi: needs ddalab api ^2, this is 1.0.0', '1.2.0': 'host: made for conductor, dprint' },
  });
  expect(outcome(document, '*', { host: { id: 'ddalab' } }).chosen).toBe('1.3.0');
});

test('deprecated is taken, yanked and revoked are not', () => {
  const document = documentOf(
    { version: '1.2.0', status: { state: 'revoked', since, reason: 'r' } },
    { version: '1.1.0', status: { state: 'yanked', since, reason: 'broken' } },
    { version: '1.0.0', status: { state: 'deprecated', since, reason: 'old' } },
  );
  expect(outcome(document, '*')).toEqual({
    chosen: '1.0.0',
    excluded: { '1.2.0': `revoked: revoked since ${since}: r`, '1.1.0': `yanked: yanked since ${since}: broken` },
  });
});

test('a quarantine holds until its end and not longer', () => {
  const until = '2026-04-02T00:00:00Z';
  const document = documentOf({ version: '1.0.0', status: { state: 'quarantined', since, until, reason: 'odd' } });
  expect(outcome(document, '*', { now: new Date('2026-04-01T23:59:59.999Z') }).excluded['1.0.0']).toBe(
    `quarantined: quarantined until ${until}: odd`,
  );
  expect(outcome(document, '*', { now: new Date(until) }).chosen).toBe('1.0.0');
});

test('revoked bytes are refused under any version and whatever the document says, until lifted', () => {
  const document = documentOf({ version: '9.0.0', sha256: revocation.sha256 }, '1.0.0');
  expect(outcome(document, '*', { revocations: { ...NONE, revocations: [revocation] } })).toEqual({
    chosen: '1.0.0',
    excluded: { '9.0.0': `revoked: revoked since ${since}: steals` },
  });
  const lifted = { ...revocation, lifted: { at: since, reason: 'mistaken' } };
  expect(outcome(document, '*', { revocations: { ...NONE, revocations: [lifted] } }).chosen).toBe('9.0.0');
  expect(outcome(document, '*', { revocations: { ...NONE, revocations: [lifted, revocation] } }).chosen).toBe('1.0.0');
});

test('a release is old enough from the very minute on', () => {
  const document = documentOf({ version: '1.0.0', publishedAt: '2026-04-01T00:00:00Z' });
  const at = (now: string) => outcome(document, '*', { minimumReleaseAgeMinutes: 1440, now: new Date(now) });
  expect(at('2026-04-02T00:00:00Z').chosen).toBe('1.0.0');
  expect(at('2026-04-01T23:59:59.999Z').excluded['1.0.0']).toBe(
    'age: published 2026-04-01T00:00:00Z; waits until 2026-04-02T00:00:00.000Z (minimum release age 1440 min)',
  );
});

test.each([
  ['acme/x', '*'],
  ['acme/x@^1.2 || 3.x', '^1.2 || 3.x'],
  ['acme/x@2.0.0-beta.1', '2.0.0-beta.1'],
])('%s is a request', (text, range) => {
  expect(parseRequest(text)).toEqual({ plugin: 'acme/x', range });
});

test.each([
  '',
  'x',
  'acme/',
  '/x',
  'acme/x/y',
  'Acme/x',
  'acme/x@',
  'acme/x@ ',
  'acme/x@latest',
  'acme/x@1@2',
  '@acme/x',
  'acme/../x',
  '-a/b',
  'a--b/c',
  'acme/x\n',
  'acme/x@^1\n|',
  `${'a'.repeat(40)}/x`,
])('%j is no request', (text) => {
  expect(parseRequest(text)).toBeUndefined();
});

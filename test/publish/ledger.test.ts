// The ledger: what cannot be derived again. It fits together or stops the build; it is never made anew from what is left.
import { readLedger } from '@plugmark/publish';
import { LedgerHead, parseJson } from '@plugmark/schemas';
import { beforeAll, expect, test } from 'vitest';
import { type Built, build, codeOf, digests, HOUR, jsonOf, later } from '../testkit/office.ts';
import { editJson, type Json, REGISTRY_ID, smallRegistry } from '../testkit/registry-folder.ts';

const ENTRY = 'entries/acme/thing/1.0.0.json';
let built: Built;
beforeAll(async () => {
  built = await build(await smallRegistry());
});

test('no files at all are a new ledger; what was written is read back', () => {
  expect(readLedger(new Map(), REGISTRY_ID)).toMatchObject({ head: undefined, entries: new Map() });
  const ledger = readLedger(built.ledger, REGISTRY_ID);
  expect([...ledger.entries.keys()].sort()).toEqual(['acme/thing@1.0.0', 'acme/thing@1.1.0', 'indie/tool@0.1.0']);
  expect(ledger.head).toMatchObject({ sequence: 1, entries: 3, refusals: [] });
  expect(ledger.head?.previous).toBeUndefined();
});

test.each<[string, (ledger: Map<string, Uint8Array>) => unknown]>([
  [
    'a changed entry',
    (ledger) => editJson(ledger, ENTRY, (entry: Json) => ({ ...entry, publishedAt: '2020-01-01T00:00:00Z' })),
  ],
  ['a lost entry', (ledger) => ledger.delete(ENTRY)],
  ['an added file', (ledger) => ledger.set('note.txt', new Uint8Array())],
  [
    'a changed report',
    (ledger) =>
      ledger.set([...ledger.keys()].find((path) => path.startsWith('attestations/')) ?? '', new Uint8Array([1])),
  ],
  [
    'a lost report',
    (ledger) => ledger.delete([...ledger.keys()].find((path) => path.startsWith('attestations/')) ?? ''),
  ],
  ['lost metadata', (ledger) => ledger.delete('metadata/timestamp.json')],
  ['a missing head', (ledger) => ledger.delete('head.json')],
  [
    'the head of another registry',
    (ledger) => editJson(ledger, 'head.json', (head: Json) => ({ ...head, registry: 'other.example' })),
  ],
  [
    'a head that counts other entries',
    (ledger) => editJson(ledger, 'head.json', (head: Json) => ({ ...head, entries: 2 })),
  ],
])('LEDGER_INVALID: %s', async (_, damage) => {
  const ledger = new Map(built.ledger);
  damage(ledger);
  expect(await codeOf(() => readLedger(ledger, REGISTRY_ID))).toBe('LEDGER_INVALID');
});

test.each([
  ['SCHEMA_VERSION', '{"schemaVersion":2}'],
  ['JSON_MALFORMED', '{'],
])('%s: a head that cannot be read', async (code, head) => {
  const ledger = new Map(built.ledger).set('head.json', new TextEncoder().encode(head));
  expect(await codeOf(() => readLedger(ledger, REGISTRY_ID))).toBe(code);
});

test('an unchanged build keeps every byte, whenever it runs; a refreshed timestamp extends the chain of heads', async () => {
  const registry = await smallRegistry();
  const again = await build(registry, { previous: built, now: later(5 * HOUR) });
  expect(digests(again.ledger)).toEqual(digests(built.ledger));
  const refreshed = await build(registry, { previous: again, now: later(7 * HOUR) });
  const { createHash } = await import('node:crypto');
  expect(parseJson(LedgerHead, refreshed.ledger.get('head.json') ?? new Uint8Array(), 'head')).toMatchObject({
    sequence: 2,
    generatedAt: '2026-06-01T19:00:00Z',
    previous: createHash('sha256')
      .update(built.ledger.get('head.json') ?? '')
      .digest('hex'),
  });
});

test('a ledger that is older than what is served is refused, also when it fits together', async () => {
  const registry = await smallRegistry();
  const refreshed = await build(registry, { previous: built, now: later(7 * HOUR) });
  const published = refreshed.tree.get('metadata/timestamp.json');
  const { buildRegistry } = await import('@plugmark/publish');
  const { OFFICE_KEYS, signerOf, sourceOf } = await import('../testkit/registry-folder.ts');
  const attempt = (ledger: Built['ledger'], now: Date) => () =>
    buildRegistry({
      source: sourceOf(registry),
      offline: built.offline,
      ledger: readLedger(ledger, REGISTRY_ID),
      signers: { online: signerOf(OFFICE_KEYS.online), cosign: signerOf(OFFICE_KEYS.cosign) },
      artifact: async ({ release }) => registry.artifacts.get(release.artifact.sha256),
      published,
      now,
    }).then(({ refusals }) => refusals);
  expect(await codeOf(attempt(new Map(), later(8 * HOUR)))).toBe('LEDGER_INVALID');
  expect(await codeOf(attempt(built.ledger, later(1 * HOUR)))).toBe('LEDGER_INVALID');
  // The same version with other bytes: two histories that parted.
  expect(await codeOf(attempt(built.ledger, later(9 * HOUR)))).toBe('LEDGER_INVALID');
  expect(await codeOf(attempt(refreshed.ledger, later(8 * HOUR)))).toEqual({ accepted: [] });
});

test('entries of one build share its number, later ones get the next', async () => {
  const { addRelease, honestModule } = await import('../testkit/registry-folder.ts');
  const registry = await smallRegistry();
  await addRelease(registry, { plugin: 'indie/tool', version: '0.2.0', bytes: honestModule(4).build() });
  const next = await build(registry, { previous: built, now: later(1 * HOUR) });
  expect(jsonOf(next.ledger, 'entries/indie/tool/0.2.0.json')).toMatchObject({
    sequence: 2,
    publishedAt: '2026-06-01T13:00:00Z',
  });
  expect(jsonOf(next.ledger, ENTRY)).toEqual(jsonOf(built.ledger, ENTRY));
});

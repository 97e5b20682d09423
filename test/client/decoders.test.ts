// The client owns its types and decoders; this holds them equal to the zod schemas: the same values are accepted, and read
// alike. Values come from the schemas themselves, then one thing about each is changed.
import { readdirSync, readFileSync } from 'node:fs';
import type { PackageDocument as ClientDocument } from '@plugmark/client';
import {
  ConsentReceipt,
  CosignKeys,
  type FormatName,
  HostProfile,
  Index,
  Lockfile,
  LogRecord,
  Manifest,
  Mirrors,
  PackageDocument,
  Proof,
  parse,
  Release,
  Revocations,
  SchemaError,
  SourceRecord,
  Upstreams,
  VERIFIED_LEVELS,
  VerifiedPublishers,
} from '@plugmark/schemas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { Decoder } from '../../tools/client/src/decode.ts';
import { consentReceipt } from '../../tools/client/src/documents/consent.ts';
import { hostProfile } from '../../tools/client/src/documents/host-profile.ts';
import { lockfile } from '../../tools/client/src/documents/lockfile.ts';
import { logRecord } from '../../tools/client/src/documents/log-record.ts';
import { mirrors } from '../../tools/client/src/documents/mirrors.ts';
import { LEVELS, packageDocument } from '../../tools/client/src/documents/package-document.ts';
import { pluginManifest } from '../../tools/client/src/documents/plugin-manifest.ts';
import { proof } from '../../tools/client/src/documents/proof.ts';
import { cosignKeys, revocations, upstreams, verifiedPublishers } from '../../tools/client/src/documents/publishers.ts';
import { release } from '../../tools/client/src/documents/release.ts';
import { searchIndex } from '../../tools/client/src/documents/search-index.ts';
import { sourceRecord } from '../../tools/client/src/documents/source-record.ts';
import { ClientError } from '../../tools/client/src/error.ts';
import { mutate, mutations, spotsIn } from '../testkit/mutate-json.ts';
import { arbitraryOf } from '../testkit/schema-arbitrary.ts';
import { EXAMPLES } from '../testkit/schema-examples.ts';

const PAIRS: readonly (readonly [string, z.ZodMiniType, Decoder<unknown>])[] = [
  ['PackageDocument', PackageDocument, packageDocument],
  ['VerifiedPublishers', VerifiedPublishers, verifiedPublishers],
  ['CosignKeys', CosignKeys, cosignKeys],
  ['Upstreams', Upstreams, upstreams],
  ['Mirrors', Mirrors, mirrors],
  ['Revocations', Revocations, revocations],
  ['Release', Release, release],
  ['Lockfile', Lockfile, lockfile],
  ['ConsentReceipt', ConsentReceipt, consentReceipt],
  ['LogRecord', LogRecord, logRecord],
  ['Proof', Proof, proof],
  ['Manifest', Manifest, pluginManifest],
  ['SourceRecord', SourceRecord, sourceRecord],
  ['Index', Index, searchIndex],
];

const REFUSED = Symbol('refused');

function bySchema(schema: z.ZodMiniType, value: unknown): unknown {
  try {
    return parse(schema, value, 'test');
  } catch (error) {
    if (error instanceof SchemaError) return REFUSED;
    throw error;
  }
}

/** A Map is an object, and a release is read beside its JSON. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  if ('json' in value && 'value' in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function byClient(decode: Decoder<unknown>, value: unknown): unknown {
  try {
    return plain(decode(value, { path: 'test', code: 'DOCUMENT_MALFORMED' }));
  } catch (error) {
    if (error instanceof ClientError && error.code === 'DOCUMENT_MALFORMED') return REFUSED;
    throw error;
  }
}

/** As it would arrive: what JSON cannot carry becomes what JSON.stringify makes of it. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');

describe.each(PAIRS)('%s', (_, schema, decode) => {
  const valid = arbitraryOf(schema);

  test('what the schema allows, the client reads, and reads the same', () => {
    fc.assert(
      fc.property(valid, (value) => {
        const expected = bySchema(schema, value);
        expect(expected).not.toBe(REFUSED);
        expect(byClient(decode, value)).toEqual(plain(expected));
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  test('after any change both accept or both refuse', { timeout: 90_000 }, () => {
    let refused = 0;
    const check = (value: unknown, changes: Parameters<typeof mutate>[1][]): void => {
      for (const change of changes) {
        const changed = asJson(mutate(value, change));
        const expected = bySchema(schema, changed);
        if (expected === REFUSED) refused++;
        expect({ change, read: byClient(decode, changed) }).toEqual({ change, read: plain(expected) });
      }
    };
    fc.assert(fc.property(valid, fc.array(mutations, { minLength: 20, maxLength: 20 }), check), {
      numRuns: 100,
      endOnFailure: true,
    });
    expect(refused).toBeGreaterThan(500);
  });
});

const EXAMPLE_OF: Readonly<Record<string, FormatName>> = {
  PackageDocument: 'package-document',
  VerifiedPublishers: 'verified-publishers',
  CosignKeys: 'cosign-keys',
  Upstreams: 'upstreams',
  Revocations: 'revocations',
  Release: 'release',
  Mirrors: 'mirrors',
  Lockfile: 'lockfile',
  ConsentReceipt: 'consent',
  LogRecord: 'log',
  Proof: 'proof',
  Manifest: 'manifest',
  SourceRecord: 'source-record',
  Index: 'index',
};

/** Random damage seldom meets a limit exactly; the schema's own complaint about a far too long text names it. */
test.each(PAIRS)('%s: every text may be as long in both', (name, schema, decode) => {
  const root = { root: structuredClone(EXAMPLES[EXAMPLE_OF[name] as FormatName]) };
  const texts = spotsIn(root).filter(({ holder, key }) => typeof holder[key] === 'string');
  for (const { holder, key } of texts) {
    const value = String(holder[key]);
    const lengthened = (length: number): unknown => {
      holder[key] = value.padEnd(length, value.at(-1));
      return root.root;
    };
    const issue = z.safeParse(schema, lengthened(5000)).error?.issues.find(({ code }) => code === 'too_big');
    const limit = issue?.code === 'too_big' ? Number(issue.maximum) : 5000;
    for (const length of [limit, limit + 1]) {
      const [expected, read] = [bySchema(schema, lengthened(length)), byClient(decode, root.root)];
      expect({ key, length, refused: read === REFUSED }).toEqual({ key, length, refused: expected === REFUSED });
    }
    holder[key] = value;
  }
  expect(texts.length).toBeGreaterThan(4);
});

test('the levels are the same list', () => {
  expect([...LEVELS]).toEqual(Object.keys(VERIFIED_LEVELS));
});

test('the exported type is the decoder’s', () => {
  const read = (value: unknown): ClientDocument => packageDocument(value, { path: 'test', code: 'DOCUMENT_MALFORMED' });
  expect(() => read({})).toThrow(ClientError);
});

/** Of a host profile the client reads a part; what it reads, it reads as the schema does, and it takes every profile. */
test('host profiles: what the schema allows, the client takes, and what it keeps is the same', () => {
  const kept = (profile: object): object =>
    Object.fromEntries(
      ['host', 'title', 'capabilities', 'manifest', 'install'].map((name) => [name, (profile as never)[name]]),
    );
  const read = (value: unknown) => hostProfile(value, { path: 'test', code: 'DOCUMENT_MALFORMED' });
  const folder = new URL('../../registry/hosts/', import.meta.url);
  const real = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as object);
  expect(real.length).toBeGreaterThan(5);
  for (const profile of real)
    expect(kept(parse(HostProfile, profile, 'test'))).toMatchObject(plain(kept(read(profile))) as object);
  fc.assert(
    fc.property(arbitraryOf(HostProfile), (value) => {
      expect(plain(kept(parse(HostProfile, value, 'test')))).toMatchObject(plain(kept(read(value))) as object);
    }),
    { numRuns: 50 },
  );
});

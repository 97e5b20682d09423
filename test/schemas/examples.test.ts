// schemas/examples holds one golden example per format (BLESS=1 writes them from test/testkit/schema-examples.ts). Each is
// valid for zod and for the generated JSON Schema, keeps its canonical bytes, and together they show every optional member.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseBundle, parseStatement, verifyKeyBundle } from '@plugmark/client/trust';
import {
  canonicalBytes,
  FORMATS,
  type FormatName,
  HostProfile,
  jsonSchemas,
  PublishStatement,
  parse,
  parseCanonical,
  VerificationSummary,
} from '@plugmark/schemas';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Coverage, coverOptional } from '../testkit/optional-members.ts';
import { arbitraryOf } from '../testkit/schema-arbitrary.ts';
import { bundleOf, EXAMPLES, VARIANTS } from '../testkit/schema-examples.ts';
import { ed25519Key } from '../testkit/test-keys.ts';

const FOLDER = new URL('../../schemas/examples/', import.meta.url);
const HOSTS = new URL('../../registry/hosts/', import.meta.url);
const NAMES = Object.keys(FORMATS) as FormatName[];
const read = (name: string, folder = FOLDER) => readFileSync(new URL(`${name}.json`, folder));
const pretty = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

if (process.env['BLESS'] === '1') {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of NAMES) writeFileSync(new URL(`${name}.json`, FOLDER), pretty(EXAMPLES[name]));
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const validators = Object.fromEntries(
  Object.entries(jsonSchemas()).map(([file, schema]) => [file.replace('.schema.json', ''), ajv.compile(schema)]),
);

function expectValid(name: FormatName, value: unknown): void {
  const parsed = parse(FORMATS[name].schema, value, name);
  expect(parsed).toEqual(value);
  expect(parseCanonical(FORMATS[name].schema, canonicalBytes(value), name)).toEqual(value);
  expect(canonicalBytes(parsed)).toEqual(canonicalBytes(value));
  const validate = validators[name];
  expect({ valid: validate?.(value), errors: validate?.errors }).toEqual({ valid: true, errors: null });
}

test('there is one example per format', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(NAMES.map((name) => `${name}.json`).sort());
});

describe.each(NAMES)('%s', (name) => {
  test('the example is current and valid for both schemas', () => {
    expect(read(name).toString()).toBe(pretty(EXAMPLES[name]));
    expectValid(name, JSON.parse(read(name).toString()));
  });

  test('whatever zod allows, the JSON Schema allows', () => {
    const validate = validators[name];
    const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
    fc.assert(
      fc.property(arbitraryOf(FORMATS[name].schema), (value) => {
        expect({ valid: validate?.(asJson(value)), errors: validate?.errors }).toEqual({ valid: true, errors: null });
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });
});

test.each(VARIANTS)('%s also has the form %s', (name, _, value) => expectValid(name, value));

test('every optional member is shown by an example, a second form or a host profile', () => {
  const coverage: Coverage = { declared: new Map(), seen: new Set() };
  for (const name of NAMES) coverOptional(FORMATS[name].schema, EXAMPLES[name], name, coverage);
  for (const [name, , value] of VARIANTS) coverOptional(FORMATS[name].schema, value, name, coverage);
  for (const file of readdirSync(HOSTS))
    coverOptional(HostProfile, JSON.parse(read(file.replace('.json', ''), HOSTS).toString()), 'host-profile', coverage);
  expect([...coverage.declared].filter(([member]) => !coverage.seen.has(member)).map(([, path]) => path)).toEqual([]);
  expect(coverage.declared.size).toBeGreaterThan(100);
});

test('the example bundle is the example statement, signed by the example publisher', async () => {
  const key = (EXAMPLES.publisher as { identities: { keyId: string; publicKey: string }[] }).identities[0];
  const { payload } = await verifyKeyBundle(parseBundle(read('bundle')), [
    { keyId: key?.keyId ?? '', spki: key?.publicKey ?? '' },
  ]);
  expect(parse(PublishStatement, JSON.parse(new TextDecoder().decode(payload)), 'payload')).toEqual(
    EXAMPLES['publish-statement'],
  );
});

test('what the schema allows as a bundle and statement, the client reads', () => {
  const key = ed25519Key('any');
  for (const schema of [PublishStatement, VerificationSummary]) {
    fc.assert(
      fc.property(arbitraryOf(schema), (statement) => {
        const bundle = parseBundle(canonicalBytes(parse(FORMATS.bundle.schema, bundleOf(statement, key), 'bundle')));
        expect(parseStatement(bundle.payload).predicate).toEqual((statement as { predicate: object }).predicate);
      }),
      { numRuns: 30 },
    );
  }
});

// test/vectors/schemas is generated from refusal-cases.ts (BLESS=1 writes it) and must be current; each vector is refused with
// the one code and path it expects, by zod and, where it is about shape, by the JSON Schema too.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  FORMATS,
  type FormatName,
  parseCanonical,
  parseJson,
  SCHEMA_ERROR_CODES,
  SchemaError,
} from '@plugmark/schemas';
import { expect, test } from 'vitest';
import { REFUSAL_CASES } from './refusal-cases.ts';

const ROOT = new URL('../vectors/schemas/', import.meta.url);
const directoryOf = ({ name }: { name: string }) => `${name}_fail`;

if (process.env['BLESS'] === '1') {
  rmSync(ROOT, { recursive: true, force: true });
  for (const refusal of REFUSAL_CASES) {
    const { why, bytes, format, read, code, path } = refusal;
    const directory = new URL(`${directoryOf(refusal)}/`, ROOT);
    mkdirSync(directory, { recursive: true });
    writeFileSync(new URL('README.md', directory), `${why}\n`);
    writeFileSync(new URL('input.json', directory), bytes);
    writeFileSync(new URL('expect.json', directory), `${JSON.stringify({ format, read, code, path }, undefined, 1)}\n`);
  }
}

test('the vectors are the cases', () => {
  expect(readdirSync(ROOT).sort()).toEqual(REFUSAL_CASES.map(directoryOf).sort());
});

test.each(REFUSAL_CASES)('$name', (refusal) => {
  const file = (name: string) => readFileSync(new URL(`${directoryOf(refusal)}/${name}`, ROOT));
  const input = new Uint8Array(file('input.json'));
  expect(Buffer.compare(input, refusal.bytes)).toBe(0);
  const { format, read, code, path } = JSON.parse(file('expect.json').toString()) as {
    format: FormatName;
    read: string;
    code: string;
    path: string;
  };
  const parse = read === 'canonical' ? parseCanonical : parseJson;
  expect(refused(() => parse(FORMATS[format].schema, input, 'input.json'))).toEqual({ code, path });
});

test('every code has a vector, but the one no file can raise', () => {
  const codes = new Set([...REFUSAL_CASES.map(({ code }) => code), 'JSON_UNREPRESENTABLE']);
  expect([...codes].sort()).toEqual(Object.keys(SCHEMA_ERROR_CODES).sort());
});

function refused(act: () => unknown): object {
  try {
    return { accepted: act() };
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return { code: error.code, path: [...new Set(error.issues.map((issue) => issue.path))].join(' ') };
  }
}

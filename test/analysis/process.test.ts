// Process plugins: the vectors are what their cases build; the zip reader against other people's; whatever the bytes, an answer
// with an offset, in bounded memory.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { inspectArtifact, readProcessPackage, ZIP_PROBLEMS, type ZipProblem } from '@plugmark/analysis';
import { Inspection, parse } from '@plugmark/schemas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inflateRaw } from '../../tools/analysis/src/zip/inflate-raw.ts';
import { readZip, unpackEntry } from '../../tools/analysis/src/zip/read-zip.ts';
import { DEFAULT_ZIP_LIMITS } from '../../tools/analysis/src/zip/zip-limits.ts';
import { zipArchive } from '../testkit/zip-builder.ts';
import { PROCESS_CASES, processVector } from './process-cases.ts';

const VECTORS = new URL('../vectors/analysis/', import.meta.url);
const BLESS = process.env['BLESS'] === '1';

describe('vectors', () => {
  test.each(Object.entries(PROCESS_CASES))('%s is what its case builds', (name, one) => {
    const folder = new URL(`${name}/`, VECTORS);
    const files: Record<string, Uint8Array | string> = {
      'README.md': `${one.says}\n`,
      'submission.json': `${JSON.stringify(processVector(one), null, 1)}\n`,
      'input.zip': one.bytes,
      ...(one.previous === undefined ? {} : { 'previous.zip': one.previous }),
    };
    if (BLESS) mkdirSync(folder, { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      if (BLESS) writeFileSync(new URL(file, folder), bytes);
      expect(new Uint8Array(readFileSync(new URL(file, folder)))).toEqual(bytes);
    }
  });

  test('no directory is left over', () => {
    const there = readdirSync(VECTORS).filter((name) => name.startsWith('process-'));
    expect(there.sort()).toEqual(Object.keys(PROCESS_CASES).sort());
  });
});

describe('inflate', () => {
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.array(fc.constantFrom(0, 1, 255), { maxLength: 20_000 }).map((bytes) => Uint8Array.from(bytes)),
    fc.string({ maxLength: 3000 }).map((text) => new TextEncoder().encode(text.repeat(20))),
  );

  test('what zlib packs at any level unpacks to the same', () => {
    fc.assert(
      fc.property(content, fc.integer({ min: 0, max: 9 }), fc.constantFrom(0, 2, 3, 4), (bytes, level, strategy) => {
        const packed = new Uint8Array(deflateRawSync(bytes, { level, strategy }));
        expect(inflateRaw(packed, bytes.length)).toEqual({ bytes });
        if (bytes.length > 0) expect(inflateRaw(packed, bytes.length - 1)).toMatchObject({ problem: 'size' });
        expect(inflateRaw(packed, bytes.length + 1)).toMatchObject({ problem: 'size' });
        expect(inflateRaw(Uint8Array.of(...packed, 0), bytes.length)).toMatchObject({ problem: 'size' });
        expect(inflateRaw(packed.subarray(0, packed.length - 1), bytes.length)).toHaveProperty('problem');
      }),
      { numRuns: 200 },
    );
  });

  test('changed data: the same as zlib, or refused where zlib refuses', () => {
    let [same, refused] = [0, 0];
    fc.assert(
      fc.property(content, fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 3 }), (bytes, flips) => {
        const packed = new Uint8Array(deflateRawSync(bytes));
        for (const [at, bit] of flips) packed[at % packed.length] = (packed[at % packed.length] ?? 0) ^ (1 << bit);
        const theirs = unpackedByZlib(packed);
        const ours = inflateRaw(packed, theirs?.bytes.length ?? bytes.length);
        if (theirs === undefined) expect(ours).toHaveProperty('problem');
        else if (theirs.used === packed.length) expect(ours).toEqual({ bytes: theirs.bytes });
        else expect(ours).toEqual({ problem: 'size', at: theirs.used });
        if (theirs === undefined) refused += 1;
        else same += 1;
      }),
      { numRuns: 600 },
    );
    expect(Math.min(same, refused)).toBeGreaterThan(20);
  });
});

describe('whatever the bytes', () => {
  const CASES = Object.values(PROCESS_CASES).map(({ bytes }) => bytes);
  const { fileBytes, totalBytes, ratio, ratioFrom, entries: most } = DEFAULT_ZIP_LIMITS;

  /** What is refused says where; what is not stays within the limits, and so does what is made of it. */
  function expectBounded(bytes: Uint8Array): 'refused' | 'read' {
    const { entries, problems } = readZip(bytes, DEFAULT_ZIP_LIMITS);
    const isTyped = ({ code, offset }: ZipProblem) =>
      Object.hasOwn(ZIP_PROBLEMS, code) && Number.isInteger(offset) && offset >= 0 && offset <= bytes.length;
    expect(problems.filter((problem) => !isTyped(problem))).toEqual([]);
    if (problems.length > 0) expect(entries).toEqual([]);
    expect(entries.length).toBeLessThanOrEqual(most);
    expect(entries.reduce((sum, entry) => sum + entry.bytes, 0)).toBeLessThanOrEqual(totalBytes);
    for (const entry of entries) {
      expect(entry.bytes).toBeLessThanOrEqual(Math.min(fileBytes, Math.max(ratioFrom, entry.packedBytes * ratio)));
      const unpacked = unpackEntry(bytes, entry);
      if ('code' in unpacked) expect(isTyped(unpacked)).toBe(true);
      else expect(unpacked.content.length).toBe(entry.bytes);
    }
    return problems.length > 0 ? 'refused' : 'read';
  }

  test('archives with bytes changed, added and removed', () => {
    const seen = { refused: 0, read: 0 };
    const edit = fc.record({ at: fc.nat(), remove: fc.nat(2), insert: fc.uint8Array({ maxLength: 2 }) });
    fc.assert(
      fc.property(fc.constantFrom(...CASES), fc.array(edit, { minLength: 1, maxLength: 3 }), (bytes, edits) => {
        const list = [...bytes];
        for (const { at, remove, insert } of edits) list.splice(at % (list.length + 1), remove, ...insert);
        seen[expectBounded(Uint8Array.from(list))] += 1;
      }),
      { numRuns: 2000 },
    );
    expect(seen.refused).toBeGreaterThan(1000);
  });

  test('archives with a number changed in place, to what numbers are wrong at', () => {
    const seen = { refused: 0, read: 0 };
    const value = fc.constantFrom(
      0,
      1,
      2,
      8,
      0x7f,
      0xff,
      0xffff,
      0x10000,
      0x7fffffff,
      0x80000000,
      0xfffffffe,
      0xffffffff,
    );
    const change = fc.record({ at: fc.nat(), value, wide: fc.boolean() });
    fc.assert(
      fc.property(fc.constantFrom(...CASES), fc.array(change, { minLength: 1, maxLength: 2 }), (bytes, changes) => {
        const copy = Uint8Array.from(bytes);
        const view = new DataView(copy.buffer);
        for (const { at, value: number, wide } of changes)
          if (wide) view.setUint32(at % (copy.length - 3), number, true);
          else view.setUint16(at % (copy.length - 1), number & 0xffff, true);
        seen[expectBounded(copy)] += 1;
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(seen.refused, seen.read)).toBeGreaterThan(50);
  });

  test('every prefix of an honest archive is refused', () => {
    const bytes = PROCESS_CASES['process-other-tools']?.bytes ?? new Uint8Array();
    for (let length = 0; length < bytes.length; length += 1)
      expect(expectBounded(bytes.subarray(0, length)), `${length} bytes`).toBe('refused');
    expect(expectBounded(bytes)).toBe('read');
  });

  test('inspection throws a typed error or answers in its schema', async () => {
    for (const bytes of CASES) {
      const found = await inspectArtifact(bytes).catch((error: unknown) => error);
      if (found instanceof Error) expect(['ZipError', 'WasmError']).toContain(found.name);
      else parse(Inspection, found, 'inspection');
    }
  });

  test('two thousand files, and one name of 65,535 characters', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({ name: `f/${i}`, content: 'x' }));
    expect((await readProcessPackage(zipArchive(many))).files.length).toBe(2000);
    const deep = await readProcessPackage(zipArchive([{ name: 'a/'.repeat(32_767) }, { name: 'b/'.repeat(32_767) }]));
    expect(deep.problems.map(({ code }) => code)).toEqual(['ZIP_PATH_LENGTH', 'ZIP_PATH_LENGTH']);
  });
});

test('every code has a vector that is refused by it, and each vector of an archive one code', async () => {
  const codes = await Promise.all(
    Object.values(PROCESS_CASES).map(async ({ bytes }) => {
      const { problems } = await readProcessPackage(bytes);
      return [...new Set(problems.map(({ code }) => code))];
    }),
  );
  expect(codes.filter((found) => found.length > 1)).toEqual([]);
  expect([...new Set(codes.flat())].sort()).toEqual(Object.keys(ZIP_PROBLEMS).sort());
});

function unpackedByZlib(packed: Uint8Array): { bytes: Uint8Array; used: number } | undefined {
  try {
    // `info` is not in the types of the synchronous form.
    const { buffer, engine } = inflateRawSync(packed, {
      info: true,
      maxOutputLength: 10_000_000,
    } as object) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    return { bytes: new Uint8Array(buffer), used: engine.bytesWritten };
  } catch {
    return undefined;
  }
}

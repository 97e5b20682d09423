// Process plugins: the vectors are what their cases build; the zip reader against other people's; whatever the bytes, an answer
// with an offset, in bounded memory.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inflateRaw } from '../../tools/analysis/src/zip/inflate-raw.ts';
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

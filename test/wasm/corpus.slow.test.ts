// The acceptance corpus against the engine. PLUGMARK_CORPUS_DIR names a folder filled by fetch-corpus.ts.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CorpusFile, corpusFiles, packageFolder } from './corpus.ts';
import { expectEngineAgrees } from './engine.ts';

const folder = process.env['PLUGMARK_CORPUS_DIR'];
const files = corpusFiles();
const pathOf = (entry: CorpusFile): string => join(packageFolder(folder ?? '', entry), entry.file);

function whySkipped(): string | undefined {
  if (folder === undefined) return 'PLUGMARK_CORPUS_DIR is not set';
  return files.length === 0 ? 'the corpus list is not beside the repository; set PLUGMARK_CORPUS_LIST' : undefined;
}

const skipped = whySkipped();
if (skipped !== undefined) process.stderr.write(`corpus skipped: ${skipped}\n`);

describe.skipIf(skipped !== undefined)('corpus', () => {
  const present = skipped === undefined ? files.filter((entry) => existsSync(pathOf(entry))) : [];

  test('there are files to compare', () => {
    expect(present.length).toBeGreaterThan(0);
  });

  test.for(present)('$package $file', (entry) => {
    const bytes = new Uint8Array(readFileSync(pathOf(entry)));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(entry.sha256);
    const facts = expectEngineAgrees(bytes);
    expect(facts.size).toBe(entry.bytes);
    expect(facts.kind).toBe(entry.kind);
    expect(facts.exports.length).toBe(entry.exportCount);
    expect(
      facts.memories.map(({ imported, minPages, maxPages, shared, memory64 }) => ({
        imp: imported,
        min: minPages,
        max: maxPages ?? null,
        shared,
        is64: memory64,
      })),
    ).toEqual(entry.memories);
  });
});

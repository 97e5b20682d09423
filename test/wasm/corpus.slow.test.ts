// The acceptance corpus against the engine. PLUGMARK_CORPUS_DIR names a folder filled by `npm run corpus -- FOLDER`.
import { existsSync, readFileSync } from 'node:fs';
import { readWasm } from '@plugmark/wasm';
import { describe, expect, test } from 'vitest';
import { examineFile } from './corpus/examine-file.ts';
import { corpusFiles, corpusPath } from './corpus.ts';
import { expectEngineAgrees } from './engine.ts';

const folder = process.env['PLUGMARK_CORPUS_DIR'];
if (folder === undefined) process.stderr.write('corpus skipped: PLUGMARK_CORPUS_DIR is not set\n');

describe.skipIf(folder === undefined)('corpus', () => {
  const present = corpusFiles().filter((entry) => existsSync(corpusPath(folder ?? '', entry)));

  test('there are files to compare', () => {
    expect(present.length).toBeGreaterThan(0);
  });

  test.for(present)('$package $version $file', (entry) => {
    const bytes = new Uint8Array(readFileSync(corpusPath(folder ?? '', entry)));
    expect(examineFile(entry, bytes)).toMatchObject({ problems: [], equalToV8: true });
    const facts = expectEngineAgrees(bytes);
    expect(facts.exports.length).toBe(entry.exportCount ?? facts.exports.length);
    const memories = facts.memories.map(({ imported, minPages, maxPages, shared, memory64 }) => ({
      imp: imported,
      min: minPages,
      max: maxPages ?? null,
      shared,
      is64: memory64,
    }));
    expect(memories).toEqual(entry.memories ?? memories);
    expect(readWasm(bytes).size).toBe(entry.bytes);
  });
});

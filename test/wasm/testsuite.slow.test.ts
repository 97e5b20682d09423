// The official WebAssembly testsuite. PLUGMARK_TESTSUITE_DIR names a checkout of WebAssembly/testsuite. The reader
// must read every valid module; reader and engine together must refuse what must be refused.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectWasm, WasmError } from '@plugmark/wasm';
import { afterAll, describe, expect, test } from 'vitest';
import { type WastModule, wastModules } from '../testkit/wast.ts';

const folder = process.env['PLUGMARK_TESTSUITE_DIR'];
if (folder === undefined) process.stderr.write('testsuite skipped: PLUGMARK_TESTSUITE_DIR is not set\n');

/** What the reader does not cover, by the feature its error names. */
const NOT_COVERED: readonly string[] = ['custom-descriptors', 'compact-import-section', 'stack-switching'];
const scripts =
  folder === undefined ? [] : globSync(['*.wast', 'legacy/*.wast', 'proposals/*/*.wast'], { cwd: folder }).sort();
const tally = { valid: 0, invalid: 0, malformed: 0, refusedInvalid: 0, refusedMalformed: 0, notCovered: 0 };
const missed: string[] = [];

function refusal(bytes: Uint8Array): WasmError | undefined {
  try {
    inspectWasm(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof WasmError) return error;
    throw error;
  }
}

function judge({ expected, bytes, line }: WastModule, script: string): void {
  const error = refusal(bytes);
  tally[expected] += 1;
  if (expected === 'valid') {
    if (NOT_COVERED.includes(String(error?.details['feature']))) tally.notCovered += 1;
    else expect(error, `${script}:${line}`).toBeUndefined();
  } else if (error !== undefined) {
    tally[expected === 'invalid' ? 'refusedInvalid' : 'refusedMalformed'] += 1;
  } else if (WebAssembly.validate(bytes)) {
    missed.push(`${script}:${line} (${expected})`);
  }
}

describe.skipIf(folder === undefined)('testsuite', () => {
  test.for(scripts)('%s', async (script) => {
    for (const module of await wastModules(readFileSync(join(folder ?? '', script), 'utf8'))) judge(module, script);
  });

  test('what neither reader nor engine refuses is what newer rules of limits ask for', () => {
    const known = /^proposals\/threads\/|^custom-page-sizes|branch_hint|^proposals\/custom-descriptors/;
    expect(missed.filter((name) => !known.test(name))).toEqual([]);
  });

  afterAll(() => {
    process.stderr.write(`testsuite: ${JSON.stringify(tally)}\nmissed by both: ${missed.join(', ')}\n`);
  });
});

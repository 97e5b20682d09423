// Plants one violation of each rule of our own in biome.json into a copy, and expects Biome to name it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const BIOME = join(REPOSITORY, 'node_modules/.bin/biome');

const REFUSED: readonly (readonly [path: string, text: string, complaint: string])[] = [
  ['tools/wasm/src/x.ts', 'export const x = Math.random();', 'any-runtime code takes time'],
  ['tools/analysis/src/deep/x.ts', 'export const x = Date.now;', 'any-runtime code takes time'],
  ['schemas/src/x.ts', 'export const x = new Date();', 'any-runtime code takes time'],
  ['tools/client/src/x.ts', 'export const x = Buffer.from([]);', 'use Uint8Array'],
  ['tools/client/src/trust/x.ts', 'export const x = process.argv;', 'take what you need as an argument'],
  ['tools/wasm/src/x.ts', 'export const x = document.title;', 'has no page'],
  ['tools/wasm/src/x.ts', 'export const x = localStorage.length;', 'take a store'],
  ['tools/wasm/src/x.ts', 'export const x = __dirname;', 'has no files'],
  ['tools/publish/src/x.ts', `throw new Error('x');`, `package's coded error`],
  ['schemas/src/x.ts', `throw new TypeError('x', { cause: 1 });`, `package's coded error`],
  ['tools/publish/src/x.ts', `export const x = (e: Error) => e.message.includes('x');`, `never on its message`],
  ['test/x.test.ts', `export const x = (e: Error) => e.message.startsWith('x');`, `never on its message`],
  ['schemas/src/x.ts', `import { z } from 'zod';\nexport const x = z;`, 'zod/mini is 7 kB'],
  ['schemas/src/x.ts', `import { z } from 'zod/mini';\nexport const x = z;`, `import * as z from 'zod/mini'`],
];

const ACCEPTED: readonly (readonly [path: string, text: string])[] = [
  ['tools/client/src/node/x.ts', 'export const x = [Date.now(), Buffer.from([]), process.argv];'],
  ['tools/cli/src/x.ts', `export const x = (e: Error) => e.message.includes('x');`],
  ['tools/wasm/src/x.ts', 'export const x = new Date(0);'],
  ['schemas/src/x.ts', `import * as z from 'zod/mini';\nexport const x = z;`],
  ['test/plugins/x.ts', 'export const x = Math.random()'],
];

test.each(REFUSED)('refuses in %s: %s', (path, text, complaint) => {
  const { status, output } = lint(path, text);
  expect(output).toContain(complaint);
  expect(status).toBe(1);
});

test.each(ACCEPTED)('accepts in %s: %s', (path, text) => {
  expect(lint(path, text).output).not.toMatch(/[×!] /);
});

function lint(path: string, text: string): { status: number | null; output: string } {
  const root = mkdtempSync(join(tmpdir(), 'plugmark-lint-'));
  try {
    cpSync(join(REPOSITORY, 'biome.json'), join(root, 'biome.json'));
    cpSync(join(REPOSITORY, 'test/check/lint'), join(root, 'test/check/lint'), { recursive: true });
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
    const { status, stdout, stderr } = spawnSync(BIOME, ['lint', '--colors=off', '.'], { cwd: root, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  } finally {
    rmSync(root, { recursive: true });
  }
}

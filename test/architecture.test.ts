// Holds the repository to test/check/import-table.ts, then plants one violation at a time in a copy of the layout:
// a check that cannot fail checks nothing.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { architectureViolations } from './check/architecture.ts';
import { IMPORT_TABLE } from './check/import-table.ts';
import { filesBelow } from './check/repository-files.ts';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

let copy: string | undefined;
afterEach(() => {
  if (copy !== undefined) rmSync(copy, { recursive: true });
  copy = undefined;
});

test('imports, tsconfig references and dependencies agree with the import table', () => {
  expect(architectureViolations(REPOSITORY, IMPORT_TABLE)).toEqual([]);
});

interface Plant {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly expect: string | RegExp;
}

const NODE_IN_CORE = 'tools/client/src/bad.ts:1 imports node:fs, which client may not';
const PLANTS: readonly Plant[] = [
  { name: 'static import', files: { 'tools/client/src/bad.ts': `import 'node:fs';` }, expect: NODE_IN_CORE },
  {
    name: 'type import',
    files: { 'tools/client/src/bad.ts': `import type * as fs from 'node:fs';` },
    expect: NODE_IN_CORE,
  },
  {
    name: 'inline type',
    files: { 'tools/client/src/bad.ts': `let a: import('node:fs').Stats;` },
    expect: NODE_IN_CORE,
  },
  { name: 'dynamic import', files: { 'tools/client/src/bad.ts': `await import('node:fs');` }, expect: NODE_IN_CORE },
  { name: 're-export', files: { 'tools/client/src/bad.ts': `export { Stats } from 'node:fs';` }, expect: NODE_IN_CORE },
  {
    name: 'computed import',
    files: { 'tools/cli/src/bad.ts': 'await import(process.argv[2]!);' },
    expect: 'tools/cli/src/bad.ts:1 imports a computed specifier, which nothing can check',
  },
  {
    name: 'code made at run time',
    files: { 'tools/cli/src/bad.ts': 'await import(`data:text/javascript,${process.argv[2]}`);' },
    expect: 'tools/cli/src/bad.ts:1 imports data:, which cli may not',
  },
  {
    name: 'a package above',
    files: { 'schemas/src/bad.ts': `\nimport '@plugmark/wasm';` },
    expect: 'schemas/src/bad.ts:2 imports @plugmark/wasm, which schemas may not',
  },
  {
    name: 'full zod',
    files: { 'schemas/src/bad.ts': `import * as z from 'zod';` },
    expect: 'schemas/src/bad.ts:1 imports zod, which schemas may not',
  },
  {
    name: 'builtin without node:',
    files: { 'tools/cli/src/bad.ts': `import 'fs';` },
    expect: 'tools/cli/src/bad.ts:1 imports fs without node:',
  },
  {
    name: 'core reaching into client/node',
    files: { 'tools/client/src/bad.ts': `import './node/x.ts';` },
    expect: 'tools/client/src/bad.ts:1 imports ./node/x.ts in client/node, which client may not',
  },
  {
    name: 'deep import into another package',
    files: { 'tools/cli/src/bad.ts': `import '../../wasm/src/read.ts';` },
    expect: 'tools/cli/src/bad.ts:1 reaches out of its package: ../../wasm/src/read.ts',
  },
  {
    name: 'child script in another package',
    files: { 'tools/cli/src/bad.ts': `new URL('../../wasm/src/read.ts', import.meta.url);` },
    expect: 'tools/cli/src/bad.ts:1 reaches out of its package: ../../wasm/src/read.ts',
  },
  {
    name: 'own index',
    files: { 'tools/cli/src/deep/bad.ts': `import '../index.ts';` },
    expect: `tools/cli/src/deep/bad.ts:1 imports its own package's index: ../index.ts`,
  },
  {
    name: 'own package by name',
    files: { 'tools/client/src/bad.ts': `import '@plugmark/client/trust';` },
    expect: 'tools/client/src/bad.ts:1 imports @plugmark/client/trust, which client may not',
  },
  {
    name: 'cycle',
    files: { 'tools/cli/src/a.ts': `import type { B } from './b.ts';`, 'tools/cli/src/b.ts': `import './a.ts';` },
    expect: 'import cycle: tools/cli/src/a.ts -> tools/cli/src/b.ts -> tools/cli/src/a.ts',
  },
  {
    name: 'export * in an index',
    files: { 'tools/dev/src/index.ts': `export * from './a.ts';` },
    expect: 'tools/dev/src/index.ts does more than re-export by name',
  },
  {
    name: 'code in an index',
    files: { 'tools/dev/src/index.ts': 'export const a = 1;' },
    expect: 'tools/dev/src/index.ts does more than re-export by name',
  },
  {
    name: 'astro frontmatter',
    files: { 'site/src/pages/bad.astro': `---\nimport { sign } from '@plugmark/publish';\n---\n<p>x</p>` },
    expect: 'site/src/pages/bad.astro:2 imports @plugmark/publish, which site may not',
  },
  {
    name: 'astro script',
    files: { 'site/src/pages/bad.astro': `---\n---\n<script>\n  import fs from 'node:fs';\n</script>` },
    expect: 'site/src/pages/bad.astro:4 imports node:fs, which site/browser may not',
  },
  {
    name: 'a worker reaching build-time code',
    files: { 'site/src/workers/bad.ts': `import '../read-tree.ts';` },
    expect: 'site/src/workers/bad.ts:1 imports ../read-tree.ts in site, which site/browser may not',
  },
  {
    name: 'a package the table does not know',
    files: { 'tools/extra/src/bad.ts': '' },
    expect: 'tools/extra/src/bad.ts lies in no zone of the import table',
  },
  {
    name: 'unparseable source',
    files: { 'tools/cli/src/bad.ts': 'import {' },
    expect: 'tools/cli/src/bad.ts cannot be parsed, so its imports are unknown',
  },
  {
    name: 'project nobody references',
    files: { 'tools/dev/src/a.ts': '', 'tools/dev/tsconfig.extra.json': '{ "include": ["src"] }' },
    expect: 'tools/dev/tsconfig.extra.json is not reached by the references of tsconfig.json, so nothing checks it',
  },
];

test.each(PLANTS)('reports a planted violation: $name', ({ files, expect: message }) => {
  const root = copyLayout();
  for (const [path, text] of Object.entries(files)) write(root, path, text);
  expect(architectureViolations(root, IMPORT_TABLE)).toContain(message);
});

test('reports an import without a dependency', () => {
  const root = copyLayout();
  edit(root, 'tools/cli/package.json', (json) => ({ ...json, dependencies: {} }));
  write(root, 'tools/cli/src/bad.ts', `import 'commander';`);
  expect(architectureViolations(root, IMPORT_TABLE)).toContain(
    'tools/cli/package.json lacks commander, which its sources import',
  );
});

test('reports a dependency and a reference the table does not allow', () => {
  const root = copyLayout();
  edit(root, 'tools/wasm/package.json', (json) => ({ ...json, dependencies: { '@plugmark/schemas': '0.1.0' } }));
  expect(architectureViolations(root, IMPORT_TABLE)).toEqual(
    expect.arrayContaining([
      'tools/wasm/package.json depends on @plugmark/schemas, which the import table does not allow',
      'tools/wasm depends on schemas, but no tsconfig of it references that',
    ]),
  );
  edit(root, 'tools/dev/tsconfig.json', (json) => ({ ...json, references: [{ path: '../publish' }] }));
  expect(architectureViolations(root, IMPORT_TABLE)).toContain(
    'tools/dev references tools/publish, but package.json does not depend on it',
  );
});

/** package.json and tsconfig files only: the planted source is then the only source. */
function copyLayout(): string {
  const root = mkdtempSync(join(tmpdir(), 'plugmark-architecture-'));
  copy = root;
  const layout = ['schemas', 'tools', 'site', 'test'].flatMap((folder) => filesBelow(REPOSITORY, folder));
  for (const path of ['tsconfig.json', ...layout.filter((file) => /(package|tsconfig[^/]*)\.json$/.test(file))]) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    cpSync(join(REPOSITORY, path), join(root, path));
  }
  return root;
}

function write(root: string, path: string, text: string): void {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function edit(root: string, path: string, change: (json: Record<string, unknown>) => unknown): void {
  const json = JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(root, path), JSON.stringify(change(json)));
}

// What the README shows is true: its ten lines load a verified plugin from a served registry, and its commands print what it says.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, serveFolder } from '../../tools/cli/src/static-server.ts';
import { buildPlugins, EXAMPLE_ARTIFACTS } from '../testkit/build-plugins.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = join(REPOSITORY, 'tools/cli/bin/plugmark.js');

let folder: string;
let readme: string;
let server: RunningServer;

const plugmark = (...args: string[]) => promisify(execFile)(process.execPath, [COMMAND, ...args], { cwd: REPOSITORY });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-readme-'));
  readme = await readFile(join(REPOSITORY, 'README.md'), 'utf8');
  await buildPlugins(EXAMPLE_ARTIFACTS);
  const at = (name: string): string => join(folder, name);
  await plugmark(
    'registry',
    'build',
    '--out',
    at('dist'),
    '--ledger',
    at('ledger'),
    '--trust',
    at('trust'),
    '--artifacts',
    EXAMPLE_ARTIFACTS,
  );
  server = await serveFolder({ folder: at('dist'), port: 0, base: '/registry/' });
}, 120_000);

afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

test('the ten lines load a verified plugin', async () => {
  const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  const scratch = join(REPOSITORY, '.plugmark/test', `readme-${process.pid}.ts`);
  await writeFile(scratch, code ?? '');
  try {
    const { loadPlugin } = (await import(pathToFileURL(scratch).href)) as {
      loadPlugin: (
        url: string,
        root: Uint8Array,
        plugin: string,
      ) => Promise<{ bytes: Uint8Array; tier: string; levels: string[] }>;
    };
    const root = new Uint8Array(await readFile(join(folder, 'dist/metadata/1.root.json')));
    const { bytes, tier, levels } = await loadPlugin(server.url, root, 'plugmark-examples/velocity-curve');
    const release = JSON.parse(
      await readFile(join(REPOSITORY, 'registry/plugins/plugmark-examples/velocity-curve/1.0.0/release.json'), 'utf8'),
    ) as { artifact: { sha256: string } };
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(release.artifact.sha256);
    expect([tier, levels]).toEqual([
      'verified',
      ['PLUGMARK_PUBLISHER_VERIFIED', 'PLUGMARK_IMPORTS_DECLARED', 'PLUGMARK_WITHIN_BOUNDS'],
    ]);
  } finally {
    await rm(scratch, { force: true });
  }
});

test('the commands print what the README shows', async () => {
  const shown = /```console\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const [check, verify] = shown.split('\n$ ').map((part) =>
    part
      .split('\n')
      .slice(1)
      .filter((line) => line !== '' && line !== '…'),
  );
  const checked = await plugmark('check', 'node_modules/@dprint/json/plugin.wasm', '--host', 'dprint');
  for (const line of check ?? []) expect(checked.stdout).toContain(line);
  const verified = await plugmark(
    'verify',
    'node_modules/@dprint/json/plugin.wasm',
    '--registry',
    join(folder, 'dist'),
    '--root',
    join(folder, 'dist/metadata/1.root.json'),
  );
  for (const line of verify ?? []) expect(verified.stdout).toContain(line.trimEnd());
  expect([check?.length, verify?.length]).toEqual([5, 5]);
});

// The ten lines of the package's README, run as they stand: only the address and the clock are those of this test.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { addHostRelease, CONDUCTOR, hostRegistry } from '../testkit/host-plugins.ts';
import { build, NOW, rootOf } from '../testkit/office.ts';
import { serveTree } from '../testkit/registry-server.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const README = readFileSync(join(REPOSITORY, 'tools/client/README.md'), 'utf8');

const IMPORTS = `import { readFile } from 'node:fs/promises';
import { type AskConsent, openPlugins } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
const showDialog = async (title: string, headline: string, rows: readonly { readonly id: string }[]) => {
  console.log(title, '|', headline, '|', rows.map(({ id }) => id).join());
  return true;
};
`;

test('ten lines from nothing to a verified plugin', { timeout: 60_000 }, async () => {
  const [open = '', ask = ''] = [...README.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  // Import lines are the editor's work.
  expect(open.trim().split('\n')).toHaveLength(10);
  const registry = await hostRegistry();
  const digest = await addHostRelease(registry, {
    host: CONDUCTOR,
    plugin: 'acme/lamp',
    version: '1.0.0',
    capabilities: ['subprocess', 'network'],
  });
  const built = await build(registry);
  const server = await serveTree(built.tree);
  mkdirSync(join(REPOSITORY, '.plugmark'), { recursive: true });
  const folder = mkdtempSync(join(REPOSITORY, '.plugmark/readme-'));
  try {
    writeFileSync(join(folder, 'root.json'), rootOf(built));
    const lines = open
      .replace('https://plugins.example.org/', server.url)
      .replace('new Date()', `new Date('${NOW.toISOString()}')`);
    expect(lines).not.toBe(open);
    const script = `${IMPORTS}${ask}${lines}
const hash = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
console.log(hash, JSON.stringify(grants));`;
    writeFileSync(join(folder, 'host.ts'), script);
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@plugmark/source', 'host.ts'], {
      cwd: folder,
    });
    expect(stdout.trim().split('\n')).toEqual([
      'acme/lamp | High risk: can run programs | subprocess,network',
      `${digest} [{"id":"network"},{"id":"subprocess"}]`,
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.close();
  }
});

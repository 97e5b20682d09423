// The ten lines of the client's README as a program, against a registry on loopback: only the address and the clock are a test's.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addHostRelease, CONDUCTOR, hostRegistry } from './host-plugins.ts';
import { build, NOW, rootOf } from './office.ts';
import { type RegistryServer, serveTree } from './registry-server.ts';

const README = readFileSync(new URL('../../tools/client/README.md', import.meta.url), 'utf8');

/** What an editor adds, and a dialog that says yes. */
const AROUND = `import { readFile } from 'node:fs/promises';
import { type AskConsent, openPlugins } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
const showDialog = async (title: string, headline: string, rows: readonly { readonly id: string }[]) => {
  console.log(title, '|', headline, '|', rows.map(({ id }) => id).join());
  return true;
};
`;
const SHOW = `
const hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
await WebAssembly.compile(bytes);
console.log(hash, JSON.stringify(grants));`;

export interface ReadmeHost {
  /** Of the ten lines, as the README has them. */
  readonly lines: readonly string[];
  /** What the program prints. */
  readonly says: readonly string[];
  readonly server: RegistryServer;
  /** Puts `host.ts` and `root.json` into a folder that is its working folder. */
  write(folder: string): void;
}

/** The caller closes the server. */
export async function readmeHost(): Promise<ReadmeHost> {
  const [open = '', ask = ''] = [...README.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  const registry = await hostRegistry();
  const lamp = { host: CONDUCTOR, plugin: 'acme/lamp', version: '1.0.0' };
  const digest = await addHostRelease(registry, { ...lamp, capabilities: ['subprocess', 'network'] });
  const built = await build(registry);
  const server = await serveTree(built.tree);
  const lines = open
    .replace('https://plugins.example.org/', server.url)
    .replace('new Date()', `new Date('${NOW.toISOString()}')`);
  return {
    lines: open.trim().split('\n'),
    says: [
      'acme/lamp | High risk: can run programs | subprocess,network',
      `${digest} [{"id":"network"},{"id":"subprocess"}]`,
    ],
    server,
    write(folder) {
      writeFileSync(join(folder, 'root.json'), rootOf(built));
      writeFileSync(join(folder, 'host.ts'), `${AROUND}${ask}${lines}${SHOW}`);
    },
  };
}

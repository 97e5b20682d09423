// The page's files, ready to be served: the page with the worker in it as text, so that the worker can be made from a `blob:` address.
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

const file = (name: string): URL => new URL(name, import.meta.url);

/** By name. `root`: the registry's root file; `profile`: the host profile, parsed. */
export async function bundlePage({
  root,
  profile,
}: {
  readonly root: Uint8Array;
  readonly profile: unknown;
}): Promise<Map<string, Uint8Array>> {
  const worker = await script('worker.ts', {});
  const page = await script('page.ts', {
    WORKER_SOURCE: JSON.stringify(new TextDecoder().decode(worker)),
    ROOT_BASE64: JSON.stringify(Buffer.from(root).toString('base64')),
    PROFILE: JSON.stringify(profile),
  });
  const asIs = async (name: string): Promise<[string, Uint8Array]> => [name, await readFile(file(name))];
  return new Map([['page.js', page], await asIs('index.html'), await asIs('style.css')]);
}

async function script(entry: string, define: Record<string, string>): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [file(entry).pathname],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    conditions: ['@plugmark/source'],
    define,
  });
  return outputFiles[0]?.contents as Uint8Array;
}

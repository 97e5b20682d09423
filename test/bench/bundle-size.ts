// What code weighs where it is loaded: bundled and minified by esbuild, then gzipped.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { RowInput } from './harness.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PEERS = fileURLToPath(new URL('peers/', import.meta.url));

/** Bytes of a module with this text; a page's by default. */
export async function gzippedSize(
  contents: string,
  { platform = 'browser', resolveDir = HERE }: { platform?: 'browser' | 'node'; resolveDir?: string } = {},
): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    write: false,
    conditions: ['@plugmark/source'],
    target: 'es2022',
    logLevel: 'silent',
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}

/** A library for pages from the folder of peers, or why there is none to weigh. */
export async function browserPeer(name: 'tuf-browser' | 'sigstore-browser'): Promise<NonNullable<RowInput['peer']>> {
  const specifier = `@freedomofpress/${name}`;
  if (!existsSync(`${PEERS}node_modules/${specifier}`))
    return { name, missing: 'not installed: npm ci --prefix test/bench/peers' };
  return { name, value: await gzippedSize(`export * from '${specifier}';`, { resolveDir: PEERS }) };
}

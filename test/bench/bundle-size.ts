// What code weighs where it is loaded: bundled and minified by esbuild, then gzipped.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes of a module with this text; a page's by default. */
export async function gzippedSize(contents: string, platform: 'browser' | 'node' = 'browser'): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
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

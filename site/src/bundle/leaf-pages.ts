// The pages that Astro does not make one by one: a large registry has thousands, and a page of Astro costs more than what is on it.
// Astro makes their layout; when it is done, threads of our own fill it in. The code of a thread is bundled as Astro's own is, so it
// starts at once and takes the sources of the other packages.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { AstroIntegration } from 'astro';
import { build } from 'vite';
import { FRAME_AREAS, FRAME_FOLDER, type FrameArea } from '../data/page-frame.ts';
import type { LeafShare } from '../tree/write-leaf-pages.ts';

const ENTRY = fileURLToPath(new URL('leaf-worker.ts', import.meta.url));

/** What one thread may hold of pages and documents. The pages themselves leave at once. */
const HEAP_MB = 160;
const MAX_THREADS = 4;
/** Starting a thread costs about as much as so many pages. */
const PAGES_A_THREAD = 200;

export function leafPages(conditions: readonly string[]): AstroIntegration {
  return {
    name: 'plugmark:leaf-pages',
    hooks: { 'astro:build:done': ({ dir }) => writeAll(fileURLToPath(dir), conditions) },
  };
}

async function writeAll(folder: string, conditions: readonly string[]): Promise<void> {
  const frames = takeFrames(folder);
  const code = join(folder, '.leaf-pages');
  try {
    mkdirSync(code);
    const file = join(code, 'worker.mjs');
    writeFileSync(file, await bundle(conditions));
    const parts = threads();
    const shares = Array.from({ length: parts }, (_, part) => ({ folder, frames, part, parts }));
    await Promise.all(shares.map((share) => run(file, share)));
  } finally {
    rmSync(code, { recursive: true, force: true });
  }
}

/** The layouts, which are no pages. */
function takeFrames(folder: string): LeafShare['frames'] {
  const read = (area: FrameArea): string => readFileSync(join(folder, FRAME_FOLDER, area, 'index.html'), 'utf8');
  const frames = Object.fromEntries(FRAME_AREAS.map((area) => [area, read(area)]));
  rmSync(join(folder, FRAME_FOLDER), { recursive: true });
  return frames as LeafShare['frames'];
}

function threads(): number {
  const index = readFileSync(join(process.env['PLUGMARK_TREE'] ?? '', 'v1/index.json'), 'utf8');
  const { plugins } = JSON.parse(index) as { readonly plugins: readonly unknown[] };
  return Math.max(1, Math.min(availableParallelism(), MAX_THREADS, Math.floor(plugins.length / PAGES_A_THREAD)));
}

async function bundle(conditions: readonly string[]): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: { conditions: [...conditions] },
    ssr: { noExternal: true, resolve: { conditions: [...conditions] } },
    build: { ssr: ENTRY, write: false, target: 'es2024', rolldownOptions: { output: { codeSplitting: false } } },
  });
  const chunks = [output].flat().flatMap((part) => ('output' in part ? part.output : []));
  const [code] = chunks.flatMap((chunk) => (chunk.type === 'chunk' ? [chunk.code] : []));
  if (code === undefined || chunks.length !== 1) throw new Error(`${ENTRY} is not one script`);
  return code;
}

function run(file: string, share: LeafShare): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: share, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a thread that writes pages ended with ${code}`));
    });
  });
}

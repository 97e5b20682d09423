// `npm run build:site`: Astro makes the pages of which there is one each and the layout of the others; when it has ended, and its
// memory is free again, threads of our own fill the layout in. A large registry has thousands of such pages, and for Astro each costs
// more than what is on it. Both take the same PLUGMARK_ variables; see astro.config.ts.

import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { FRAME_AREAS, FRAME_FOLDER, type FrameArea } from '../data/page-frame.ts';
import type { LeafShare } from '../tree/write-leaf-pages.ts';
import { SITE, sitePaths } from './site-paths.ts';

const ASTRO = fileURLToPath(new URL('bin/astro.mjs', import.meta.resolve('astro/package.json')));
const WORKER = new URL('leaf-worker.ts', import.meta.url);

const MAX_THREADS = 4;
/** A thread takes about a second until it works. */
const PLUGINS_A_THREAD = 300;
/** Nearly everything a page is made of dies with it, and should before it is moved. */
const YOUNG_MB = 48;

async function buildSite(): Promise<number> {
  const { tree, pages, base } = sitePaths(process.env);
  const astro = spawn(process.execPath, [ASTRO, 'build', '--root', SITE, '--silent'], { stdio: 'inherit' });
  // Who ends this ends Astro too; the threads end with the process.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => astro.kill(signal));
  const failed = await ended(astro);
  if (failed !== 0) return failed;
  process.env['PLUGMARK_TREE'] = tree;
  process.env['PLUGMARK_BASE'] = base;
  const frames = takeFrames(pages);
  const parts = threadsFor(tree);
  const shares = Array.from({ length: parts }, (_, part) => ({ folder: pages, frames, part, parts }));
  // Every thread is waited for: one that failed ends the build, and none still writes when it has ended.
  const codes = await Promise.all(
    shares.map((workerData) =>
      ended(new Worker(WORKER, { workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } })),
    ),
  );
  return Math.max(...codes);
}

/** The exit code, what went wrong having been said. */
function ended(child: ReturnType<typeof spawn> | Worker): Promise<number> {
  return new Promise((resolve) => {
    child.on('error', (error: Error) => process.stderr.write(`${error.stack ?? error.message}\n`));
    child.on('exit', (code: number | null) => resolve(code ?? 1));
  });
}

/** The layouts are no pages, and leave with this. */
function takeFrames(pages: string): LeafShare['frames'] {
  const read = (area: FrameArea): string => readFileSync(join(pages, FRAME_FOLDER, area, 'index.html'), 'utf8');
  const frames = Object.fromEntries(FRAME_AREAS.map((area) => [area, read(area)]));
  rmSync(join(pages, FRAME_FOLDER), { recursive: true });
  return frames as LeafShare['frames'];
}

function threadsFor(tree: string): number {
  const index = readFileSync(join(tree, 'v1/index.json'), 'utf8');
  const { plugins } = JSON.parse(index) as { readonly plugins: readonly unknown[] };
  return Math.max(1, Math.min(availableParallelism(), MAX_THREADS, Math.floor(plugins.length / PLUGINS_A_THREAD)));
}

process.exitCode = await buildSite();

// A small registry and its site, made in a temporary folder by the commands a maintainer would type: four plugins of the
// repository, signed with keys made on the spot. One build serves a whole test file.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildPlugins, EXAMPLE_ARTIFACTS } from '../testkit/build-plugins.ts';

export const REPOSITORY: string = fileURLToPath(new URL('../..', import.meta.url));
export const BASE = '/plugmark/';

const PLUGINS = [
  'plugmark-examples/http-trigger',
  'plugmark-examples/spectral-entropy',
  'plugmark-examples/text-statistics',
  'third-party-examples/dprint-json',
] as const;
const COMMAND = join(REPOSITORY, 'tools/cli/bin/plugmark.js');
const BUILD = join(REPOSITORY, 'site/src/bundle/build-site.ts');

export interface BuiltSite {
  readonly folder: string;
  readonly tree: string;
  readonly pages: string;
  /** Tree and pages together, as they are served. */
  readonly dist: string;
}

/** The caller removes `folder`. */
export async function buildSite(): Promise<BuiltSite> {
  // Inside the repository, ignored by git: Astro runs what it built on the way, and that has to find node_modules. Below an outDir of
  // its own, since for any other it takes one place for all builds.
  await mkdir(join(REPOSITORY, '.plugmark'), { recursive: true });
  const folder = await mkdtemp(join(REPOSITORY, '.plugmark/site-test-'));
  try {
    return await buildIn(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function buildIn(folder: string): Promise<BuiltSite> {
  const [tree, pages, dist] = [join(folder, 'tree'), join(folder, 'pages'), join(folder, 'dist')];
  await copyRegistry(join(folder, 'registry'));
  const artifacts = await exampleArtifacts(join(folder, 'artifacts'));
  await plugmark([
    'registry',
    'build',
    '--registry',
    join(folder, 'registry'),
    '--artifacts',
    artifacts,
    '--out',
    tree,
  ]);
  await buildPages(tree, pages);
  await plugmark(['registry', 'deploy', '--tree', tree, '--pages', pages, '--to', dist]);
  return { folder, tree, pages, dist };
}

/** As tools/dev does. */
export async function buildPages(tree: string, pages: string): Promise<void> {
  const env = {
    ...withoutVitest(process.env),
    PLUGMARK_TREE: tree,
    PLUGMARK_PAGES: pages,
    PLUGMARK_BASE: BASE,
    ASTRO_TELEMETRY_DISABLED: '1',
  };
  await promisify(execFile)(process.execPath, ['--conditions=@plugmark/source', BUILD], { cwd: REPOSITORY, env });
}

/** What Vitest tells its workers is not what a shell has. */
function withoutVitest({ NODE_ENV: _, VITEST: __, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env;
}

async function plugmark(args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [COMMAND, ...args], { cwd: REPOSITORY });
}

async function copyRegistry(to: string): Promise<void> {
  const from = join(REPOSITORY, 'registry');
  const isWanted = (path: string): boolean => {
    const plugin = /\/plugins\/([^/]+\/[^/]+)/.exec(path.slice(from.length))?.[1];
    return plugin === undefined || (PLUGINS as readonly string[]).includes(plugin);
  };
  await cp(from, to, { recursive: true, filter: isWanted });
  // Signed for this machine; the build makes its own.
  await rm(join(to, 'trust/metadata'), { recursive: true, force: true });
}

async function exampleArtifacts(to: string): Promise<string> {
  await buildPlugins(EXAMPLE_ARTIFACTS);
  await cp(EXAMPLE_ARTIFACTS, to, { recursive: true });
  const json = '07316f98ceda3761d31569795d82b8a104cb078e54e46fb542c2a81728bc48f1';
  await cp(join(REPOSITORY, 'node_modules/@dprint/json/plugin.wasm'), join(to, `${json}.wasm`));
  return to;
}

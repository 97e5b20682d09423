#!/usr/bin/env node
// Entry of the `plugmark` command. In the repository it runs src/main.ts as it is, without a build; in an installed
// package it runs build/main.js. It must parse and say something useful under any Node since 18, so: no syntax, named
// import or static import of ours that an old one lacks.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import * as m from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDS = 'Node 22.22.2 or later of 22, 24.15 or later of 24, or 26 and above';

const here = dirname(realpathSync(fileURLToPath(import.meta.url)));

if (isSupported(process.versions.node)) await start();
else startWithPinnedNode();

/** The `engines` range of package.json: ^22.22.2 || ^24.15.0 || >=26. */
function isSupported(version) {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major === 22) return minor > 22 || (minor === 22 && patch >= 2);
  if (major === 24) return minor >= 15;
  return major >= 26;
}

async function start() {
  const isRepository = existsSync(join(here, '../src/main.ts'));
  if (isRepository) {
    // Stripping the types of some hundred files takes longer than most commands; the cache is keyed by their content.
    m.enableCompileCache?.(join(here, '../../../node_modules/.cache/plugmark-compile'));
    resolveOurPackagesToSource();
  }
  const { main } = isRepository ? await import('../src/main.ts') : await import('../build/main.js');
  process.exitCode = await main(process.argv.slice(2));
}

/** Our packages export their TypeScript under this condition; Node strips the types. */
function resolveOurPackagesToSource() {
  m.registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith('@plugmark/')) return next(specifier, context);
      return next(specifier, { ...context, conditions: [...context.conditions, '@plugmark/source'] });
    },
  });
}

/** `npm ci` installs a pinned Node as an optional dependency; this starts the same command again with it. */
function startWithPinnedNode() {
  const node = findPinnedNode(here);
  if (node === undefined) {
    console.error(`plugmark: needs ${NEEDS}; this is ${process.versions.node}`);
    console.error('  install one of these from https://nodejs.org, or run `npm ci` in the folder that holds plugmark');
    process.exitCode = 2;
    return;
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    // A terminal sends Ctrl-C to both of us; passing it on as well would look like a second one.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(`plugmark: cannot start ${node}: ${error.message}`);
    process.exitCode = 2;
  });
  // A shell reports death by a signal as 128 plus its number.
  child.on('exit', (status, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : status;
  });
}

/** Looks upwards, and asks each Node found for its version: an old one would start itself again for ever. */
function findPinnedNode(folder) {
  const node = join(folder, 'node_modules/.bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(node)) {
    const { stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    if (isSupported((stdout || '').trim())) return node;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : findPinnedNode(parent);
}

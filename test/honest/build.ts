// npm run honest: makes the committed bytes of the honest plugins anew, where the compiler that made them is present.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { COMPILERS, type Language, RECIPES, type Recipe } from './recipes.ts';
import { wrapComponent } from './wrap-component.ts';

export const HONEST: string = fileURLToPath(new URL('.', import.meta.url));
const BIN = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));

/** Why the plugins of a language cannot be made here, or undefined. */
export function compilerProblem(language: Language): string | undefined {
  const { version, says } = COMPILERS[language];
  const { stdout, error } = run(version, HONEST);
  if (error !== undefined) return `${version[0]} is not installed`;
  return stdout.startsWith(says) ? undefined : `${version[0]} is ${stdout.split('\n')[0]}, not ${says}`;
}

export async function compile(recipe: Recipe): Promise<Uint8Array> {
  const core = compileCore(recipe);
  return recipe.component ? wrapComponent(core) : core;
}

/** Made from a copy of the folder, so that no path of this machine and no leftover decides the bytes. */
export function compileCore({ folder, command }: Recipe): Uint8Array {
  const scratch = mkdtempSync(join(tmpdir(), 'plugmark-honest-'));
  try {
    cpSync(join(HONEST, folder), scratch, { recursive: true });
    rmSync(join(scratch, 'plugin.wasm'), { force: true });
    const { status, stderr, error } = run(command, scratch);
    if (status !== 0) throw new Error(`${folder}: ${error?.message ?? stderr}`);
    return new Uint8Array(readFileSync(join(scratch, 'plugin.wasm')));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function run([file = '', ...args]: readonly string[], cwd: string): SpawnSyncReturns<string> {
  const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}` };
  return spawnSync(file, args, { cwd, encoding: 'utf8', env, timeout: 600_000 });
}

async function buildAll(): Promise<void> {
  for (const recipe of RECIPES) {
    const problem = compilerProblem(recipe.language);
    if (problem === undefined) writeFileSync(join(HONEST, recipe.folder, 'plugin.wasm'), await compile(recipe));
    process.stderr.write(`${recipe.folder}: ${problem ?? 'made'}\n`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildAll();

// `npm run generate` writes the files of test/check/generators.ts; with `--check` it writes nothing, lists the stale
// ones and exits 1.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { GENERATORS, type Generator } from './generators.ts';
import { filesBelow } from './repository-files.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Paths whose bytes on disk differ; `undefined` bytes mean that the file must go. */
async function stale(generator: Generator): Promise<Map<string, Uint8Array | undefined>> {
  const wanted = new Map<string, Uint8Array | undefined>(await generator.files());
  const owned = generator.owns === undefined ? [] : filesBelow(REPOSITORY, generator.owns);
  for (const path of owned) if (!wanted.has(path)) wanted.set(path, undefined);
  return new Map([...wanted].filter(([path, bytes]) => bytes === undefined || !isOnDisk(path, bytes)));
}

function isOnDisk(path: string, bytes: Uint8Array): boolean {
  try {
    return readFileSync(join(REPOSITORY, path)).equals(bytes);
  } catch {
    return false;
  }
}

function write(path: string, bytes: Uint8Array | undefined): void {
  const target = join(REPOSITORY, path);
  if (bytes === undefined) {
    rmSync(target);
    return;
  }
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, bytes);
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
for (const generator of GENERATORS) {
  for (const [path, bytes] of await stale(generator)) {
    process.stdout.write(`${path} ${values.check ? 'is stale' : bytes ? 'written' : 'removed'} (${generator.name})\n`);
    if (values.check) process.exitCode = 1;
    else write(path, bytes);
  }
}
if (process.exitCode === 1) process.stdout.write('run `npm run generate` and read the difference\n');

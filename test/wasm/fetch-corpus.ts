// node test/wasm/fetch-corpus.ts FOLDER [PACKAGE...]: fetches the corpus packages (all, or those named) from npm and
// unpacks them into FOLDER, for corpus.slow.test.ts. Runs no script of any package and installs no dependency.
// A package that is already there is not fetched again.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type CorpusFile, corpusFiles, packageFolder } from './corpus.ts';

/** Names under which the list has a package that npm knows by another. */
const ALIASES: Readonly<Record<string, string>> = {
  '@bytecodealliance/componentize-js-0-19-3': '@bytecodealliance/componentize-js',
};

function runIn(cwd: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr || error?.message}`);
  return stdout;
}

function fetchPackage(folder: string, entry: CorpusFile): 'fetched' | 'present' {
  const target = packageFolder(folder, entry);
  if (existsSync(target)) return 'present';
  const spec = `${ALIASES[entry.package] ?? entry.package}@${entry.version}`;
  // Unpacked beside its target and renamed, so that an interrupted run leaves no half package.
  const scratch = mkdtempSync(join(folder, '.fetch-'));
  try {
    const [{ filename }] = JSON.parse(runIn(scratch, 'npm', ['pack', '--json', '--ignore-scripts', spec]));
    runIn(scratch, 'tar', ['-xzf', filename]);
    renameSync(join(scratch, 'package'), target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return 'fetched';
}

function fetchCorpus(folder: string, names: readonly string[]): number {
  mkdirSync(folder, { recursive: true });
  const packages = new Map(corpusFiles().map((entry) => [packageFolder(folder, entry), entry]));
  let failed = 0;
  for (const entry of packages.values()) {
    if (names.length > 0 && !names.includes(entry.package)) continue;
    try {
      process.stderr.write(`${entry.package}@${entry.version} ${fetchPackage(folder, entry)}\n`);
    } catch (error) {
      failed += 1;
      process.stderr.write(`${entry.package}@${entry.version} failed: ${error}\n`);
    }
  }
  return failed;
}

const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node test/wasm/fetch-corpus.ts FOLDER [PACKAGE...]\n');
  process.exitCode = 2;
} else {
  process.exitCode = fetchCorpus(resolve(folder), names) === 0 ? 0 : 1;
}

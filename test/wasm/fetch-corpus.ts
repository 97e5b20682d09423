// Fetches the corpus packages from npm and unpacks them. Runs no script of any package and installs no dependency. A
// package that is already there is not fetched again.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CorpusFile, packageFolder } from './corpus.ts';

/** Names under which the list has a package that npm knows by another. */
const ALIASES: Readonly<Record<string, string>> = {
  '@bytecodealliance/componentize-js-0-19-3': '@bytecodealliance/componentize-js',
};

function runIn(cwd: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 300_000 });
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

/** Brings the packages of these files into a folder. Returns how many could not be had; `say` is told of each. */
export function fetchCorpus(folder: string, files: readonly CorpusFile[], say: (line: string) => void): number {
  mkdirSync(folder, { recursive: true });
  const packages = new Map(files.map((entry) => [packageFolder(folder, entry), entry]));
  let failed = 0;
  for (const entry of packages.values()) {
    try {
      say(`${entry.package}@${entry.version} ${fetchPackage(folder, entry)}`);
    } catch (error) {
      failed += 1;
      say(`${entry.package}@${entry.version} failed: ${error}`);
    }
  }
  return failed;
}

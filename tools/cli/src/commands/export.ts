import { resolve } from 'node:path';
import type { ExportResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { exportRegistry } from '../air-gap/export-registry.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson, say } from '../io.ts';
import { fileSize } from '../numbers.ts';
import { registryAddress, trustedRoot } from '../open-source.ts';
import { readInput } from '../read-input.ts';

interface ExportOptions {
  readonly registry: string;
  readonly root?: string;
  readonly out: string;
  readonly since?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark export --registry https://plugins.example.org/ \\
    --root root.json --out plugins.tar
  plugmark export --registry dist --root root.json --out later.tar \\
    --since plugins.tar.json`;

export function exportCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('export')
    .summary('a registry as one tar, to carry where there is no network')
    .description(
      'Verifies a registry from the root you trust and writes everything that is verified into one tar: roots, metadata, signed documents, bundles, reports, bytes. The same registry gives the same tar. Beside it a state file is written; with --since the next tar holds only what came after.',
    )
    .requiredOption('--registry <url|folder>', 'where the registry is served')
    .option('--root <file>', 'the root file you trust (default: the development root of this repository)')
    .requiredOption('--out <file>', 'the tar')
    .option('--since <file>', 'the state of an earlier export that the receiver has')
    .option('--json', 'one line of JSON (schema: export-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ExportOptions) => {
      const result = await exportRegistry(io, {
        address: await registryAddress(io, options.registry),
        root: await trustedRoot(io, options.root, (text) => say(io, text)),
        out: { named: options.out, path: resolve(io.cwd, options.out) },
        ...(options.since === undefined ? {} : { since: await readInput(io, options.since) }),
      });
      if (options.json) printJson(io, result);
      else print(io, render(result));
      finish(EXIT.ok);
    });
}

function render({ registry, out, state, sha256, bytes, files, left, releases }: ExportResult): string {
  return [
    `${out}: ${files} files of ${registry}, ${releases} releases, ${fileSize(bytes)}`,
    ...(left === 0 ? [] : [`  left out: ${left} files the receiver has`]),
    `  sha256 ${sha256}`,
    `  state  ${state} (for --since)`,
  ].join('\n');
}

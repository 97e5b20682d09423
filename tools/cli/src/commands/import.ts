import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ImportResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { importRegistry } from '../air-gap/import-registry.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson, say } from '../io.ts';
import { trustedRoot } from '../open-source.ts';
import { BUILT, requireOwnFolder } from '../own-folder.ts';
import { timeOf } from './mirror.ts';

interface ImportOptions {
  readonly root?: string;
  readonly to: string;
  readonly asOf?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark import plugins.tar --root root.json --to imported
  plugmark mirror sync --from upstream.example=imported`;

export function importCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('import')
    .summary('verify a tar from the root you trust and make it a folder that serves')
    .description(
      'Unpacks a tar of plugmark export beside the folder, verifies every file of it as an application with your root would, and moves in what verified. Nothing is believed because it lies in the tar. What was imported before is remembered: an older registry is refused.',
    )
    .argument('<tar>', 'made by plugmark export')
    .option('--root <file>', 'the root file you trust (default: the development root of this repository)')
    .requiredOption('--to <folder>', 'the folder, new or imported into before')
    .option('--as-of <time>', 'when it was exported, if it was carried for longer than its timestamp lives')
    .option('--json', 'one line of JSON (schema: import-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (tar: string, { root, to, asOf, json }: ImportOptions) => {
      const path = resolve(io.cwd, to);
      // One that was cut off goes on, although what makes the folder ours comes last.
      if (!existsSync(`${path}.incoming`)) await requireOwnFolder(path, { holds: BUILT, named: to });
      const result = await importRegistry(io, {
        file: { path: resolve(io.cwd, tar), named: tar },
        root: await trustedRoot(io, root, (text) => say(io, text)),
        to: { named: to, path },
        asOf: timeOf(asOf, true),
      });
      if (json) printJson(io, result);
      else print(io, render(result));
      finish(EXIT.ok);
    });
}

function render({ registry, to, releases, added, files, timestampVersion }: ImportResult): string {
  return [
    `${to}: ${registry}, ${releases.length} releases verified from your root`,
    `  ${added} files new, ${files - added} were there; timestamp ${timestampVersion}`,
    `serve it with plugmark registry serve ${to}`,
  ].join('\n');
}

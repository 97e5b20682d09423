import { resolve } from 'node:path';
import { completeWrite, type FileTree, readFolder, writeTree } from '@plugmark/publish';
import type { DeployResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { BUILT, requireOwnFolder } from '../own-folder.ts';

interface DeployOptions {
  readonly tree: string;
  readonly pages?: string;
  readonly to: string;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  plugmark registry deploy --tree tree --pages site/dist --to dist`;

export function registryDeployCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('deploy')
    .summary('put a built tree and its pages where they are served from')
    .description(
      'Copies a built tree, and the site’s pages beside it, into a folder. A page never replaces a file of the tree; a kill at any point leaves the old state or is completed by the next run.',
    )
    .requiredOption('--tree <folder>', 'a built tree')
    .option('--pages <folder>', 'the built site')
    .requiredOption('--to <folder>', 'where to put them; whatever else lies there is removed')
    .option('--json', 'one line of JSON (schema: deploy-result)')
    .addHelpText('after', EXAMPLE)
    .action(async ({ tree, pages, to, json }: DeployOptions) => {
      await requireOwnFolder(resolve(io.cwd, to), { holds: BUILT, named: to });
      const written = await writeTree(resolve(io.cwd, to), await merged(io, tree, pages));
      if (json) printJson(io, { to, ...written } satisfies DeployResult);
      else
        print(
          io,
          `${to}: ${written.written} files written, ${written.unchanged} unchanged, ${written.removed} removed`,
        );
      finish(EXIT.ok);
    });
}

async function merged({ cwd }: Io, tree: string, pages: string | undefined): Promise<FileTree> {
  await completeWrite(resolve(cwd, tree));
  const files = await readFolder(resolve(cwd, tree));
  if (!files.has(BUILT)) throw new CliError('TREE_MISSING', `${tree} is not a built tree`);
  const site = pages === undefined ? new Map<string, Uint8Array>() : await readFolder(resolve(cwd, pages));
  const clash = [...site.keys()].find((path) => files.has(path));
  if (clash !== undefined)
    throw new CliError('USAGE', `the page ${clash} would replace a file of the tree`, { hint: 'rename the page' });
  return new Map([...files, ...site]);
}

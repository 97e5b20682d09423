import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readFolder, recoverLedger, writeChanges } from '@plugmark/publish';
import { parse, parseJson, RecoverResult, Registry } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { readInput } from '../read-input.ts';

interface RecoverOptions {
  readonly tree: string;
  readonly root: string;
  readonly ledger: string;
  readonly json?: true;
}

export function registryLedgerRecoverCommand(ledger: Command, io: Io, finish: (exit: ExitCode) => void): void {
  ledger
    .command('recover')
    .summary('make a lost ledger from what is served')
    .description(
      'Only when no copy of the branch is left. Every list and document of the tree is verified from the root as a client would; what cannot be derived again (times of publication, reports, co-signatures, versions of the lists) is taken over. The next build analyses and co-signs anew.',
    )
    .requiredOption('--tree <folder>', 'the tree as it is served')
    .requiredOption('--root <file>', 'the root that clients were given')
    .requiredOption('--ledger <folder>', 'where to write it: a new or empty folder')
    .option('--json', 'one line of JSON (schema: recover-result)')
    .action(async (options: RecoverOptions) => {
      const recovered = await recover(io, options);
      if (options.json) printJson(io, recovered);
      else print(io, renderRecovered(recovered));
      finish(EXIT.ok);
    });
}

async function recover(io: Io, { tree, root, ledger }: RecoverOptions): Promise<RecoverResult> {
  const [from, to] = [resolve(io.cwd, tree), resolve(io.cwd, ledger)];
  if (existsSync(to) && (await readdir(to)).some((name) => name !== '.git'))
    throw new CliError('FILE_EXISTS', `${ledger} is not empty`, {
      hint: 'a ledger that is there is better than one that is recovered; name a new folder',
    });
  const files = await readFolder(from);
  if (!files.has('v1/registry.json'))
    throw new CliError('TREE_MISSING', `${tree} is not the folder of a built registry`);
  const { id } = parseJson(Registry, files.get('v1/registry.json') as Uint8Array, 'v1/registry.json');
  const made = await recoverLedger({ registry: id, tree: files, root: await readInput(io, root), now: io.now() });
  // Beside a .git of the person's own, which a whole tree would not have.
  await writeChanges(to, made.files);
  return parse(RecoverResult, { registry: id, ledger, entries: made.entries, expired: made.expired }, 'result');
}

function renderRecovered({ registry, ledger, entries, expired }: RecoverResult): string {
  return [
    `${ledger}: the ledger of ${registry}, ${entries} releases, from what is served`,
    ...(expired ? ['  its lists have run out; they were verified as of their last second'] : []),
    '  the next build analyses and co-signs these releases anew',
  ].join('\n');
}

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readFolder, recoverLedger, writeTree } from '@plugmark/publish';
import { LedgerResult, parse, parseJson, RecoverResult, Registry } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { pullLedger, pushLedger } from '../ledger-branch.ts';
import { readInput } from '../read-input.ts';

interface LedgerOptions {
  readonly ledger: string;
  readonly remote: string;
  readonly branch: string;
  readonly published?: string;
  readonly json?: true;
}

export function registryLedgerCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const ledger = registry
    .command('ledger')
    .summary('bring the ledger’s branch here, and push it')
    .description(
      'Keeps the ledger in a branch of the registry’s repository. GITHUB_TOKEN is used for github.com alone.',
    );
  const shared = (command: Command): Command =>
    command
      .requiredOption('--ledger <folder>', 'the ledger’s folder')
      .requiredOption('--remote <url|folder>', 'the repository')
      .option('--branch <name>', 'the branch', 'ledger')
      .option('--json', 'one line of JSON (schema: ledger-result)');
  const say = (options: LedgerOptions, result: LedgerResult): void => {
    if (options.json) printJson(io, result);
    else print(io, render(result));
    finish(EXIT.ok);
  };
  shared(
    ledger
      .command('pull')
      .summary('fill a new folder with the branch')
      .description('Fills a new folder with the files of the branch; it stays empty when there is no branch yet.'),
  ).action(async (options: LedgerOptions) => {
    const commit = await pullLedger(io, where(io, options));
    say(options, result(options, commit, false));
  });
  shared(
    ledger
      .command('push')
      .summary('push what a build wrote into it')
      .description(
        'Commits the folder and pushes it. Refused when somebody else pushed meanwhile: then everything starts over from a pull.',
      )
      .option('--published <commit|checkout>', 'move the tag `published` to this commit in the same push'),
  ).action(async (options: LedgerOptions) => {
    const { published } = options;
    const { commit, moved } = await pushLedger(io, { ...where(io, options), ...(published && { published }) });
    say(options, result(options, commit, moved));
  });
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

interface RecoverOptions {
  readonly tree: string;
  readonly root: string;
  readonly ledger: string;
  readonly json?: true;
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
  await writeTree(to, made.files);
  return parse(RecoverResult, { registry: id, ledger, entries: made.entries, expired: made.expired }, 'result');
}

function renderRecovered({ registry, ledger, entries, expired }: RecoverResult): string {
  return [
    `${ledger}: the ledger of ${registry}, ${entries} releases, from what is served`,
    ...(expired ? ['  its lists have run out; they were verified as of their last second'] : []),
    '  the next build analyses and co-signs these releases anew',
  ].join('\n');
}

const where = ({ cwd }: Io, { ledger, remote, branch }: LedgerOptions) => ({
  folder: resolve(cwd, ledger),
  remote: /^[a-z]+:\/\//.test(remote) ? remote : resolve(cwd, remote),
  branch,
});

const result = ({ ledger, branch }: LedgerOptions, commit: string | undefined, moved: boolean): LedgerResult =>
  parse(LedgerResult, { ledger, branch, moved, ...(commit === undefined ? {} : { commit }) }, 'result');

function render({ ledger, branch, commit, moved }: LedgerResult): string {
  if (commit === undefined) return `${ledger}: empty, there is no branch ${branch} yet`;
  return `${ledger}: ${branch} is at ${commit.slice(0, 12)}${moved ? ', pushed' : ''}`;
}

import { resolve } from 'node:path';
import { LedgerResult, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { pullLedger, pushLedger } from '../ledger-branch.ts';
import { registryLedgerRecoverCommand } from './registry-ledger-recover.ts';

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
  registryLedgerRecoverCommand(ledger, io, finish);
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

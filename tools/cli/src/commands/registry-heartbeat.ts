import { HeartbeatResult, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { enableWorkflows } from '../enable-workflows.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type GitHubOptions, openRegistryApi } from '../github/repository-name.ts';
import { type Io, print, printJson } from '../io.ts';
import { registryFolder } from '../registry-folder.ts';

interface HeartbeatOptions extends GitHubOptions {
  readonly registry?: string;
  readonly json?: true;
}

export function registryHeartbeatCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('heartbeat')
    .summary('keep GitHub from stopping the registry’s crons')
    .description(
      'Enables the repository’s workflows anew, also those that GitHub stopped for inactivity; those that a person disabled stay so. GITHUB_TOKEN needs actions: write.',
    )
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--repository <owner/name>', 'the registry’s repository (default: that of registry.json)')
    .option('--api <url>', 'GitHub’s API (default: GITHUB_API_URL, else api.github.com)')
    .option('--json', 'one line of JSON (schema: heartbeat-result)')
    .action(async (options: HeartbeatOptions) => {
      const result = await heartbeat(io, options);
      if (options.json) printJson(io, result);
      else print(io, `${result.repository}: enabled ${result.enabled.join(', ') || 'nothing'}`);
      finish(EXIT.ok);
    });
}

async function heartbeat(io: Io, options: HeartbeatOptions): Promise<HeartbeatResult> {
  // Without the folder where the repository is named: a job that only keeps another registry awake has none.
  const folder = options.repository === undefined ? registryFolder(io, options.registry) : '';
  const api = await openRegistryApi(io, folder, options);
  if (!api.hasToken) throw new CliError('TOKEN_NEEDED', 'enabling workflows takes a token');
  const { owner, repo } = api.repository;
  const enabled = await enableWorkflows(api);
  return parse(HeartbeatResult, { repository: `${owner}/${repo}`, enabled }, 'result');
}

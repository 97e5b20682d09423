import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeartbeatResult, parse, parseJson, Registry } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { enableWorkflows } from '../enable-workflows.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { registryFolder } from '../registry-folder.ts';

interface HeartbeatOptions {
  readonly registry?: string;
  readonly repository?: string;
  readonly api?: string;
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
  const repository = options.repository ?? (await listedRepository(registryFolder(io, options.registry)));
  if (!/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/.test(repository))
    throw new CliError('USAGE', `${repository || 'nothing'} is not owner/name`, { hint: 'name it with --repository' });
  const token = io.env['GITHUB_TOKEN'];
  if (token === undefined || token === '') throw new CliError('TOKEN_NEEDED', 'enabling workflows takes a token');
  const api = options.api ?? io.env['GITHUB_API_URL'] ?? 'https://api.github.com';
  const enabled = await enableWorkflows({ fetch: io.fetch, api: api.replace(/\/$/, ''), repository, token });
  return parse(HeartbeatResult, { repository, enabled }, 'result');
}

async function listedRepository(registry: string): Promise<string> {
  const bytes = new Uint8Array(await readFile(join(registry, 'registry.json')));
  const { repository } = parseJson(Registry, bytes, 'registry.json');
  return (repository ?? '').replace(/^https:\/\/github\.com\//, '').replace(/(?:\.git)?\/?$/, '');
}

import { visible } from '@plugmark/analysis';
import type { RegistryWatchResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type GitHubOptions, openRegistryApi } from '../github/repository-name.ts';
import { type Io, painter, print, printJson } from '../io.ts';
import { registryFolder } from '../registry-folder.ts';
import { watchReleases } from '../watching/watch-releases.ts';

interface WatchOptions extends GitHubOptions {
  readonly registry?: string;
  readonly plugin?: string[];
  readonly dryRun?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark registry watch --dry-run --plugin acme/spectral-entropy
  GITHUB_TOKEN=... plugmark registry watch`;

export function registryWatchCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('watch')
    .summary('pull new releases of plugins whose publishers asked for it')
    .description(
      'Looks at the releases of the repositories that publishers named in `watched`, by their numbers. A release that has release.json and the publisher’s valid statement becomes a pull request of the registry’s own account; plugmark review decides it like any other. Run it in a clean checkout of main.',
    )
    .option('--registry <folder>', 'the registry’s data on main (default: the nearest registry/)')
    .option('--repository <owner/name>', 'the registry’s repository (default: that of registry.json)')
    .option('--api <url>', 'GitHub’s API (default: GITHUB_API_URL, else api.github.com)')
    .option('--plugin <publisher/name...>', 'only these')
    .option('--dry-run', 'look and print; open nothing')
    .option('--json', 'one line of JSON (schema: registry-watch-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: WatchOptions) => {
      const result = await watch(io, options);
      if (options.json) printJson(io, result);
      else print(io, render(io, result));
      finish(isClean(result) ? EXIT.ok : EXIT.failed);
    });
}

async function watch(io: Io, options: WatchOptions): Promise<RegistryWatchResult> {
  const folder = registryFolder(io, options.registry);
  const api = await openRegistryApi(io, folder, options);
  const { plugin: only, dryRun = false } = options;
  return watchReleases({ io, api, folder, dryRun, ...(only === undefined ? {} : { only }) });
}

/** What was refused or could not be seen is for somebody to look at. */
const isClean = ({ watched }: RegistryWatchResult): boolean =>
  watched.every(({ problem, releases }) => problem === undefined && releases.every((one) => one.problem === undefined));

const STATES = {
  ready: ['good', 'would be submitted'],
  submitted: ['good', 'submitted'],
  open: ['dim', 'waits'],
  closed: ['warn', 'was closed by somebody'],
  refused: ['bad', 'refused'],
  unknown: ['warn', 'could not be looked at'],
  unsigned: ['dim', 'has no release.json and statement'],
} as const;

function render(io: Io, { repository, watched, dryRun }: RegistryWatchResult): string {
  const paint = painter(io, io.stdout);
  const lines = watched.flatMap(({ plugin, repository: source, problem, releases }) => [
    `${plugin}  ${visible(source)}`,
    ...(problem === undefined ? [] : [`  ${paint('bad', problem.code)}: ${visible(problem.message)}`]),
    ...releases.flatMap(({ version, state, problem: why, pull }) => [
      `  ${version}  ${paint(STATES[state][0], STATES[state][1])}${pull === undefined ? '' : ` #${pull.number}`}`,
      ...(why === undefined ? [] : [`    ${why.code}: ${visible(why.message)}`]),
    ]),
  ]);
  const count = `${watched.length} watched ${watched.length === 1 ? 'plugin' : 'plugins'}`;
  return [
    ...lines,
    ...(lines.length === 0 ? [] : ['']),
    `${repository}: ${count}${dryRun ? ', nothing written' : ''}`,
  ].join('\n');
}

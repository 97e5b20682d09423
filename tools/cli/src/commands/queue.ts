import { resolve } from 'node:path';
import { GitHubPullItem, parse, QueueResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type GitHubOptions, openRegistryApi } from '../github/repository-name.ts';
import { type Io, print, printJson } from '../io.ts';
import { registryFolder } from '../registry-folder.ts';
import { reviewPulls } from '../review/review-pulls.ts';

interface QueueOptions extends GitHubOptions {
  readonly registry?: string;
  readonly artifacts: string[];
  readonly json?: true;
}

const EXAMPLE = `
Example:
  plugmark queue --json`;

export function queueCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('queue')
    .summary('what waits to be merged, by which rule and until when')
    .description(
      'Decides every open pull request as plugmark review would, writes nothing, and prints what each one waits for. Needs no token.',
    )
    .option('--registry <folder>', 'the registry’s data on main (default: the nearest registry/)')
    .option('--repository <owner/name>', 'the registry’s repository (default: that of registry.json)')
    .option('--api <url>', 'GitHub’s API (default: GITHUB_API_URL, else api.github.com)')
    .option('--artifacts <folder...>', 'folders with <sha256>.wasm files, looked into before anything is fetched', [])
    .option('--json', 'one line of JSON (schema: queue-result)')
    .addHelpText('after', EXAMPLE)
    .action(async (options: QueueOptions) => {
      const result = await queue(io, options);
      if (options.json) printJson(io, result);
      else print(io, render(result));
      finish(EXIT.ok);
    });
}

const MINUTE = 60_000;

async function queue(io: Io, options: QueueOptions): Promise<QueueResult> {
  const folder = registryFolder(io, options.registry);
  const api = await openRegistryApi(io, folder, options);
  const artifacts = options.artifacts.map((named) => resolve(io.cwd, named));
  const result = await reviewPulls({ io, api, folder, dryRun: true, artifacts, workflow: '' });
  const open = await api.list(GitHubPullItem, (request, page) =>
    request('GET /repos/{owner}/{repo}/pulls', {
      ...api.repository,
      state: 'open',
      sort: 'created',
      direction: 'asc',
      ...page,
    }),
  );
  const byNumber = new Map<number, GitHubPullItem>(open.map((item) => [item.number, item]));
  const now = io.now();
  const waiting = result.reviewed.flatMap(({ pull, title, decision }) => {
    const item = byNumber.get(pull);
    if (decision === undefined || item === undefined) return [];
    const { subject, answer, until, findings } = decision;
    const openFindings = findings.filter(({ settledBy }) => settledBy === undefined);
    return [
      {
        pull,
        title,
        author: item.user?.login ?? 'ghost',
        openedAt: item.created_at,
        ageMinutes: Math.max(0, Math.floor((now.getTime() - Date.parse(item.created_at)) / MINUTE)),
        ...(subject === undefined ? {} : { subject }),
        answer,
        rules: [...new Set(openFindings.map(({ ruleId }) => ruleId))],
        ...(until === undefined ? {} : { until }),
      },
    ];
  });
  return parse(
    QueueResult,
    { repository: result.repository, at: `${now.toISOString().slice(0, 19)}Z`, waiting },
    'result',
  );
}

function render({ repository, waiting }: QueueResult): string {
  const rows = waiting.map(({ pull, subject, ageMinutes, answer, until, rules }) => [
    `#${pull}`,
    subject === undefined ? '?' : [subject.plugin ?? subject.publisher, subject.version].filter(Boolean).join(' '),
    age(ageMinutes),
    until ?? (answer === 'merge' ? 'the next look' : 'a person'),
    rules.join(', '),
  ]);
  const table = [['pull', 'what', 'open for', 'until', 'rules'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return waiting.length === 0 ? `${repository}: nothing waits` : lines.join('\n');
}

function age(minutes: number): string {
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
}

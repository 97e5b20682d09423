import { resolve } from 'node:path';
import { sayMergeFinding } from '@plugmark/analysis';
import type { MergeDecision, ReviewResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type GitHubOptions, openRegistryApi } from '../github/repository-name.ts';
import { type Io, painter, print, printJson } from '../io.ts';
import { registryFolder } from '../registry-folder.ts';
import { reviewPulls } from '../review/review-pulls.ts';

interface ReviewOptions extends GitHubOptions {
  readonly registry?: string;
  readonly artifacts: string[];
  readonly pull?: string[];
  readonly publishWorkflow: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const EXAMPLE = `
Examples:
  plugmark review --dry-run
  GITHUB_TOKEN=... plugmark review`;

export function reviewCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('review')
    .summary('decide the open pull requests of the registry')
    .description(
      'Reads every open pull request through GitHub’s API, as data: nothing of it is checked out or run. Analyses what it adds, writes one comment, and merges what policy lets be merged, with exactly the head that was judged. Run it in a clean checkout of main.',
    )
    .option('--registry <folder>', 'the registry’s data on main (default: the nearest registry/)')
    .option('--repository <owner/name>', 'the registry’s repository (default: that of registry.json)')
    .option('--api <url>', 'GitHub’s API (default: GITHUB_API_URL, else api.github.com)')
    .option('--artifacts <folder...>', 'folders with <sha256>.wasm files, looked into before anything is fetched', [])
    .option('--pull <number...>', 'only these pull requests')
    .option('--publish-workflow <file>', 'the workflow to start after a merge', 'publish.yml')
    .option('--dry-run', 'decide and print; write, label and merge nothing')
    .option('--json', 'one line of JSON (schema: review-result)')
    .addHelpText('after', EXAMPLE)
    .action(async (options: ReviewOptions) => {
      const result = await review(io, options);
      if (options.json) printJson(io, result);
      else print(io, render(io, result));
      finish(result.reviewed.some(({ problem }) => problem !== undefined) ? EXIT.failed : EXIT.ok);
    });
}

async function review(io: Io, options: ReviewOptions): Promise<ReviewResult> {
  const folder = registryFolder(io, options.registry);
  const api = await openRegistryApi(io, folder, options);
  if (!api.hasToken && !options.dryRun)
    throw new CliError('GITHUB_TOKEN_MISSING', 'reviewing writes comments and merges, which takes a token');
  const only = options.pull?.map(Number);
  if (only?.some((number) => !Number.isSafeInteger(number))) throw new CliError('USAGE', '--pull takes numbers');
  return reviewPulls({
    io,
    api,
    folder,
    dryRun: options.dryRun === true,
    artifacts: options.artifacts.map((named) => resolve(io.cwd, named)),
    workflow: options.publishWorkflow,
    ...(only === undefined ? {} : { only }),
  });
}

const ANSWERS = { merge: 'merge', wait: 'waits', human: 'a person', refuse: 'refused' } as const;
const TONES = { merge: 'good', wait: 'warn', human: 'warn', refuse: 'bad' } as const;

function render(io: Io, { repository, dryRun, reviewed, left }: ReviewResult): string {
  const paint = painter(io, io.stdout);
  const lines = reviewed.flatMap(({ pull, title, decision, merged, problem }) => {
    if (decision === undefined)
      return [`#${pull}  ${title}`, `    ${paint('bad', problem ?? 'could not be looked at')}`];
    const answer = merged === undefined ? ANSWERS[decision.answer] : `merged as ${merged.slice(0, 12)}`;
    return [`#${pull}  ${subjectOf(decision)}  ${paint(TONES[decision.answer], answer)}`, ...reasons(decision)];
  });
  return [
    ...lines,
    ...(lines.length === 0 ? [] : ['']),
    `${repository}: ${reviewed.length} looked at${dryRun ? ', nothing written' : ''}${left.length === 0 ? '' : `, ${left.length} left to people (${left.map((number) => `#${number}`).join(', ')})`}`,
  ].join('\n');
}

function subjectOf({ subject }: MergeDecision): string {
  if (subject === undefined) return 'no submission that can be read';
  const { kind, publisher, plugin, version } = subject;
  return [kind, plugin ?? publisher, version].filter(Boolean).join(' ');
}

function reasons({ findings, until }: MergeDecision): string[] {
  return [
    ...findings.map(
      (finding) =>
        `    ${finding.ruleId}: ${sayMergeFinding(finding)}${finding.settledBy === undefined ? '' : ' (approved)'}`,
    ),
    ...(until === undefined ? [] : [`    until ${until}`]),
  ];
}

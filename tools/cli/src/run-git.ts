// git as a child process, without anything of the machine's or the user's configuration: no hooks, no helpers, no prompts. A token
// goes through the environment, never through an argument that other processes can read.

import { spawn } from 'node:child_process';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';

const TIMEOUT_MS = 600_000;
const MOST_OUTPUT = 1_000_000;

const SETTINGS: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.symlinks', 'false'],
  ['core.autocrlf', 'false'],
  ['core.fsmonitor', 'false'],
  ['protocol.ext.allow', 'never'],
  ['gc.auto', '0'],
];

export interface GitOptions {
  /** Answered instead of thrown: exit codes that mean something. */
  readonly mayFail?: boolean;
}

export interface GitEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs git. Throws GIT_FAILED with what git said. */
export async function runGit(io: Io, args: readonly string[], { mayFail = false }: GitOptions = {}): Promise<GitEnd> {
  const ended = await spawnGit(args, gitEnvironment(io));
  if (ended.code === 0 || mayFail) return ended;
  const said = problemIn(ended.stderr);
  throw new CliError('GIT_FAILED', `git ${args.find((word) => /^[a-z]/.test(word)) ?? ''} failed: ${said}`);
}

/** What git names as the problem; advice and progress stand around it. */
export function problemIn(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return (lines.find((line) => /^(?:fatal|error):/.test(line)) ?? lines.at(-1) ?? '').replace(/^(?:fatal|error): /, '');
}

export function gitEnvironment({ env, now }: Io): NodeJS.ProcessEnv {
  const date = `@${Math.floor(now().getTime() / 1000)} +0000`;
  const settings = [...SETTINGS, ...tokenHeader(env['GITHUB_TOKEN'])];
  return {
    PATH: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], i) => [
        [`GIT_CONFIG_KEY_${i}`, key],
        [`GIT_CONFIG_VALUE_${i}`, value],
      ]),
    ),
  };
}

/** For github.com alone: another server must not be handed the token. */
function tokenHeader(token: string | undefined): [string, string][] {
  if (token === undefined || token === '') return [];
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return [['http.https://github.com/.extraheader', `AUTHORIZATION: basic ${basic}`]];
}

function spawnGit(args: readonly string[], env: NodeJS.ProcessEnv): Promise<GitEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...args], { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MS });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (said[name].length < MOST_OUTPUT) said[name] += text;
      });
    child.on('error', (cause) => reject(new CliError('GIT_FAILED', 'git cannot be started', { cause })));
    child.on('close', (code) => resolve({ code: code ?? 1, ...said }));
  });
}

// A terminal for the boxes of a page: each box is a Bash of its own, which begins in the folder that the one before ended in and takes
// nothing else along. Where this machine makes namespaces, all but the scratch folder is read-only to it; offline it has no network.
import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PageBlock, typedIn } from './page-blocks.ts';

export const CHECKOUT: string = fileURLToPath(new URL('../../..', import.meta.url));

export interface Terminal {
  /** The one folder that may be written to. */
  readonly scratch: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isConfined: boolean;
  cwd: string;
}

export interface Answer {
  readonly command: string;
  readonly shown?: string;
  readonly exit: number;
  /** Both streams, as a terminal mixes them. */
  readonly printed: string;
}

const OWN = ['unshare', '--user', '--map-root-user'];
const CONFINE = [
  'mount --bind "$1" "$1"',
  'mount --bind "$2" "$2"',
  'mount -o remount,bind,ro "$2"',
  'mount -o remount,bind,ro /',
  'cd "$3"',
  'shift 3',
  'exec "$@"',
].join(' && ');

const confined = (scratch: string, cwd: string, more: readonly string[]): string[] => [
  ...[...OWN, '--mount', ...more, 'bash', '-c', CONFINE, 'confine'],
  ...[scratch, CHECKOUT, cwd],
];

/** Whether a process can be kept from writing outside of the folder here. */
export function canConfine(scratch: string): boolean {
  const [program = '', ...rest] = [...confined(scratch, scratch, []), 'test', '!', '-w', CHECKOUT, '-a', '-w', scratch];
  return spawnSync(program, rest).status === 0;
}

export const canIsolate = (): boolean => spawnSync(OWN[0] as string, [...OWN.slice(1), '--net', 'true']).status === 0;

/** What the box typed and what came back; ends at the first command of an `sh` box that fails. */
export async function typeBlock(terminal: Terminal, block: PageBlock): Promise<readonly Answer[]> {
  if (block.kind === 'sh') {
    const { exit, printed } = await bash(terminal, block.offline, ['-euo', 'pipefail'], block.text);
    return [{ command: block.text, exit, printed }];
  }
  const typed = typedIn(block);
  // Between two commands a mark and the exit code, which the next one still sees.
  const script = typed.map(({ command }) => `${command}\n__exit=$?; printf '\\0%s\\0' "$__exit"; (exit "$__exit")`);
  const { printed } = await bash(terminal, block.offline, ['-uo', 'pipefail'], script.join('\n'));
  const parts = printed.split('\0');
  return typed.map((one, at) => ({ ...one, exit: Number(parts[2 * at + 1]), printed: parts[2 * at] ?? '' }));
}

/** Runs one program under the terminal's confinement. */
export function runIn(
  { scratch, env, isConfined, cwd }: Terminal,
  offline: boolean,
  argv: readonly string[],
): Promise<{ readonly exit: number; readonly printed: string }> {
  const net = offline ? ['--net'] : [];
  const prefix = isConfined ? confined(scratch, cwd, net) : offline ? [...OWN, ...net] : [];
  const [program = '', ...rest] = [...prefix, ...argv];
  return new Promise((done) => {
    const child = execFile(program, rest, { cwd, env: { ...env }, maxBuffer: 16_777_216 }, (error, stdout, stderr) =>
      done({ exit: error === null ? 0 : Number(error.code ?? -1), printed: `${stdout}${stderr}` }),
    );
    // Nobody is there to be asked.
    child.stdin?.end();
  });
}

async function bash(
  terminal: Terminal,
  offline: boolean,
  options: readonly string[],
  script: string,
): Promise<{ readonly exit: number; readonly printed: string }> {
  const ended = join(terminal.scratch, '.ended-in');
  const text = `exec 2>&1\n${script}\npwd > "$0"`;
  const answer = await runIn(terminal, offline, ['bash', ...options, '-c', text, ended]);
  if (answer.exit === 0) terminal.cwd = (await readFile(ended, 'utf8')).trimEnd();
  return answer;
}

// Runtimes beside Node in which the client is tried. Neither is in the lockfile of the root; a test names what is missing and skips it.
import { existsSync } from 'node:fs';
import { arch } from 'node:os';
import { fileURLToPath } from 'node:url';
import { installedBun } from './second-engine.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const CONDITION = '--conditions=@plugmark/source';

export interface OtherRuntime {
  readonly name: 'Bun' | 'Deno';
  /** How to get it, where it is not here. */
  readonly missing: string | undefined;
  /** The command that runs a script, which may write below `writes`. */
  command(script: string, writes: string): readonly string[];
}

const bun = installedBun();
const deno = installedDeno();

export const OTHER_RUNTIMES: readonly OtherRuntime[] = [
  {
    name: 'Bun',
    missing: bun === undefined ? 'npm ci --prefix test/interop/second-engine, or PLUGMARK_BUN' : undefined,
    // Without an installation of its own: what is missing must fail.
    command: (script) => [bun ?? 'bun', '--no-install', CONDITION, script],
  },
  {
    name: 'Deno',
    missing: deno === undefined ? 'npm ci --prefix test/interop/runtimes, or PLUGMARK_DENO' : undefined,
    // What the client needs and nothing else: its own code, a server on loopback, its store, and a name for its lock.
    command: (script, writes) => [
      deno ?? 'deno',
      'run',
      ...['--no-remote', '--cached-only', '--no-check', '--no-lock', '--no-prompt', '--node-modules-dir=manual'],
      ...['--allow-net=127.0.0.1', `--allow-read=${REPOSITORY},${writes}`, `--allow-write=${writes}`],
      ...['--allow-sys=hostname', CONDITION, script],
    ],
  },
];

function installedDeno(): string | undefined {
  const named = process.env['PLUGMARK_DENO'] ?? '';
  if (named !== '') return named;
  const path = `${REPOSITORY}test/interop/runtimes/node_modules/@deno/linux-${arch()}-glibc/deno`;
  return existsSync(path) ? path : undefined;
}

// argv -> command -> exit code. The only place that meets the process: streams, folder, environment, clock.

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { checkCommand } from './commands/check.ts';
import { inspectCommand } from './commands/inspect.ts';
import { installCommand } from './commands/install.ts';
import { keyCommand } from './commands/key.ts';
import { registryBuildCommand } from './commands/registry-build.ts';
import { registryDeployCommand } from './commands/registry-deploy.ts';
import { registryServeCommand } from './commands/registry-serve.ts';
import { signCommand } from './commands/sign.ts';
import { verifyCommand } from './commands/verify.ts';
import { describeError } from './describe-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type Io, painter, printJson } from './io.ts';

export type Register = (program: Command, io: Io, finish: (exit: ExitCode) => void) => void;

const COMMANDS: readonly Register[] = [inspectCommand, checkCommand, keyCommand, signCommand, verifyCommand, installCommand];
const REGISTRY_COMMANDS: readonly Register[] = [registryBuildCommand, registryServeCommand, registryDeployCommand];

const EXIT_CODES = `
Exit codes: 0 done; 1 a check or verification failed, or asks for a person; 2 wrong use; 3 network or disk; 4 consent or sign-in needed.`;

/** Runs one command. `argv` without node and script. Never throws; what went wrong is on stderr (or in the JSON on stdout's place with --json). */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  let exit: ExitCode = EXIT.ok;
  const program = createProgram(io, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportError(error, io, argv.includes('--json'));
  }
}

function createProgram(io: Io, finish: (exit: ExitCode) => void): Command {
  const program = new Command('plugmark')
    .description('The hallmark for WebAssembly plugins: inspect, check, sign, publish and verify them.')
    .version(version(), '--version', 'print the version')
    .helpCommand(false)
    .addHelpText('after', EXIT_CODES);
  for (const register of COMMANDS) register(program, io, finish);
  const registry = program.command('registry').summary('build and serve a registry').description('Builds, serves and deploys a registry.');
  for (const register of REGISTRY_COMMANDS) register(registry, io, finish);
  forEachCommand(program, (command) => {
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
      .showHelpAfterError('(--help shows how to use it)')
      .showSuggestionAfterError();
  });
  return program;
}

function forEachCommand(command: Command, act: (command: Command) => void): void {
  act(command);
  for (const inner of command.commands) forEachCommand(inner, act);
}

function reportError(error: unknown, io: Io, json: boolean): ExitCode {
  const { code, message, hint, exit } = describeError(error);
  if (json) printJson(io, { error: { code, message, ...(hint === undefined ? {} : { hint }) } });
  const paint = painter(io, io.stderr);
  io.stderr.write(`${paint('bad', 'plugmark:')} ${message} [${code}]\n${hint === undefined ? '' : `  ${hint}\n`}`);
  return exit;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

function processIo(): Io {
  const { stdout, stderr, env } = process;
  return { stdout, stderr, env, cwd: process.cwd(), now: () => new Date(), fetch };
}

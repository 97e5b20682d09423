// argv -> command -> exit code. The only place that meets the process: streams, folder, environment, clock.

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CliError } from './cli-error.ts';
import { auditCommand } from './commands/audit.ts';
import { checkCommand } from './commands/check.ts';
import { completionCommand } from './commands/completion.ts';
import { diffCommand } from './commands/diff.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { hostCommand } from './commands/host.ts';
import { importCommand } from './commands/import.ts';
import { infoCommand } from './commands/info.ts';
import { initCommand } from './commands/init.ts';
import { inspectCommand } from './commands/inspect.ts';
import { installCommand } from './commands/install.ts';
import { keyCommand } from './commands/key.ts';
import { listCommand } from './commands/list.ts';
import { loadCommand } from './commands/load.ts';
import { logCommand } from './commands/log.ts';
import { meterCommand } from './commands/meter.ts';
import { mirrorCommand } from './commands/mirror.ts';
import { ociCommand } from './commands/oci.ts';
import { outdatedCommand } from './commands/outdated.ts';
import { permissionsCommand } from './commands/permissions.ts';
import { queueCommand } from './commands/queue.ts';
import { registryBuildCommand } from './commands/registry-build.ts';
import { registryDeployCommand } from './commands/registry-deploy.ts';
import { registryFetchCommand } from './commands/registry-fetch.ts';
import { registryHeartbeatCommand } from './commands/registry-heartbeat.ts';
import { registryHostWorldCommand } from './commands/registry-host-world.ts';
import { registryInitCommand } from './commands/registry-init.ts';
import { registryLedgerCommand } from './commands/registry-ledger.ts';
import { registryMergeRunsCommand } from './commands/registry-merge-runs.ts';
import { registryPolicyCommand } from './commands/registry-policy.ts';
import { registryRunCommand } from './commands/registry-run.ts';
import { registryServeCommand } from './commands/registry-serve.ts';
import { registryStatsCommand } from './commands/registry-stats.ts';
import { registryWatchCommand } from './commands/registry-watch.ts';
import { reproduceCommand } from './commands/reproduce.ts';
import { reviewCommand } from './commands/review.ts';
import { revokeCommand } from './commands/revoke.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { rootCommand } from './commands/root.ts';
import { runCommand } from './commands/run.ts';
import { searchCommand } from './commands/search.ts';
import { signCommand } from './commands/sign.ts';
import { submitCommand } from './commands/submit.ts';
import { trustCommand } from './commands/trust.ts';
import { uninstallCommand } from './commands/uninstall.ts';
import { updateCommand } from './commands/update.ts';
import { vectorsCommand } from './commands/vectors.ts';
import { verifyCommand } from './commands/verify.ts';
import { watchCommand } from './commands/watch.ts';
import { whyCommand } from './commands/why.ts';
import { describeError } from './describe-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { columnsOf, type Io, printJson } from './io.ts';
import { renderError } from './render-error.ts';
import { askAtTerminal } from './terminal-ask.ts';

export type Register = (program: Command, io: Io, finish: (exit: ExitCode) => void) => void;

const COMMANDS: readonly Register[] = [
  initCommand,
  inspectCommand,
  checkCommand,
  diffCommand,
  runCommand,
  vectorsCommand,
  meterCommand,
  keyCommand,
  signCommand,
  submitCommand,
  verifyCommand,
  searchCommand,
  infoCommand,
  installCommand,
  listCommand,
  loadCommand,
  outdatedCommand,
  updateCommand,
  rollbackCommand,
  uninstallCommand,
  whyCommand,
  permissionsCommand,
  reproduceCommand,
  auditCommand,
  logCommand,
  trustCommand,
  watchCommand,
  hostCommand,
  rootCommand,
  revokeCommand,
  mirrorCommand,
  exportCommand,
  importCommand,
  ociCommand,
  reviewCommand,
  queueCommand,
  doctorCommand,
  completionCommand,
];
const REGISTRY_COMMANDS: readonly Register[] = [
  registryInitCommand,
  registryFetchCommand,
  registryRunCommand,
  registryMergeRunsCommand,
  registryBuildCommand,
  registryServeCommand,
  registryDeployCommand,
  registryLedgerCommand,
  registryHeartbeatCommand,
  registryPolicyCommand,
  registryStatsCommand,
  registryWatchCommand,
  registryHostWorldCommand,
];

const EXIT_CODES = `
Exit codes:
  0  done
  1  a check or verification failed, or a person has to look
  2  wrong use
  3  network, disk or files
  4  consent or sign-in needed`;

/** Runs one command. `argv` without node and script. Never throws; what went wrong is on stderr, and with --json on stdout too. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  let exit: ExitCode = EXIT.ok;
  const program = createProgram(io, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && isHelp(error)) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportError(
      error instanceof CommanderError ? usageError(error, program, argv) : error,
      io,
      argv.includes('--json'),
    );
  }
}

/** The tree of commands; also what tests and the documentation list them from. */
export function createProgram(io: Io, finish: (exit: ExitCode) => void): Command {
  const program = new Command('plugmark')
    .description('The hallmark for WebAssembly plugins: inspect, check, sign, publish and verify them.')
    .version(version(), '--version', 'print the version');
  for (const register of COMMANDS) register(program, io, finish);
  const registry = program
    .command('registry')
    .summary('build and serve a registry')
    .description('Builds, serves and deploys a registry.');
  for (const register of REGISTRY_COMMANDS) register(registry, io, finish);
  forEachCommand(program, (command) => {
    const columns = (): number => Math.min(100, columnsOf(io, io.stdout) ?? 80);
    command
      .exitOverride()
      .helpCommand(false)
      .helpOption('-h, --help', 'print this help')
      .addHelpText('after', EXIT_CODES)
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        writeErr: (text) => io.stderr.write(text),
        // Said by reportError, like every other error.
        outputError: () => undefined,
        getOutHelpWidth: columns,
        getErrHelpWidth: columns,
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      })
      .showSuggestionAfterError();
  });
  return program;
}

function forEachCommand(command: Command, act: (command: Command) => void): void {
  act(command);
  for (const inner of command.commands) forEachCommand(inner, act);
}

const isHelp = ({ code }: CommanderError): boolean =>
  code === 'commander.helpDisplayed' || code === 'commander.help' || code === 'commander.version';

/** `error: unknown option '--hots'` and a guess on a second line become one line, and where to look. */
function usageError({ message }: CommanderError, program: Command, argv: readonly string[]): CliError {
  const [problem = '', guess] = message.replace(/^error: /, '').split('\n');
  const suggestion = guess === undefined ? '' : ` (${guess.replace(/^\(Did/, 'did').replace(/\)$/, '')})`;
  return new CliError('USAGE', `${problem.replace(/\.$/, '')}${suggestion}`, {
    hint: `${namedCommand(program, argv)} --help shows how to use it`,
  });
}

/** The command as far as it was named rightly. */
function namedCommand(program: Command, argv: readonly string[]): string {
  let command = program;
  const names = [program.name()];
  for (const word of argv) {
    const inner = command.commands.find((candidate) => candidate.name() === word);
    if (inner === undefined) break;
    command = inner;
    names.push(word);
  }
  return names.join(' ');
}

function reportError(error: unknown, io: Io, json: boolean): ExitCode {
  const described = describeError(error);
  const { code, message, hint, exit } = described;
  if (json) printJson(io, { error: { code, message, ...(hint === undefined ? {} : { hint }) } });
  io.stderr.write(renderError(described, io));
  return exit;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

function processIo(): Io {
  const { stdout, stderr, env } = process;
  // `plugmark ... | head -1`: the reader has what it wanted, so there is nobody left to tell.
  for (const stream of [stdout, stderr]) stream.on('error', (error: NodeJS.ErrnoException) => stop(error));
  const io = { stdout, stderr, env, cwd: process.cwd(), now: () => new Date(), fetch };
  return process.stdin.isTTY === true && stderr.isTTY === true ? { ...io, ask: askAtTerminal } : io;
}

function stop(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? EXIT.ok);
}

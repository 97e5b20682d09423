import { DoctorResult, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, painter, print, printJson, say } from '../io.ts';
import { type LiveRole, liveRegistry } from '../live-metadata.ts';
import { registryAddress, trustedRoot } from '../open-source.ts';

interface DoctorOptions {
  readonly registry: string;
  readonly root?: string;
  readonly hours: string;
  readonly days: string;
  readonly json?: true;
}

const EXAMPLE = `
Example, on a schedule, also from a repository that is not the registry’s:
  plugmark doctor --registry https://plugins.example.org/ \\
    --root root.json`;

const HOUR = 3_600_000;
/** Signed by the publishing job without a person; everything else needs a ceremony and its people. */
const ONLINE: ReadonlySet<string> = new Set(['timestamp']);

export function doctorCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('doctor')
    .summary('look ahead: will clients still accept what a registry serves')
    .description(
      'Opens a served registry as an application that was just installed, and says when each piece of its signed metadata ends. Ends with 1 when one of them ends too soon, so that people hear of it while everything still works.',
    )
    .requiredOption('--registry <url|folder>', 'where the registry is served')
    .option('--root <file>', 'the root file you trust (default: the development root of this repository)')
    .option('--hours <hours>', 'how long the timestamp has to last from now', '48')
    .option('--days <days>', 'how long everything else has to last from now', '60')
    .option('--json', 'one line of JSON (schema: doctor-result)')
    .addHelpText('after', EXAMPLE)
    .action(async (options: DoctorOptions) => {
      const result = await examine(io, options);
      if (options.json) printJson(io, result);
      else print(io, render(io, result));
      finish(result.roles.every(({ lasts }) => lasts) ? EXIT.ok : EXIT.failed);
    });
}

async function examine(io: Io, { registry: named, root, hours, days }: DoctorOptions): Promise<DoctorResult> {
  const needed = { online: wholeNumber(hours, '--hours') * HOUR, offline: wholeNumber(days, '--days') * 24 * HOUR };
  const address = await registryAddress(io, named);
  const anchor = await trustedRoot(io, root, (text) => say(io, text));
  const { state, roles } = await liveRegistry(address, anchor, io.now);
  const now = io.now().getTime();
  const row = ({ role, version, expires }: LiveRole): DoctorResult['roles'][number] => ({
    role,
    version,
    expires: `${expires.toISOString().slice(0, 19)}Z`,
    lasts: expires.getTime() - now >= (ONLINE.has(role) ? needed.online : needed.offline),
  });
  return parse(
    DoctorResult,
    { registry: state.registry, roles: roles.map(row).sort((a, b) => (a.expires < b.expires ? -1 : 1)) },
    'result',
  );
}

function wholeNumber(text: string, option: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new CliError('USAGE', `${option} takes a whole number, not ${text}`);
}

function render(io: Io, { registry, roles }: DoctorResult): string {
  const paint = painter(io, io.stdout);
  const width = Math.max(...roles.map(({ role }) => role.length));
  const lines = roles.map(({ role, version, expires, lasts }) => {
    const line = `${role.padEnd(width)}  version ${version}, until ${expires}`;
    return lasts ? `${paint('good', '✓')} ${line}` : `${paint('bad', '✗')} ${line}  ends too soon`;
  });
  const ending = roles.filter(({ lasts }) => !lasts).map(({ role }) => role);
  const advice = ending.some((role) => !ONLINE.has(role))
    ? 'sign it anew: plugmark root sign, or a build for snapshot and documents'
    : 'the job that signs it every six hours has not run';
  return [
    `${registry}: a new client accepts it`,
    ...lines,
    ...(ending.length === 0 ? [] : ['', `${ending.join(', ')}: ${advice}`]),
  ].join('\n');
}

import { resolve } from 'node:path';
import { visible, wrap } from '@plugmark/analysis';
import { type DoctorCheck, DoctorResult, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { type Ceremony, readCeremony } from '../ceremony.ts';
import { CliError } from '../cli-error.ts';
import { DOCTOR_CHECKS } from '../doctor/doctor-checks.ts';
import { examineData, examineSettings } from '../doctor/examine.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type GitHubOptions, openRegistryApi } from '../github/repository-name.ts';
import { columnsOf, type Io, painter, print, printJson, say } from '../io.ts';
import { type LiveRole, liveRegistry } from '../live-metadata.ts';
import { registryAddress, trustedRoot } from '../open-source.ts';
import { registryFolder } from '../registry-folder.ts';

interface DoctorOptions extends GitHubOptions {
  readonly registry?: string;
  readonly root?: string;
  readonly hours: string;
  readonly days: string;
  readonly data?: string | true;
  readonly trust?: string;
  readonly ledger?: string;
  readonly defaults?: string;
  readonly fetch?: true;
  readonly settings?: true;
  readonly json?: true;
}

const EXAMPLE = `
Examples, the first on a schedule, also from a repository that is not
the registry’s:
  plugmark doctor --registry https://plugins.example.org/ \\
    --root root.json
  GITHUB_TOKEN=... plugmark doctor --data --ledger ledger --settings`;

const HOUR = 3_600_000;
/** Signed by the publishing job without a person; everything else needs a ceremony and its people. */
const ONLINE: ReadonlySet<string> = new Set(['timestamp']);

export function doctorCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('doctor')
    .summary('look ahead: will clients still accept a registry, and is it set up rightly')
    .description(
      'Opens a served registry as an application that was just installed, and says when each piece of its signed metadata ends; looks at a registry’s data, keys and ledger; and at the settings of its repository on GitHub. Ends with 1 when something ends too soon, is wrong, or could not be seen, so that people hear of it while everything still works.',
    )
    .option('--registry <url|folder>', 'where the registry is served')
    .option('--root <file>', 'the root file you trust (default: the development root of this repository)')
    .option('--hours <hours>', 'how long the timestamp has to last from now', '48')
    .option('--days <days>', 'how long everything else has to last from now', '60')
    .option('--data [folder]', 'look at the registry’s data (default: the nearest registry/)')
    .option('--trust <folder>', 'for --data: its signed trust (default: trust/ in the registry)')
    .option('--ledger <folder>', 'for --data: the ledger')
    .option('--defaults <policy.json>', 'for --data: upstream’s policy, to compare with')
    .option('--fetch', 'for --data: ask every source and mirror for every release')
    .option('--settings', 'look at the settings of the repository; GITHUB_TOKEN has to be an administrator’s')
    .option('--repository <owner/name>', 'for --settings: the repository (default: that of registry.json)')
    .option('--api <url>', 'GitHub’s API (default: GITHUB_API_URL, else api.github.com)')
    .option('--json', 'one line of JSON (schema: doctor-result)')
    .addHelpText('after', EXAMPLE)
    .action(async (options: DoctorOptions) => {
      const result = await examine(io, options);
      if (options.json) printJson(io, result);
      else print(io, render(io, result, options));
      finish(isWell(result) ? EXIT.ok : EXIT.failed);
    });
}

/** What could not be seen is not well. */
const isWell = ({ roles, checks }: DoctorResult): boolean =>
  roles.every(({ lasts }) => lasts) && checks.every(({ outcome }) => outcome === 'pass' || outcome === 'notApplicable');

async function examine(io: Io, options: DoctorOptions): Promise<DoctorResult> {
  const { registry, data: named, settings } = options;
  if (registry === undefined && named === undefined && settings === undefined)
    throw new CliError('USAGE', 'name what to look at', { hint: '--registry, --data or --settings' });
  const live = registry === undefined ? undefined : await examineLive(io, { ...options, registry });
  const data = named === undefined && settings === undefined ? undefined : registryFolder(io, textOf(named));
  const ceremony = data === undefined ? undefined : await readCeremony(io, { registry: data, ...trustOf(options) });
  const result = {
    registry: live?.registry ?? ceremony?.source.registry.id,
    roles: live?.roles ?? [],
    checks:
      data === undefined || ceremony === undefined
        ? []
        : await examineOffice(io, { ...options, data, ceremony, isData: named !== undefined }),
  };
  return parse(DoctorResult, result, 'result');
}

const textOf = (named: string | true | undefined): string | undefined => (named === true ? undefined : named);
const trustOf = ({ trust }: DoctorOptions): { trust?: string } => (trust === undefined ? {} : { trust });

interface OfficeOptions extends Omit<DoctorOptions, 'data'> {
  readonly data: string;
  readonly ceremony: Ceremony;
  readonly isData: boolean;
}

async function examineOffice(io: Io, options: OfficeOptions): Promise<DoctorCheck[]> {
  const { data, ceremony, isData, settings, defaults } = options;
  const ledger = options.ledger === undefined ? undefined : resolve(io.cwd, options.ledger);
  const input = { io, ceremony, data, ledger, defaults, fetches: options.fetch === true };
  return [
    ...(isData ? await examineData(input) : []),
    ...(settings ? await examineSettings(await openRegistryApi(io, data, options), ceremony.source) : []),
  ];
}

async function examineLive(
  io: Io,
  { registry: named, root, hours, days }: DoctorOptions & { readonly registry: string },
): Promise<Pick<DoctorResult, 'registry' | 'roles'>> {
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
  return { registry: state.registry, roles: roles.map(row).sort((a, b) => (a.expires < b.expires ? -1 : 1)) };
}

function wholeNumber(text: string, option: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new CliError('USAGE', `${option} takes a whole number, not ${text}`);
}

function render(io: Io, result: DoctorResult, { registry }: DoctorOptions): string {
  const parts = [
    ...(registry === undefined ? [] : [renderLive(io, result)]),
    ...(result.checks.length === 0 ? [] : [renderChecks(io, result)]),
  ];
  return parts.join('\n\n');
}

const MARKS = {
  pass: ['good', '✓'],
  fail: ['bad', '✗'],
  inconclusive: ['warn', '?'],
  notApplicable: ['dim', '-'],
} as const;

function renderChecks(io: Io, { registry, checks }: DoctorResult): string {
  const paint = painter(io, io.stdout);
  const columns = Math.max(60, Math.min(120, columnsOf(io, io.stdout) ?? 80));
  const lines = checks.flatMap(({ id, outcome, found, fix }) => [
    `${paint(MARKS[outcome][0], MARKS[outcome][1])} ${DOCTOR_CHECKS[id]?.title ?? id}`,
    ...wrap(`${visible(found)} [${id}]`, columns - 4).map((line) => `    ${line}`),
    ...(fix === undefined ? [] : wrap(fix, columns - 6).map((line) => `      ${line}`)),
  ]);
  const count = (of: DoctorCheck['outcome']): number => checks.filter(({ outcome }) => outcome === of).length;
  return [
    ...lines,
    '',
    `${registry}: ${count('pass')} right, ${count('fail')} wrong, ${count('inconclusive')} not seen, ${count('notApplicable')} without meaning here`,
  ].join('\n');
}

function renderLive(io: Io, { registry, roles }: DoctorResult): string {
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

import { resolve } from 'node:path';
import { visible } from '@plugmark/analysis';
import type { ApproveResult, MirrorReport, MirrorResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { approve } from '../mirror/approve.ts';
import { type MirrorPlaces, mirrorPlaces } from '../mirror/mirror-folder.ts';
import { syncMirrors } from '../mirror/sync-mirrors.ts';
import { registryFolder } from '../registry-folder.ts';

interface SharedOptions {
  readonly registry?: string;
  readonly artifacts?: string;
  readonly state?: string;
  readonly asOf?: string;
  readonly json?: true;
}

interface SyncOptions extends SharedOptions {
  readonly upstream?: string;
  readonly from: string[];
}

interface ApproveOptions extends SharedOptions {
  readonly upstream: string;
  readonly reason: string;
  readonly by?: string;
  readonly days?: string;
  readonly range?: string;
  readonly minimumAgeDays: string;
  readonly from?: string;
}

const SYNC_EXAMPLES = `
Examples:
  plugmark mirror sync
  plugmark mirror sync --from upstream.example=imported`;

const APPROVE_EXAMPLES = `
Examples:
  plugmark mirror approve acme/thing@1.2.0 --upstream upstream.example \\
    --reason "Reviewed for the sleep study."
  plugmark mirror approve acme/thing --range "^1.2.0" --days 365 \\
    --upstream upstream.example --reason "Updates after two weeks."`;

export function mirrorCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const mirror = program
    .command('mirror')
    .summary('take over approved releases of another registry')
    .description('Approves releases of upstream registries and takes them over, verified and reviewed here.');
  shared(mirror.command('sync'))
    .summary('take over what is approved, and follow what upstream takes back')
    .description(
      'Resolves every approved release of the upstreams in registry.json, verifies it from the root kept in registry/upstreams, reviews it by this registry’s policy and profiles, and lays it into registry/mirrors for the next build. Yanks and revocations of upstream are followed. What is refused is listed with its reason and changes nothing.',
    )
    .option('--upstream <id>', 'this one only')
    .option('--from <id=url|folder...>', 'where an upstream is served instead, as after plugmark import', [])
    .option('--json', 'one line of JSON (schema: mirror-result)')
    .addHelpText('after', SYNC_EXAMPLES)
    .action(async (options: SyncOptions) => finish(await sync(io, options)));
  shared(mirror.command('approve'))
    .summary('let a release of an upstream through')
    .description(
      'Resolves and verifies a release, reviews it here, and writes an approval of exactly its digest. A range approves releases to come, once they are old enough and as long as they reach no further than what was approved before.',
    )
    .argument('<release>', 'publisher/name@version, or publisher/name with --range')
    .requiredOption('--upstream <id>', 'which registry it comes from')
    .requiredOption('--reason <text>', 'why, for whoever audits')
    .option('--by <name>', 'who approves (default: PLUGMARK_APPROVER or USER)')
    .option('--days <days>', 'how long it counts (a range needs an end)')
    .option('--range <range>', 'releases to come, such as ^1.2.0')
    .option('--minimum-age-days <days>', 'with --range: how long upstream must have had them', '14')
    .option('--from <url|folder>', 'where the upstream is served instead')
    .option('--json', 'one line of JSON (schema: approve-result)')
    .addHelpText('after', APPROVE_EXAMPLES)
    .action(async (release: string, options: ApproveOptions) => {
      const result = await approveNamed(io, release, options);
      if (options.json) printJson(io, result);
      else print(io, renderApproval(result));
      finish(EXIT.ok);
    });
}

function shared(command: Command): Command {
  return command
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--artifacts <folder>', 'where bytes are kept (default: artifacts beside the registry)')
    .option('--state <folder>', 'what upstreams said before; keep it (default: .plugmark/mirror)')
    .option('--as-of <time>', 'judge metadata that was carried here as at that time');
}

function placesOf(io: Io, { registry, artifacts, state }: SharedOptions): MirrorPlaces {
  const within = (named: string | undefined): string | undefined => named && resolve(io.cwd, named);
  return mirrorPlaces(registryFolder(io, registry), within(artifacts), within(state));
}

async function sync(io: Io, options: SyncOptions): Promise<ExitCode> {
  const { upstream, asOf, json } = options;
  const result = await syncMirrors(io, placesOf(io, options), {
    from: new Map(options.from.map(addressOf)),
    asOf: timeOf(asOf, options.from.length > 0),
    only: upstream,
  });
  if (json) printJson(io, result);
  else print(io, result.upstreams.map(renderReport).join('\n\n') || 'registry.json lists no upstream');
  return exitOf(result);
}

function addressOf(text: string): [string, string] {
  const [, id, address] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (id === undefined || address === undefined)
    throw new CliError('USAGE', `${text} is not an upstream and its address`, {
      hint: 'write upstream.example=folder',
    });
  return [id, address];
}

/** Old metadata is believed on a person's word only where it was carried by a person. */
export function timeOf(text: string | undefined, isCarried: boolean): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || !/^\d{4}-\d\d-\d\dT/.test(text))
    throw new CliError('USAGE', `${text} is not a time like 2026-01-31T12:00:00Z`);
  if (isCarried) return time;
  throw new CliError('USAGE', '--as-of is for what was carried here', { hint: 'name where it lies with --from' });
}

const isOutage = ({ code }: NonNullable<MirrorReport['problem']>): boolean =>
  code === 'NETWORK' || code === 'UNREACHABLE';

/** A release that waits for its day is nothing a person has to look at. */
const exitOf = ({ upstreams }: MirrorResult): ExitCode =>
  upstreams.some(({ problem }) => problem !== undefined && isOutage(problem))
    ? EXIT.io
    : upstreams.some(
          ({ problem, refused }) => problem !== undefined || refused.some(({ code }) => code !== 'too-young'),
        )
      ? EXIT.failed
      : EXIT.ok;

function renderReport({ upstream, problem, taken, refused }: MirrorReport): string {
  if (problem !== undefined)
    return [
      `${upstream}: left as it was (${problem.code})`,
      `  ${visible(problem.message)}`,
      ...(isOutage(problem) ? [`  was it carried here? plugmark mirror sync --from ${upstream}=FOLDER`] : []),
    ].join('\n');
  const state = ({ state: now }: MirrorReport['taken'][number]): string =>
    now === 'active' ? '' : `  ${now} upstream`;
  return [
    `${upstream}: ${taken.length} taken over, ${refused.length} refused`,
    ...taken.map((row) => `  ${row.plugin} ${row.version}  ${row.change}  ${row.verdict}${state(row)}`),
    ...refused.flatMap(({ plugin, version, code, reason }) => [
      `  refused: ${plugin}${version === undefined ? '' : ` ${version}`} (${code})`,
      `    ${visible(reason)}`,
    ]),
  ].join('\n');
}

async function approveNamed(io: Io, named: string, options: ApproveOptions): Promise<ApproveResult> {
  const { range, days, reason, upstream, from, minimumAgeDays, asOf } = options;
  const [plugin = '', version, ...more] = named.split('@');
  if (more.length > 0 || (version === undefined) === (range === undefined))
    throw new CliError('USAGE', `${named} is not publisher/name@version, nor publisher/name with --range`);
  const name = options.by ?? io.env['PLUGMARK_APPROVER'] ?? io.env['USER'];
  if (name === undefined) throw new CliError('USAGE', 'nobody approves it', { hint: 'name yourself with --by' });
  const time = timeOf(asOf, from !== undefined);
  return approve(io, placesOf(io, options), {
    upstream,
    plugin,
    ...(version === undefined ? {} : { version }),
    ...(range === undefined
      ? {}
      : { range: { range, minimumAgeMinutes: wholeDays(minimumAgeDays, '--minimum-age-days') * 1440 } }),
    ...(days === undefined ? {} : { expires: afterDays(io, wholeDays(days, '--days')) }),
    approvedBy: { name },
    reason,
    ...(from === undefined ? {} : { from }),
    ...(time === undefined ? {} : { asOf: time }),
  });
}

function wholeDays(text: string, option: string): number {
  const days = Number(text);
  if (/^\d{1,5}$/.test(text)) return days;
  throw new CliError('USAGE', `${option} is a number of days, not ${text}`);
}

const afterDays = ({ now }: Io, days: number): string =>
  `${new Date(now().getTime() + days * 86_400_000).toISOString().slice(0, 19)}Z`;

function renderApproval({ plugin, version, range, sha256, upstream, expires, file, reviews }: ApproveResult): string {
  return [
    `approved: ${plugin} ${version ?? range} from ${upstream}${expires === undefined ? '' : ` until ${expires}`}`,
    ...(sha256 === undefined ? [] : [`  sha256 ${sha256}`]),
    ...reviews.flatMap(({ host, verdict, capabilities, findings }) => [
      `  on ${host}: ${verdict}`,
      `    can do: ${capabilities.map(({ id, risk }) => `${id} (${risk} risk)`).join(', ') || 'nothing that is asked for'}`,
      ...findings.map((rule) => `    ${rule}`),
    ]),
    `  file   ${file}`,
    'take it over with plugmark mirror sync',
  ].join('\n');
}

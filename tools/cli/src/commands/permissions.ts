import { visible } from '@plugmark/analysis';
import { type InstalledPermissions, sourceWords } from '@plugmark/client';
import { PermissionsResult, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, painter, print, printJson, say } from '../io.ts';
import { collect, consentOptions, keepingOptions, type ManagedOptions, openManaged } from '../open-managed.ts';

interface PermissionsOptions extends ManagedOptions {
  readonly revoke?: readonly string[];
  readonly revokeAll?: true;
  readonly ask?: true;
}

const EXAMPLES = `
Examples:
  plugmark permissions acme/spectral-entropy
  plugmark permissions acme/spectral-entropy --revoke network
  plugmark permissions acme/spectral-entropy --ask`;

export function permissionsCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('permissions')
    .summary('what an installed plugin may do, and taking it back')
    .description(
      'Shows what was agreed to for an installed plugin and when each of it was last used, takes one capability or all of it back, or asks anew. A plugin from which all was taken back cannot be loaded. Needs no network.',
    )
    .argument('<plugin>', 'publisher/name, or a sha256');
  consentOptions(keepingOptions(command))
    .option('--root <file>', 'the root file you trust; with it the screen that was agreed to is shown in full')
    .option(
      '--revoke <capability>',
      'take this back, and let the plugin run without it (repeat it for several)',
      collect,
    )
    .option('--revoke-all', 'take back everything: the plugin cannot be loaded until somebody agrees anew')
    .option('--ask', 'agree anew to the installed version')
    .option('--json', 'one line of JSON (schema: permissions-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (plugin: string, options: PermissionsOptions) => {
      if ([options.revoke, options.revokeAll, options.ask].filter((given) => given !== undefined).length > 1)
        throw new CliError('USAGE', '--revoke, --revoke-all and --ask are three different things: name one');
      const plugins = await openManaged(io, options);
      const before = await plugins.permissions(plugin);
      const { plugin: id } = before;
      requireGranted(before, options.revoke ?? []);
      for (const capability of options.revoke ?? []) {
        await plugins.revoke(id, { capability });
        say(io, `took back ${capability} from ${id}`);
      }
      if (options.revokeAll) {
        await plugins.revoke(id);
        say(io, `took back everything from ${id}`);
      }
      if (options.ask) await plugins.agree(id);
      const found = await plugins.permissions(id);
      if (options.json) printJson(io, resultOf(found));
      else print(io, render(io, found));
      finish(EXIT.ok);
    });
}

/** All of them, before any is taken back. */
function requireGranted({ plugin, capabilities }: InstalledPermissions, named: readonly string[]): void {
  const granted = capabilities.flatMap(({ id, granted: isGranted }) => (isGranted ? [id] : []));
  const unknown = named.filter((id) => !granted.includes(id));
  if (unknown.length === 0) return;
  throw new CliError('NOTHING_FOUND', `${plugin} has no grant for ${unknown.join(', ')}`, {
    hint: granted.length === 0 ? 'it has none' : `it has ${granted.join(', ')}`,
  });
}

function resultOf({ screen, capabilities, ...found }: InstalledPermissions): PermissionsResult {
  const rows = capabilities.map(({ id, granted, lastActivity }) => {
    const row = screen?.rows.find((candidate) => candidate.id === id);
    return {
      id,
      granted,
      ...(lastActivity === undefined ? {} : { lastActivity }),
      ...(row === undefined ? {} : { title: row.title, risk: row.risk }),
    };
  });
  return parse(PermissionsResult, { ...found, capabilities: rows }, 'result');
}

function render(io: Io, found: InstalledPermissions): string {
  const { plugin, version, tier, source, capabilities, screen, lastActivity } = found;
  const paint = painter(io, io.stdout);
  const titles = new Map(screen?.rows.map(({ id, title, risk }) => [id, `${title} (${risk} risk)`]));
  const names = capabilities.map(({ id }) => visible(titles.get(id) ?? id));
  const width = Math.max(...names.map((name) => name.length), 0);
  return [
    `${paint('bold', `${plugin} ${version}`)} (${tier}, ${visible(sourceWords(source))})`,
    `  ${agreementWords(found)}`,
    `  ${lastActivity === undefined ? 'never loaded here' : `last activity ${lastActivity}`}`,
    ...(capabilities.length === 0 ? ['  it may do nothing but compute'] : ['']),
    ...capabilities.map(({ granted, lastActivity: used }, i) => {
      const mark = granted ? paint('good', '✓ may    ') : paint('bad', '✗ may not');
      return `  ${mark}  ${(names[i] ?? '').padEnd(width)}  ${used === undefined ? 'never used' : `used ${used.slice(0, 10)}`}`;
    }),
  ].join('\n');
}

function agreementWords({ consent, by, grantedAt, revokedAt, expires }: InstalledPermissions): string {
  if (consent === 'none') return 'nobody agreed to anything on this computer: plugmark permissions --ask asks';
  if (consent === 'revoked') return `taken back ${revokedAt}: it cannot be loaded; --ask asks anew`;
  if (consent === 'expired') return `agreed to until ${expires}: it cannot be loaded; --ask asks anew`;
  const until = expires === undefined ? '' : `, until ${expires}`;
  return `${by === 'user' ? 'somebody agreed' : 'the policy agreed'} ${grantedAt}${until}`;
}

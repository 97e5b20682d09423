import { visible, wrap } from '@plugmark/analysis';
import { type PermissionScreen, type PluginSource, type Plugins, sourceWords } from '@plugmark/client';
import { InfoResult, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { directSource } from '../direct-source.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, painter, print, printJson } from '../io.ts';
import { keepingOptions, type ManagedOptions, openManaged, registryOptions } from '../open-managed.ts';
import { renderScreen } from '../render-consent.ts';
import { VOUCH_WORDS } from '../source-words.ts';

export function infoCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('info')
    .summary('what a plugin can do, before it is installed')
    .description(
      'Shows the permission screen of the version that would be installed, from signed documents, and why every other version would not be. Of a GitHub repository, an OCI artifact or a file it shows what its code can do, for which nobody vouches.',
    )
    .argument(
      '<plugin>',
      'publisher/name, publisher/name@range, github:owner/repository[@tag], oci://registry/repository@sha256:..., or a .wasm or .zip file',
    );
  registryOptions(keepingOptions(command), { required: false })
    .option('--json', 'one line of JSON (schema: info-result)')
    .action(async (request: string, options: ManagedOptions) => {
      const source = await directSource(io, request);
      if (source === undefined && options.registry === undefined)
        throw new CliError('USAGE', "required option '--registry <url|folder>' not specified", {
          hint: 'plugmark info --help shows how to use it',
        });
      const { result, screen } = await (source === undefined
        ? inform(io, request, options)
        : informFrom(io, source, options));
      if (options.json) printJson(io, result);
      else print(io, render(io, result, screen));
      finish(EXIT.ok);
    });
}

interface Informed {
  readonly result: InfoResult;
  readonly screen: PermissionScreen;
}

async function inform(io: Io, request: string, options: ManagedOptions): Promise<Informed> {
  const plugins = await openManaged(io, options);
  const screen = await plugins.describePermissions(request);
  const { changes, kept, excluded } = await plugins.resolve(request);
  const { listing } = await plugins.document(screen.plugin);
  const tier = [...changes, ...kept].find(({ plugin }) => plugin === screen.plugin)?.tier ?? 'community';
  const { plugin, version } = screen;
  const others = (excluded.get(plugin) ?? []).map((other) => ({ version: other.version, reason: other.reason }));
  const named = { plugin, title: listing.title, summary: listing.summary, version, tier, excluded: others };
  const activity = await activityOf(plugins, plugin);
  return { result: parse(InfoResult, { ...named, ...activity, ...rowsOf(screen) }, 'result'), screen };
}

/** Of what no registry lists. */
async function informFrom(io: Io, source: PluginSource, options: ManagedOptions): Promise<Informed> {
  const plugins = await openManaged(io, options);
  const screen = await plugins.describeFrom(source);
  const { plugin, title, summary = 'its author does not say what it does', version, tier, analysed } = screen;
  const named = { plugin, title, summary, version, tier, source: screen.source, analysed, excluded: [] };
  const activity = await activityOf(plugins, plugin);
  return { result: parse(InfoResult, { ...named, ...activity, ...rowsOf(screen) }, 'result'), screen };
}

async function activityOf(plugins: Plugins, plugin: string): Promise<{ lastActivity?: string }> {
  const entry = (await plugins.list()).find((listed) => listed.plugin === plugin);
  return entry?.lastActivity === undefined ? {} : { lastActivity: entry.lastActivity };
}

function rowsOf({ risk, headline, rows, cannot }: PermissionScreen) {
  const permissions = rows.map(({ id, risk: own, title, sentence, reason, params, seenInCode }) => ({
    id,
    risk: own,
    title,
    sentence,
    ...(reason === undefined ? {} : { reason }),
    params: Object.fromEntries(params.map(({ name, values }) => [name, values])),
    seenInCode,
  }));
  return { risk, headline, permissions, cannot };
}

function render(io: Io, result: InfoResult, screen: PermissionScreen): string {
  const { plugin, version, tier, title, summary, source, analysed, lastActivity, excluded } = result;
  const page = { paint: painter(io, io.stdout), columns: Math.min(100, columnsOf(io, io.stdout) ?? 80) };
  const lines = (text: string): string[] => wrap(visible(text), page.columns - 2).map((line) => `  ${line}`);
  return [
    `${page.paint('bold', `${plugin} ${version}`)} (${tier})`,
    ...lines(`${title}: ${summary}`),
    ...(source === undefined ? [] : lines(`from ${sourceWords(source)}, ${VOUCH_WORDS[source.kind].sentence}`)),
    ...(analysed === false ? lines('nobody looked into its code') : []),
    ...(lastActivity === undefined ? [] : lines(`the installed version last ran ${lastActivity}`)),
    '',
    ...renderScreen(screen, page),
    ...(excluded.length === 0 ? [] : ['', 'other versions:']),
    ...excluded.flatMap((other) => lines(`${other.version}: ${other.reason}`)),
  ].join('\n');
}

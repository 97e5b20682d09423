import { visible, wrap } from '@plugmark/analysis';
import type { Permissions } from '@plugmark/client';
import { InfoResult, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, painter, print, printJson } from '../io.ts';
import { keepingOptions, type ManagedOptions, openManaged, registryOptions } from '../open-managed.ts';
import { renderScreen } from '../render-consent.ts';

export function infoCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('info')
    .summary('what a plugin can do, before it is installed')
    .description(
      'Shows the permission screen of the version that would be installed, from signed documents, and why every other version would not be.',
    )
    .argument('<plugin>', 'publisher/name or publisher/name@range');
  registryOptions(keepingOptions(command))
    .option('--json', 'one line of JSON (schema: info-result)')
    .action(async (request: string, options: ManagedOptions) => {
      const { result, screen } = await inform(io, request, options);
      if (options.json) printJson(io, result);
      else print(io, render(io, result, screen));
      finish(EXIT.ok);
    });
}

async function inform(
  io: Io,
  request: string,
  options: ManagedOptions,
): Promise<{ readonly result: InfoResult; readonly screen: Permissions }> {
  const plugins = await openManaged(io, options);
  const screen = await plugins.describePermissions(request);
  const { changes, kept, excluded } = await plugins.resolve(request);
  const { listing } = await plugins.document(screen.plugin);
  const tier = [...changes, ...kept].find(({ plugin }) => plugin === screen.plugin)?.tier ?? 'community';
  const permissions = screen.rows.map(({ id, risk, title, sentence, reason, params, seenInCode }) => ({
    id,
    risk,
    title,
    sentence,
    ...(reason === undefined ? {} : { reason }),
    params: Object.fromEntries(params.map(({ name, values }) => [name, values])),
    seenInCode,
  }));
  const { plugin, version, risk, headline, cannot } = screen;
  const others = (excluded.get(plugin) ?? []).map((other) => ({ version: other.version, reason: other.reason }));
  const named = { plugin, title: listing.title, summary: listing.summary, version, tier, risk, headline };
  return { result: parse(InfoResult, { ...named, permissions, cannot, excluded: others }, 'result'), screen };
}

function render(io: Io, { plugin, version, tier, title, summary, excluded }: InfoResult, screen: Permissions): string {
  const page = { paint: painter(io, io.stdout), columns: Math.min(100, columnsOf(io, io.stdout) ?? 80) };
  const lines = (text: string): string[] => wrap(visible(text), page.columns - 2).map((line) => `  ${line}`);
  return [
    `${page.paint('bold', `${plugin} ${version}`)} (${tier})`,
    ...lines(`${title}: ${summary}`),
    '',
    ...renderScreen(screen, page),
    ...(excluded.length === 0 ? [] : ['', 'other versions:']),
    ...excluded.flatMap((other) => lines(`${other.version}: ${other.reason}`)),
  ].join('\n');
}

import { visible, wrap } from '@plugmark/analysis';
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
      const plugins = await openManaged(io, options);
      const screen = await plugins.describePermissions(request);
      const { changes, kept, excluded } = await plugins.resolve(request);
      const document = await plugins.document(screen.plugin);
      const tier = [...changes, ...kept].find(({ plugin }) => plugin === screen.plugin)?.tier ?? 'community';
      const result = parse(
        InfoResult,
        {
          plugin: screen.plugin,
          title: document.listing.title,
          summary: document.listing.summary,
          version: screen.version,
          tier,
          risk: screen.risk,
          headline: screen.headline,
          permissions: screen.rows.map(({ id, risk, title, sentence, reason, params, seenInCode }) => ({
            id,
            risk,
            title,
            sentence,
            ...(reason === undefined ? {} : { reason }),
            params: Object.fromEntries(params.map(({ name, values }) => [name, values])),
            seenInCode,
          })),
          cannot: screen.cannot,
          excluded: (excluded.get(screen.plugin) ?? []).map(({ version, reason }) => ({ version, reason })),
        },
        'result',
      );
      const page = { paint: painter(io, io.stdout), columns: Math.min(100, columnsOf(io, io.stdout) ?? 80) };
      if (options.json) printJson(io, result);
      else
        print(
          io,
          [
            `${page.paint('bold', `${result.plugin} ${result.version}`)} (${result.tier})`,
            ...wrap(`${visible(result.title)}: ${visible(result.summary)}`, page.columns - 2).map(
              (line) => `  ${line}`,
            ),
            '',
            ...renderScreen(screen, page),
            ...(result.excluded.length === 0 ? [] : ['', 'other versions:']),
            ...result.excluded.flatMap(({ version, reason }) =>
              wrap(visible(`${version}: ${reason}`), page.columns - 2).map((line) => `  ${line}`),
            ),
          ].join('\n'),
        );
      finish(EXIT.ok);
    });
}

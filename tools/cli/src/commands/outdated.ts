import { OutdatedResult, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, painter, print, printJson } from '../io.ts';
import { keepingOptions, type ManagedOptions, openManaged, registryOptions, requireRegistry } from '../open-managed.ts';
import { wideningWords } from '../policy-words.ts';
import { FIXED_WORDS, fixedAmong } from '../source-words.ts';

export function outdatedCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('outdated')
    .summary('installed plugins that have a newer version')
    .description(
      'Lists installed plugins with a newer version: where an update would go, and what that one can do beyond the present one.',
    );
  registryOptions(keepingOptions(command), { required: false })
    .option('--json', 'one line of JSON (schema: outdated-result)')
    .action(async (options: ManagedOptions) => {
      await requireRegistry(io, options);
      const managed = await openManaged(io, options);
      const rows = await managed.outdated();
      const fixed = fixedAmong(await managed.list());
      const plugins = rows.map(({ plugin, installed, requested, wanted, latest, difference, code }) => ({
        plugin,
        installed,
        requested,
        wanted,
        latest,
        widened: (difference?.widened ?? []).map(wideningWords),
        ...(code === undefined ? {} : { code }),
      }));
      const result = parse(OutdatedResult, { plugins, ...(fixed.length === 0 ? {} : { fixed }) }, 'result');
      if (options.json) printJson(io, result);
      else print(io, render(io, result));
      finish(EXIT.ok);
    });
}

function render(io: Io, { plugins, fixed = [] }: OutdatedResult): string {
  const paint = painter(io, io.stdout);
  const still = fixed.map((plugin) => `${paint('bold', plugin)}  ${FIXED_WORDS}`);
  if (plugins.length === 0)
    return [...still, `everything${still.length === 0 ? '' : ' else'} is at its latest version`].join('\n');
  return plugins
    .flatMap(({ plugin, installed, wanted, latest, widened, code }) => [
      `${paint('bold', plugin)}  ${installed} -> ${wanted}${latest === wanted ? '' : ` (latest ${latest})`}`,
      ...(code === undefined ? [] : [`  no update could be worked out [${code}]`]),
      ...widened.map((words) => `  ${paint('warn', `reaches further, so it waits for consent: ${words}`)}`),
    ])
    .concat(still)
    .join('\n');
}

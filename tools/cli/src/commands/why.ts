import { parse, WhyResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { keepingOptions, type ManagedOptions, openManaged } from '../open-managed.ts';

export function whyCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('why')
    .summary('why a plugin is installed')
    .description('Shows every way from what was asked for to the plugin.')
    .argument('<plugin>', 'publisher/name');
  keepingOptions(command)
    .option('--json', 'one line of JSON (schema: why-result)')
    .action(async (plugin: string, options: ManagedOptions) => {
      const reasons = await (await openManaged(io, options)).why(plugin);
      const result = parse(WhyResult, { plugin, reasons }, 'result');
      if (options.json) printJson(io, result);
      else print(io, render(result));
      finish(EXIT.ok);
    });
}

function render({ reasons }: WhyResult): string {
  return reasons
    .map(({ requested, path }) => {
      const [, ...needed] = path;
      const start = `you asked for ${requested.plugin} ${requested.range}`;
      return [
        start,
        ...needed.map(({ plugin, version }, i) => `${'  '.repeat(i + 1)}which needs ${plugin} ${version}`),
      ].join('\n');
    })
    .join('\n');
}

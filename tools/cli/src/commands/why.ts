import { visible } from '@plugmark/analysis';
import { sourceWords } from '@plugmark/client';
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
      const plugins = await openManaged(io, options);
      const reasons = await plugins.why(plugin);
      const entry = (await plugins.list()).find((listed) => listed.plugin === plugin);
      const result = parse(WhyResult, { plugin, source: entry?.source, reasons }, 'result');
      if (options.json) printJson(io, result);
      else print(io, render(result));
      finish(EXIT.ok);
    });
}

function render({ plugin, source, reasons }: WhyResult): string {
  const ways = reasons
    .map(({ requested, path }) => {
      const [, ...needed] = path;
      const start = `you asked for ${requested.plugin} ${requested.range}`;
      return [
        start,
        ...needed.map(({ plugin, version }, i) => `${'  '.repeat(i + 1)}which needs ${plugin} ${version}`),
      ].join('\n');
    })
    .join('\n');
  return `${ways}\n${plugin} comes from ${visible(sourceWords(source))}`;
}

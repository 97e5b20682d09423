import { visible, wrap } from '@plugmark/analysis';
import { parse, SearchResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, painter, print, printJson, say } from '../io.ts';
import { keepingOptions, type ManagedOptions, openManaged, registryOptions } from '../open-managed.ts';

interface SearchOptions extends ManagedOptions {
  readonly anyHost?: true;
  readonly without?: readonly string[];
}

const EXAMPLES = `
Examples:
  plugmark search entropy --host ddalab --registry https://plugins.example.org/
  plugmark search --without network --host conductor --registry dist`;

export function searchCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('search')
    .summary('find plugins by words')
    .description(
      'Finds plugins whose names or descriptions hold every word. The index is plain JSON that nobody signed: plugmark info shows what is signed.',
    )
    .argument('[words...]', 'every word must occur');
  registryOptions(keepingOptions(command))
    .option('--any-host', 'plugins of every host')
    .option('--without <class...>', 'none that can do this, e.g. network filesystem')
    .option('--json', 'one line of JSON (schema: search-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], options: SearchOptions) => {
      const plugins = await openManaged(io, options);
      const found = await plugins.search(words.join(' '), {
        ...(options.anyHost ? { host: false } : {}),
        without: options.without ?? [],
      });
      const shown = found.map(({ plugin, title, summary, latest, tier, risk, hosts }) => ({
        plugin,
        title,
        summary,
        latest,
        tier,
        risk,
        hosts,
      }));
      const result = parse(SearchResult, { verification: 'notChecked', plugins: shown }, 'result');
      if (options.json) printJson(io, result);
      else {
        print(io, render(io, result));
        say(io, 'nothing of this is checked yet; plugmark info shows what is signed');
      }
      finish(EXIT.ok);
    });
}

function render(io: Io, { plugins }: SearchResult): string {
  if (plugins.length === 0) return 'no plugin matches';
  const paint = painter(io, io.stdout);
  const columns = Math.min(100, columnsOf(io, io.stdout) ?? 80);
  return plugins
    .flatMap(({ plugin, latest, tier, risk, summary }) => [
      `${paint('bold', plugin)} ${latest}  ${tier}, ${risk === 'none' ? 'asks for nothing' : `${risk} risk`}`,
      ...wrap(visible(summary), columns - 2).map((line) => `  ${line}`),
    ])
    .join('\n');
}

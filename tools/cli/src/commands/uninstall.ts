import { parse, UninstallResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { keepingOptions, type ManagedOptions, openManaged } from '../open-managed.ts';

export function uninstallCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('uninstall')
    .summary('remove a plugin, and what only it needed')
    .description('Takes a plugin and what only it needed out of the lockfile, and takes back what was agreed to.')
    .argument('<plugin>', 'publisher/name');
  keepingOptions(command)
    .option('--json', 'one line of JSON (schema: uninstall-result)')
    .action(async (plugin: string, options: ManagedOptions) => {
      const removed = await (await openManaged(io, options)).uninstall(plugin);
      if (options.json) printJson(io, parse(UninstallResult, { removed }, 'result'));
      else print(io, removed.map((id) => `removed ${id}`).join('\n'));
      finish(EXIT.ok);
    });
}

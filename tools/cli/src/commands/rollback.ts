import { parse, RollbackResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { keepingOptions, type ManagedOptions, openManaged, registryOptions } from '../open-managed.ts';

export function rollbackCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('rollback')
    .summary('go back to the version before')
    .description(
      'Goes back to the version that was installed before, which is proved again from what is kept beside its bytes. Needs no network while they are still there; --root is needed.',
    )
    .argument('<plugin>', 'publisher/name');
  registryOptions(keepingOptions(command), { required: false })
    .option('--json', 'one line of JSON (schema: rollback-result)')
    .action(async (plugin: string, options: ManagedOptions) => {
      const { version, sha256 } = await (await openManaged(io, options)).rollback(plugin);
      const result = parse(RollbackResult, { plugin, version, sha256 }, 'result');
      if (options.json) printJson(io, result);
      else print(io, `${plugin} is at ${version} again`);
      finish(EXIT.ok);
    });
}

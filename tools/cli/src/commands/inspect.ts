import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, print, printJson } from '../io.ts';
import { inspectNamed, readInput } from '../read-input.ts';
import { renderInspection } from '../render-inspection.ts';

const EXAMPLES = `
Examples:
  plugmark inspect plugin.wasm
  plugmark inspect plugin.wasm --json | jq .imports`;

export function inspectCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('inspect')
    .summary('print what a file imports, exports and needs')
    .description(
      'Prints what a WebAssembly file is: kind, size, digest, imports, exports, memories, toolchain. It judges nothing.',
    )
    .argument('<file>', 'a .wasm file')
    .option('--json', 'one line of JSON (schema: inspection)')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: { json?: true }) => {
      const inspection = await inspectNamed(await readInput(io, file), file);
      if (options.json) printJson(io, inspection);
      else print(io, renderInspection(inspection, columnsOf(io, io.stdout)));
      finish(EXIT.ok);
    });
}

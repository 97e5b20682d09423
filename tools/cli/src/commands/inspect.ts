import { basename } from 'node:path';
import { renderCycloneDx } from '@plugmark/analysis';
import { canonicalJson, type Inspection } from '@plugmark/schemas';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, print } from '../io.ts';
import { inspectNamed, readInput } from '../read-input.ts';
import { renderInspection } from '../render-inspection.ts';

const EXAMPLES = `
Examples:
  plugmark inspect plugin.wasm
  plugmark inspect plugin.wasm --json | jq .imports
  plugmark inspect plugin.zip --format cyclonedx > bom.json`;

interface InspectOptions {
  readonly format: 'text' | 'json' | 'cyclonedx';
  readonly json?: true;
}

interface Inspected {
  readonly inspection: Inspection;
  readonly bytes: Uint8Array;
  readonly name: string;
}

const RENDERERS: Readonly<
  Record<InspectOptions['format'], (inspected: Inspected, io: Io) => string | Promise<string>>
> = {
  text: ({ inspection }, io) => renderInspection(inspection, columnsOf(io, io.stdout)),
  json: ({ inspection }) => canonicalJson(inspection),
  cyclonedx: ({ bytes, name }) => renderCycloneDx(bytes, { name }),
};

export function inspectCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('inspect')
    .summary('print what a file imports, exports and needs')
    .description(
      'Prints what a plugin file is: kind, size, digest, imports, exports, memories, toolchain; of a zip its files. It judges nothing.',
    )
    .argument('<file>', 'a .wasm file, or the .zip of a process plugin')
    .addOption(
      new Option('--format <format>', 'how to print it; cyclonedx is a bill of materials')
        .choices(['text', 'json', 'cyclonedx'])
        .default('text'),
    )
    .option('--json', 'the same as --format json (schema: inspection)')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: InspectOptions) => {
      const bytes = await readInput(io, file);
      const inspected = { inspection: await inspectNamed(bytes, file), bytes, name: basename(file) };
      print(io, await RENDERERS[options.json ? 'json' : options.format](inspected, io));
      finish(EXIT.ok);
    });
}

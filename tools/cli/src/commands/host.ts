import { draftHostProfile } from '@plugmark/analysis';
import { ABIS, type Abi } from '@plugmark/schemas';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, print, printJson } from '../io.ts';
import { readPlugins } from '../read-plugins.ts';
import { renderDraft, requireHostId, writeDraft } from '../write-draft.ts';

interface InitOptions {
  readonly imports: readonly string[];
  readonly out: string;
  readonly abi?: Abi;
  readonly json?: true;
}

const EXAMPLES = `
A list is JSON (schema: import-list), or what plugmark inspect --json printed:
  [{"module": "acme", "name": "send", "type": "(i32, i32) -> (i32)"}]

Examples:
  plugmark host init acme --imports plugins/ --out registry/hosts/acme.json
  plugmark host init acme --imports offered.json one.wasm --out acme.json`;

export function hostCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const host = program
    .command('host')
    .summary('describe a host application')
    .description('Describes a host application: what its plugins may import and must export.');
  host
    .command('init')
    .summary('draft a host profile from its plugins or its import list')
    .description(
      'Drafts a host profile from what plugins import and export, or from a list of what the host offers. Known imports (WASI, compilers) get their meaning; all others are forbidden until you decide. It never asks and never replaces a file.',
    )
    .argument('<name>', 'id of the host, e.g. acme')
    .requiredOption('--imports <from...>', '.wasm files, folders of them, or lists of imports')
    .requiredOption('--out <file>', 'where to write the draft')
    .addOption(new Option('--abi <abi>', 'calling convention, where it is not recognised').choices([...ABIS]))
    .option('--no-input', 'ask nothing (it never does)')
    .option('--json', 'one line of JSON (schema: host-draft)')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: InitOptions) => {
      const id = requireHostId(name);
      const found = await readPlugins(io, options.imports);
      const draft = draftHostProfile({ host: id, ...found, ...(options.abi !== undefined && { abi: options.abi }) });
      const result = await writeDraft(io, draft, options.out);
      if (options.json) printJson(io, result);
      else print(io, renderDraft(result, columnsOf(io, io.stdout)));
      finish(EXIT.ok);
    });
}

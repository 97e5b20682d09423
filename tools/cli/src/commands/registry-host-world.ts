import { draftHostProfile } from '@plugmark/analysis';
import type { HostWorld } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, print, printJson } from '../io.ts';
import { readWorld } from '../read-world.ts';
import { renderDraft, requireHostId, writeDraft } from '../write-draft.ts';

interface WorldOptions {
  readonly world?: string;
  readonly host?: string;
  readonly out?: string;
  readonly json?: true;
}

const EXAMPLES = `
Without --out it prints the member "world" of a host profile: the text and what
it means. Packages that the world takes from must be among the files.

Examples:
  plugmark registry host-world world.wit
  plugmark registry host-world wit/ --world plugin --host acme --out acme.json`;

export function registryHostWorldCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('host-world')
    .summary('read the WIT world of a host whose plugins are components')
    .description(
      'Reads a WIT world into the form a host profile has it in, and drafts the profile of a host whose plugins are components. What the world imports is forbidden until you decide what it means.',
    )
    .argument('<files...>', '.wit files, or a folder of them')
    .option('--world <name>', 'which world, where there are several')
    .option('--host <name>', 'id of the host, e.g. acme (with --out)')
    .option('--out <file>', 'write a draft of the host profile')
    .option('--json', 'one line of JSON (schema: host-world, with --out: host-draft)')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], options: WorldOptions) => {
      const world = await readWorld(io, files, options.world);
      if (options.out === undefined) printWorld(io, world, options);
      else await draft(io, world, { ...options, out: options.out });
      finish(EXIT.ok);
    });
}

function printWorld(io: Io, world: HostWorld, { json, host }: WorldOptions): void {
  if (host !== undefined) throw new CliError('USAGE', '--host is for a draft', { hint: 'add --out FILE' });
  if (json) printJson(io, world);
  else print(io, JSON.stringify(world, null, 2));
}

async function draft(io: Io, world: HostWorld, options: WorldOptions & { readonly out: string }): Promise<void> {
  if (options.host === undefined)
    throw new CliError('USAGE', 'a draft needs the name of its host', { hint: 'add --host NAME' });
  const host = requireHostId(options.host);
  const drafted = draftHostProfile({ host, plugins: [], offered: [], world });
  const result = await writeDraft(io, drafted, options.out);
  if (options.json) printJson(io, result);
  else print(io, renderDraft(result, columnsOf(io, io.stdout)));
}

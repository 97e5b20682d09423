import { resolve } from 'node:path';
import { visible } from '@plugmark/analysis';
import { LoadResult, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { grouped } from '../numbers.ts';
import { keepingOptions, type ManagedOptions, openManaged } from '../open-managed.ts';
import { replaceFile } from '../replace-file.ts';

interface LoadOptions extends ManagedOptions {
  readonly out?: string;
  readonly correlationId?: string;
}

export function loadCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('load')
    .summary('hand out the bytes of an installed plugin, hashed just now')
    .description(
      'Hands out a plugin as a host would load it: named in the lockfile, not revoked, agreed to, its bytes hashed just now. It is written into the run log. Needs no network.',
    )
    .argument('<plugin>', 'publisher/name, or a sha256');
  keepingOptions(command)
    .option('--out <file>', 'write the bytes here')
    .option('--correlation-id <id>', 'ties the record of the log to one of your own')
    .option('--json', 'one line of JSON (schema: load-result)')
    .action(async (named: string, options: LoadOptions) => {
      const { out, correlationId } = options;
      const plugins = await openManaged(io, options);
      const loaded = await plugins.load(named, correlationId === undefined ? {} : { correlationId });
      const { plugin, version, sha256, kind, bytes, grants } = loaded;
      if (out !== undefined) await replaceFile(resolve(io.cwd, out), bytes);
      const said = { plugin, version, sha256, kind, size: bytes.length, grants: grants.map(({ id }) => id) };
      const result = parse(LoadResult, { ...said, ...(out === undefined ? {} : { out }) }, 'result');
      if (options.json) printJson(io, result);
      else print(io, render(result));
      finish(EXIT.ok);
    });
}

function render({ plugin, version, sha256, size, grants, out }: LoadResult): string {
  return [
    `${plugin} ${version}`,
    `  sha256  ${sha256}`,
    `  bytes   ${grouped(size)}, hashed just now${out === undefined ? '' : `, written to ${visible(out)}`}`,
    `  may     ${grants.length === 0 ? 'do nothing but compute' : grants.join(', ')}`,
  ].join('\n');
}

import { visible } from '@plugmark/analysis';
import { sourceWords } from '@plugmark/client';
import { PluginList, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, painter, print, printJson } from '../io.ts';
import { keepingOptions, type ManagedOptions, openManaged } from '../open-managed.ts';
import { VOUCH_WORDS } from '../source-words.ts';

export function listCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('list')
    .summary('installed plugins, what they may do, when they last ran')
    .description('Lists what the lockfile names, with what was agreed to and the last activity. Needs no network.');
  keepingOptions(command)
    .option('--json', 'one line of JSON (schema: plugin-list)')
    .action(async (options: ManagedOptions) => {
      const plugins = await openManaged(io, options);
      const [{ host }, listed] = [await plugins.lockfile(), await plugins.list()];
      const rows = listed.map(
        ({ plugin, version, sha256, size, source, tier, requested, consent, grants, lastActivity }) => ({
          plugin,
          version,
          sha256,
          size,
          source,
          tier,
          ...(requested === undefined ? {} : { requested }),
          consent,
          grants,
          ...(lastActivity === undefined ? {} : { lastActivity }),
        }),
      );
      const result = parse(PluginList, { host, plugins: rows }, 'result');
      if (options.json) printJson(io, result);
      else print(io, render(io, result));
      finish(EXIT.ok);
    });
}

const CONSENT_WORDS = {
  active: 'may',
  revoked: 'grant taken back',
  expired: 'grant expired',
  none: 'not agreed to',
} as const;

function render(io: Io, { host, plugins }: PluginList): string {
  if (plugins.length === 0) return `nothing is installed for ${host}`;
  const paint = painter(io, io.stdout);
  return plugins
    .flatMap(({ plugin, version, source, tier, requested, consent, grants, lastActivity }) => {
      const what =
        consent === 'active'
          ? grants.length === 0
            ? 'may do nothing but compute'
            : `may: ${grants.join(', ')}`
          : CONSENT_WORDS[consent];
      return [
        `${paint('bold', plugin)} ${version}  ${tier}${fromWords(source)}${requested === undefined ? ', needed by others' : ''}`,
        `  ${paint(consent === 'active' ? 'dim' : 'bad', visible(what))}`,
        `  ${lastActivity === undefined ? 'never loaded here' : `last activity ${lastActivity}`}`,
      ];
    })
    .join('\n');
}

/** A registry's plugins are the ordinary case. */
function fromWords(source: PluginList['plugins'][number]['source']): string {
  return source.kind === 'registry' ? '' : `, from ${visible(sourceWords(source))}, ${VOUCH_WORDS[source.kind].mark}`;
}

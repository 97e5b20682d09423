import { parse, UpdateResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, painter, print, printJson } from '../io.ts';
import {
  consentOptions,
  keepingOptions,
  type ManagedOptions,
  openManaged,
  registryOptions,
  requireRegistry,
} from '../open-managed.ts';
import { wideningWords } from '../policy-words.ts';
import { FIXED_WORDS, fixedAmong } from '../source-words.ts';

export function updateCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('update')
    .summary('take newer versions')
    .description(
      'Takes the newest version that fits, of one plugin or of all; of a plugin from GitHub the newest release, without asking a registry; an OCI artifact is fixed by its digest. A version that can do more than the present one waits until somebody agrees; the others do not wait for it.',
    )
    .argument('[plugin]', 'publisher/name (default: all)');
  consentOptions(registryOptions(keepingOptions(command), { required: false }))
    .option('--json', 'one line of JSON (schema: update-result)')
    .action(async (plugin: string | undefined, options: ManagedOptions) => {
      await requireRegistry(io, options);
      const managed = await openManaged(io, options);
      const outcomes = await managed.update(plugin);
      const fixed = fixedAmong(await managed.list());
      const rows = outcomes.map(({ plugin: id, from, to, state, difference, code }) => ({
        plugin: id,
        from,
        to,
        state,
        ...(fixed.includes(id) ? { fixed: true } : {}),
        widened: (difference?.widened ?? []).map(wideningWords),
        ...(code === undefined ? {} : { code }),
      }));
      const result = parse(UpdateResult, { plugins: rows }, 'result');
      if (options.json) printJson(io, result);
      else print(io, render(io, result));
      finish(exitOf(result));
    });
}

function exitOf({ plugins }: UpdateResult): ExitCode {
  if (plugins.some(({ state }) => state === 'refused' || state === 'rolledBack')) return EXIT.failed;
  return plugins.some(({ state }) => state === 'held') ? EXIT.consent : EXIT.ok;
}

const STATE_WORDS = {
  current: ['dim', 'is current'],
  updated: ['good', 'updated'],
  held: ['warn', 'held until somebody agrees'],
  refused: ['bad', 'refused'],
  rolledBack: ['bad', 'did not work and was taken back'],
} as const;

function render(io: Io, { plugins }: UpdateResult): string {
  if (plugins.length === 0) return 'nothing is installed';
  const paint = painter(io, io.stdout);
  return plugins
    .flatMap(({ plugin, from, to, state, fixed, widened, code }) => {
      const [style, words] = fixed ? (['dim', FIXED_WORDS] as const) : STATE_WORDS[state];
      const way = from === to ? from : `${from} -> ${to}`;
      return [
        `${plugin} ${way}  ${paint(style, words)}${code === undefined ? '' : ` [${code}]`}`,
        ...widened.map((text) => `  it can do more: ${text}`),
      ];
    })
    .join('\n');
}

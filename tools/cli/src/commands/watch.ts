import { visible } from '@plugmark/analysis';
import { memoryStore, openWatch } from '@plugmark/client';
import { Publisher, parse, parseJson, WatchResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, painter, print, printJson, say } from '../io.ts';
import { registryAddress, trustedRoot } from '../open-source.ts';
import { readInput } from '../read-input.ts';
import { watchPublisher } from '../watch-publisher.ts';

interface WatchOptions {
  readonly registry: string;
  readonly root?: string;
  readonly identities?: string;
  readonly json?: true;
}

const EXAMPLE = `
Example, on a schedule in your own repository:
  plugmark watch acme --identities acme.json --root root.json \\
    --registry https://plugins.example.org/`;

export function watchCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('watch')
    .summary('alarm when a registry lists a release its publisher did not sign')
    .description(
      'Checks every release that a registry lists in a publisher’s name, by the publisher’s own list of keys and workflows. Ends with 1 when one of them was not signed by them. It sees what the registry’s index names.',
    )
    .argument('<publisher>', 'the name to watch')
    .requiredOption('--registry <url|folder>', 'where the registry is served')
    .option('--root <file>', 'the root file you trust (default: the development root of this repository)')
    .option(
      '--identities <file>',
      'your publisher file as you keep it (default: what the registry lists, which says less)',
    )
    .option('--json', 'one line of JSON (schema: watch-result)')
    .addHelpText('after', EXAMPLE)
    .action(async (publisher: string, options: WatchOptions) => {
      const result = await watch(io, publisher, options);
      if (options.json) printJson(io, result);
      else print(io, renderWatched(io, result));
      finish(result.alarmed ? EXIT.failed : EXIT.ok);
    });
}

async function watch(io: Io, publisher: string, options: WatchOptions): Promise<WatchResult> {
  const { identities: file } = options;
  const own = file === undefined ? undefined : parseJson(Publisher, await readInput(io, file), file).identities;
  const address = await registryAddress(io, options.registry);
  const client = openWatch({
    url: address.url,
    fetch: address.fetch,
    root: await trustedRoot(io, options.root, (text) => say(io, text)),
    store: memoryStore(),
    now: io.now,
    keyless: () => import('@plugmark/client/node'),
  });
  return parse(WatchResult, await watchPublisher({ client, address }, { publisher, identities: own }), 'result');
}

function renderWatched(io: Io, { publisher, own, releases, alarmed }: WatchResult): string {
  const paint = painter(io, io.stdout);
  const lines = releases.map(({ plugin, version, state, signer, code }) =>
    state === 'verified'
      ? `${paint('good', '✓')} ${plugin} ${version}\n    ${visible(signer ?? '')}`
      : `${paint('bad', '✗')} ${plugin} ${version}\n    not signed by ${own ? 'a key or workflow of yours' : 'what the registry lists'} [${code ?? state}]`,
  );
  const count = `${releases.length} ${releases.length === 1 ? 'release' : 'releases'} of ${publisher}`;
  const verdict = alarmed
    ? paint('bad', 'alarm: somebody releases in this name')
    : paint('good', `${count}, all signed by it`);
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    releases.length === 0 ? `the registry lists nothing of ${publisher}` : verdict,
  ].join('\n');
}

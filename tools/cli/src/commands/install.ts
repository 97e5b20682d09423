import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { visible } from '@plugmark/analysis';
import { openRegistry } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
import { InstallResult, PROCESS_SENTENCE, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson, say } from '../io.ts';
import { grouped } from '../numbers.ts';
import { registryAddress, trustedRoot } from '../open-source.ts';
import { publisherResult } from '../publisher-result.ts';
import { levelWords } from '../render-verification.ts';
import { standingNote } from '../standing-note.ts';

interface InstallOptions {
  readonly registry: string;
  readonly root?: string;
  readonly store: string;
  readonly host?: string;
  readonly out?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark install acme/spectral-entropy --root root.json \\
    --registry https://plugins.example.org/
  plugmark install acme/spectral-entropy@^1.2 --host ddalab@1.0.0 \\
    --registry dist --root root.json`;

export function installCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('install')
    .summary('resolve, verify and store one plugin')
    .description(
      'Resolves a plugin, verifies the whole chain from the root you trust to the bytes, and only then stores them.',
    )
    .argument('<plugin>', 'publisher/name or publisher/name@range')
    .requiredOption('--registry <url|folder>', 'where the registry is served')
    .option('--root <file>', 'the root file you trust (default: the development root of this repository)')
    .option('--store <folder>', 'where verified files are kept', '.plugmark/store')
    .option('--host <host[@api]>', 'the host application, e.g. ddalab@1.0.0')
    .option('--out <file>', 'also write the verified bytes here')
    .option('--json', 'one line of JSON (schema: install-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (plugin: string, options: InstallOptions) => {
      const installed = await install(io, plugin, options);
      if (options.json) printJson(io, installed);
      else print(io, renderInstalled(installed, options));
      finish(EXIT.ok);
    });
}

async function install(
  io: Io,
  plugin: string,
  { registry, root, store, host, out }: InstallOptions,
): Promise<InstallResult> {
  const { url, fetch } = await registryAddress(io, registry);
  const trusted = await trustedRoot(io, root, (text) => say(io, text));
  const [id, api] = host?.split('@') ?? [];
  const client = openRegistry({
    url,
    fetch,
    root: trusted,
    store: fileStore(resolve(io.cwd, store)),
    now: io.now,
    keyless: () => import('@plugmark/client/node'),
    ...(id === undefined ? {} : { host: api === undefined ? { id } : { id, api } }),
  });
  const { standing, ...installed } = await client.install(plugin);
  const note = standingNote(standing);
  if (note !== undefined) say(io, `warning: ${visible(note.reason)}`);
  if (out !== undefined) await writeFile(resolve(io.cwd, out), await client.load(installed.sha256));
  const shown = { publisher: publisherResult(installed.publisher), ...(note === undefined ? {} : { standing: note }) };
  return parse(InstallResult, { ...installed, ...shown, store }, 'result');
}

function renderInstalled(
  { plugin, version, kind, tier, sha256, size, publisher, registry, store }: InstallResult,
  { out }: InstallOptions,
): string {
  return [
    `installed ${plugin} ${version}`,
    `  tier       ${tier}`,
    `  bytes      ${grouped(size)}, verified`,
    `  sha256     ${sha256}`,
    `  publisher  signed ${publisher.workflow === undefined ? 'with key' : 'by'} ${visible(publisher.signer)}`,
    `  registry   ${registry.state === 'verified' ? `co-signed: ${levelWords(registry.levels).replaceAll(', ', ',\n             ')}` : 'not co-signed'}`,
    ...(kind === 'process' ? [`  runs as    a program of its own. ${PROCESS_SENTENCE}`] : []),
    `  stored in  ${visible(store)}${out === undefined ? '' : `, and as ${visible(out)}`}`,
  ].join('\n');
}

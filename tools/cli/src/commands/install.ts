import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { visible } from '@plugmark/analysis';
import { openRegistry, type PluginSource, type Plugins, sourceWords } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
import { InstallResult, PROCESS_SENTENCE, parse, RestoreResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { directSource } from '../direct-source.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson, say } from '../io.ts';
import { grouped } from '../numbers.ts';
import {
  consentOptions,
  keepingOptions,
  type ManagedOptions,
  openManaged,
  registryOptions,
  requireRegistry,
} from '../open-managed.ts';
import { registryAddress, trustedRoot } from '../open-source.ts';
import { publisherResult } from '../publisher-result.ts';
import { levelWords } from '../render-verification.ts';
import { VOUCH_WORDS } from '../source-words.ts';
import { standingNote } from '../standing-note.ts';

interface InstallOptions extends ManagedOptions {
  readonly out?: string;
  readonly frozen?: true;
}

const EXAMPLES = `
Examples:
  plugmark install acme/spectral-entropy@^1.2 --host ddalab@1.0.0 \\
    --root root.json --registry https://plugins.example.org/
  plugmark install github:octo/lamp --host ddalab@1.0.0
  plugmark install oci://ghcr.io/octo/lamp@sha256:... --host parseltongue
  plugmark install ./build/lamp.wasm --host ddalab@1.0.0
  plugmark install --frozen --root root.json`;

export function installCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('install')
    .summary('resolve, verify and store a plugin, or what the lockfile names')
    .description(
      'Resolves a plugin, verifies the whole chain from the root you trust to the bytes, and only then stores them. For a host it also brings what the plugin needs, asks what it may do, and writes the lockfile; without a plugin it brings what the lockfile names. For a GitHub repository, an OCI artifact or a file nobody vouches: its code is looked into here, and what it can do is asked.',
    )
    .argument(
      '[plugin]',
      'publisher/name, publisher/name@range, github:owner/repository[@tag], oci://registry/repository@sha256:..., or a .wasm or .zip file',
    );
  consentOptions(keepingOptions(registryOptions(command, { required: false })))
    .option('--frozen', 'only prove what the lockfile names, offline, and change nothing')
    .option('--out <file>', 'also write the verified bytes here')
    .option('--json', 'one line of JSON (schema: install-result; without a plugin restore-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (plugin: string | undefined, options: InstallOptions) => {
      const source = plugin === undefined ? undefined : await directSource(io, plugin);
      if (plugin !== undefined && options.frozen)
        throw new CliError('USAGE', '--frozen proves the whole lockfile: name no plugin');
      if (source === undefined && options.frozen !== true) {
        if (plugin === undefined) await requireRegistry(io, options);
        else if (options.registry === undefined) throw MISSING_REGISTRY;
      }
      if (plugin === undefined) await restore(io, options);
      else if (source !== undefined) await installFrom(io, source, options);
      else await installOne(io, plugin, options);
      finish(EXIT.ok);
    });
}

const MISSING_REGISTRY = new CliError('USAGE', "required option '--registry <url|folder>' not specified", {
  hint: 'plugmark install --help shows how to use it',
});

/** What no registry lists, always for a host: nobody else says what it may do. */
async function installFrom(io: Io, source: PluginSource, options: InstallOptions): Promise<void> {
  const plugins = await openManaged(io, options);
  const { title: _, capabilityHash, ...outcome } = await plugins.installFrom(source);
  const { host } = await plugins.lockfile();
  if (options.out !== undefined)
    await writeFile(resolve(io.cwd, options.out), (await plugins.load(outcome.plugin)).bytes);
  const shown = { ...outcome, capabilityHashes: { [host]: capabilityHash }, store: options.store };
  const installed = parse(InstallResult, shown, 'result');
  if (options.json) printJson(io, installed);
  else print(io, renderInstalled(installed, options));
}

async function installOne(io: Io, plugin: string, options: InstallOptions): Promise<void> {
  const isManaged = options.host !== undefined || existsSync(resolve(io.cwd, options.lockfile));
  const installed = await (isManaged ? installFor(io, plugin, options) : install(io, plugin, options));
  if (options.json) printJson(io, installed);
  else print(io, renderInstalled(installed, options));
}

/** For a host: with consent, dependencies, lockfile and log. */
async function installFor(io: Io, request: string, options: InstallOptions): Promise<InstallResult> {
  const plugins = await openManaged(io, options);
  const outcomes = await plugins.install(request);
  const [id = ''] = request.split('@');
  const main = outcomes.find(({ plugin }) => plugin === id);
  if (main === undefined) return already(plugins, id, options);
  const { standing, publisher, requested: _, excluded: __, grants, ...installed } = main;
  const note = standingNote(standing);
  if (note !== undefined) say(io, `warning: ${visible(note.reason)}`);
  if (options.out !== undefined) await writeFile(resolve(io.cwd, options.out), (await plugins.load(id)).bytes);
  const dependencies = outcomes.flatMap(({ plugin, version, sha256 }) =>
    plugin === id ? [] : [{ plugin, version, sha256 }],
  );
  return parse(
    InstallResult,
    {
      ...installed,
      publisher: publisherResult(publisher),
      ...(note === undefined ? {} : { standing: note }),
      store: options.store,
      grants,
      ...(dependencies.length === 0 ? {} : { dependencies }),
    },
    'result',
  );
}

/** Nothing new came: it is what is there, verified when it was installed. */
async function already(plugins: Plugins, id: string, { store }: InstallOptions): Promise<InstallResult> {
  const entry = (await plugins.list()).find(({ plugin }) => plugin === id);
  if (entry === undefined) throw new CliError('NOTHING_FOUND', `${id} is not installed`);
  const { plugin, version, sha256, size, kind, tier, levels, signer, capabilityHash, grants } = entry;
  const signed =
    signer.kind === 'key' ? signer.keyId : `repository ${signer.kind === 'keyless' ? signer.repositoryId : 'none'}`;
  return parse(
    InstallResult,
    {
      plugin,
      version,
      sha256,
      size,
      kind,
      tier,
      publisher: { state: 'verified', signer: signed },
      registry: { state: levels.length > 0 ? 'verified' : 'notSigned', levels },
      capabilityHashes: { [(await plugins.lockfile()).host]: capabilityHash },
      store,
      grants,
    },
    'result',
  );
}

async function restore(io: Io, options: InstallOptions): Promise<void> {
  const plugins = await (await openManaged(io, options)).restore(options.frozen ? { frozen: true } : {});
  const result = parse(RestoreResult, { plugins }, 'result');
  if (options.json) return printJson(io, result);
  const lines = result.plugins.map(({ plugin, version, state }) => `${plugin} ${version}  ${state}`);
  print(io, lines.join('\n') || 'the lockfile names nothing');
}

/** For nobody in particular: verified and stored, nothing more. */
async function install(io: Io, plugin: string, { registry, root, store, out }: InstallOptions): Promise<InstallResult> {
  const { url, fetch } = await registryAddress(io, registry as string);
  const trusted = await trustedRoot(io, root, (text) => say(io, text));
  const client = openRegistry({
    url,
    fetch,
    root: trusted,
    store: fileStore(resolve(io.cwd, store)),
    now: io.now,
    keyless: () => import('@plugmark/client/node'),
  });
  const { standing, ...installed } = await client.install(plugin);
  const note = standingNote(standing);
  if (note !== undefined) say(io, `warning: ${visible(note.reason)}`);
  if (out !== undefined) await writeFile(resolve(io.cwd, out), await client.load(installed.sha256));
  const shown = { publisher: publisherResult(installed.publisher), ...(note === undefined ? {} : { standing: note }) };
  return parse(InstallResult, { ...installed, ...shown, store }, 'result');
}

function renderInstalled(installed: InstallResult, { out }: InstallOptions): string {
  const { plugin, version, tier, sha256, size, source, grants, dependencies = [], kind, store } = installed;
  return [
    `installed ${plugin} ${version}`,
    ...(source === undefined ? [] : [`  from       ${visible(sourceWords(source))}`]),
    `  tier       ${tier}`,
    `  bytes      ${grouped(size)}${source === undefined ? ', verified' : ''}`,
    `  sha256     ${sha256}`,
    ...markLines(installed),
    ...(kind === 'process' ? [`  runs as    a program of its own. ${PROCESS_SENTENCE}`] : []),
    ...(grants === undefined ? [] : [`  may        ${grantWords(kind, grants)}`]),
    ...dependencies.map((needed) => `  needs      ${needed.plugin} ${needed.version}`),
    `  stored in  ${visible(store)}${out === undefined ? '' : `, and as ${visible(out)}`}`,
  ].join('\n');
}

function grantWords(kind: InstallResult['kind'], grants: readonly string[]): string {
  // No list of grants bounds a program.
  if (kind === 'process') return `anything your account can, and asks for ${grants.join(', ') || 'nothing'}`;
  return grants.length === 0 ? 'do nothing but compute' : grants.join(', ');
}

function markLines({ publisher, registry, source, analysed }: InstallResult): string[] {
  if (source !== undefined)
    return [
      `  publisher  ${VOUCH_WORDS[source.kind].sentence}`,
      '  registry   not signed: no registry lists it, and none will revoke it',
      `  code       ${analysed ? 'looked into here' : 'nobody looked into it'}`,
    ];
  const { signer = '', workflow } = publisher;
  const marks = levelWords(registry.levels).replaceAll(', ', ',\n             ');
  return [
    `  publisher  signed ${workflow === undefined ? 'with key' : 'by'} ${visible(signer)}`,
    `  registry   ${registry.state === 'verified' ? `co-signed: ${marks}` : 'not co-signed'}`,
  ];
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { visible } from '@plugmark/analysis';
import { blobPath, type LoadedPlugin, type PackageDocument, type Plugins, sourceWords } from '@plugmark/client';
import { detachedSigner } from '@plugmark/publish';
import { LoadResult, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { addToConfig } from '../add-to-config.ts';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { type Layout, layOutPlugin } from '../lay-out-plugin.ts';
import { grouped } from '../numbers.ts';
import { keepingOptions, type ManagedOptions, openManaged, registryOptions } from '../open-managed.ts';
import { type RegistryAddress, registryAddress } from '../open-source.ts';
import { readView } from '../registry-file.ts';
import { replaceFile } from '../replace-file.ts';

interface LoadOptions extends ManagedOptions {
  readonly out?: string;
  readonly correlationId?: string;
  readonly into?: string;
  readonly config?: string;
}

export function loadCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('load')
    .summary('hand out the bytes of an installed plugin, hashed just now')
    .description(
      'Hands out a plugin as a host would load it: named in the lockfile, not revoked, agreed to, its bytes hashed just now. It is written into the run log. Needs no network.',
    )
    .argument('<plugin>', 'publisher/name, or a sha256');
  registryOptions(keepingOptions(command), { required: false })
    .option('--out <file>', 'write the bytes here')
    .option('--into <folder>', 'lay the plugin out as its host reads it (needs --registry)')
    .option('--config <file>', 'with --into: also add the entry to the host’s configuration')
    .option('--correlation-id <id>', 'ties the record of the log to one of your own')
    .option('--json', 'one line of JSON (schema: load-result)')
    .action(async (named: string, options: LoadOptions) => {
      const { out, correlationId } = options;
      const plugins = await openManaged(io, options);
      const loaded = await plugins.load(named, correlationId === undefined ? {} : { correlationId });
      const { plugin, version, sha256, kind, bytes, grants } = loaded;
      if (out !== undefined) await writeFile(resolve(io.cwd, out), bytes);
      const layout = options.into === undefined ? undefined : await layOut(io, { plugins, loaded }, options);
      const said = { plugin, version, sha256, kind, size: bytes.length, grants: grants.map(({ id }) => id) };
      const result = parse(LoadResult, { ...said, ...(out === undefined ? {} : { out }) }, 'result');
      if (options.json) printJson(io, result);
      else print(io, [render(result), ...(layout === undefined ? [] : renderLayout(layout, options))].join('\n'));
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

async function layOut(
  io: Io,
  { plugins, loaded }: { readonly plugins: Plugins; readonly loaded: LoadedPlugin },
  { registry, into = '', config }: LoadOptions,
): Promise<Layout> {
  if (registry === undefined)
    throw new CliError('USAGE', "--into takes the host’s profile from the registry: option '--registry' is missing");
  const source = (await plugins.list()).find(({ sha256 }) => sha256 === loaded.sha256)?.source;
  // A registry may list another plugin of that name; what it says is not about these bytes.
  if (source !== undefined && source.kind !== 'registry')
    throw new CliError(
      'RELEASE_UNKNOWN',
      `${loaded.plugin} comes from ${sourceWords(source)}, and no registry says how its host reads it`,
      {
        hint: 'write its bytes with --out, and put its author’s manifest beside them',
      },
    );
  const [profile, document] = [await plugins.profile(), await plugins.document(loaded.plugin)];
  const release = document.releases.find(({ release: { value } }) => value.artifact.sha256 === loaded.sha256);
  if (release === undefined)
    throw new CliError('RELEASE_UNKNOWN', `${loaded.plugin} ${loaded.version} is not listed any more`);
  const address = await registryAddress(io, registry);
  const path = blobPath(loaded);
  const suffix = profile.detachedSignature?.suffix;
  const signature =
    suffix === undefined ? undefined : await checkedSignature(address, `${path}${suffix}`, { loaded, document });
  const url = `${address.folder === undefined ? address.url : `${registry}/`}${path}`;
  const layout = layOutPlugin({ loaded, profile, document, release, url, signature });
  for (const [name, bytes] of layout.files) {
    const file = resolve(io.cwd, into, name);
    await mkdir(dirname(file), { recursive: true });
    await replaceFile(file, bytes);
  }
  if (config !== undefined) {
    const file = resolve(io.cwd, config);
    await replaceFile(file, addToConfig(await textAt(file), layout.snippets, config));
  }
  return layout;
}

/** A host that checks one would refuse a wrong one later, without saying why. */
async function checkedSignature(
  address: RegistryAddress,
  path: string,
  { loaded, document }: { readonly loaded: LoadedPlugin; readonly document: PackageDocument },
): Promise<Uint8Array | undefined> {
  const bytes = await readView(address, path);
  const identities = document.publisher.identities.filter((identity) => identity.kind === 'key');
  if (bytes === undefined || detachedSigner(bytes, loaded.bytes, identities) !== undefined) return bytes;
  throw new CliError('KEY_UNLISTED', `${path} is not a signature by a key of ${loaded.plugin.split('/')[0]}`);
}

async function textAt(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
}

function renderLayout({ files, snippets, unsigned }: Layout, { into = '', config }: LoadOptions): string[] {
  return [
    ...[...files.keys()].map((name) => `  wrote   ${visible(join(into, name))}`),
    ...(config === undefined ? [] : [`  wrote   ${visible(config)}`]),
    ...(unsigned ? ['  note    no detached signature is served; the host may refuse the plugin'] : []),
    ...snippets.flatMap(({ title, language, text }) =>
      // How to install it with this very command is no news here.
      language === 'sh'
        ? []
        : [
            '',
            visible(title),
            ...text
              .trimEnd()
              .split('\n')
              .map((line) => `│ ${visible(line)}`),
          ],
    ),
  ];
}

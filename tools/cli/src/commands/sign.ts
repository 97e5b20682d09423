import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type FileTree, jsonFile, keySigner, makeRelease, sha256, signRelease, writeTree } from '@plugmark/publish';
import { Registry, Sources, parse, parseJson } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { type ManifestFolder, readManifestFolder } from '../manifest-folder.ts';
import { readInput } from '../read-input.ts';
import { hostProfile, registryFolder } from '../registry-folder.ts';

interface SignOptions {
  readonly key: string;
  readonly source: string[];
  readonly registry?: string;
  readonly out?: string;
  readonly json?: true;
}

export function signCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('sign')
    .summary('make the signed release of a plugin folder')
    .description('Turns a folder with a manifest into release.json and signs it: your mark on these bytes, under this name and version, for this registry. Writes the version folder to submit.')
    .argument('<folder>', 'a folder with a manifest')
    .requiredOption('--key <file>', 'your private key (PEM)')
    .requiredOption('--source <uri...>', 'where the bytes can be fetched: https://..., npm:package@version#file, github:owner/repo@tag#asset')
    .option('--registry <folder>', 'data of the registry you sign for (default: the nearest registry/)')
    .option('--out <folder>', 'where to write (default: the version’s place in the registry)')
    .option('--json', 'one line of JSON')
    .action(async (folder: string, options: SignOptions) => {
      const result = await sign(io, folder, options);
      if (options.json) printJson(io, result);
      else print(io, `signed ${result.plugin} ${result.version}\n  artifact  sha256:${result.sha256}\n  manifest  sha256:${result.manifestSha256}\n  key       ${result.keyId}\n  written   ${result.out}`);
      finish(EXIT.ok);
    });
}

interface SignResult {
  readonly plugin: string;
  readonly version: string;
  readonly sha256: string;
  readonly manifestSha256: string;
  readonly keyId: string;
  readonly out: string;
}

async function sign(io: Io, folder: string, options: SignOptions): Promise<SignResult> {
  const registryData = registryFolder(io, options.registry);
  const registry = parseJson(Registry, new Uint8Array(await readFile(join(registryData, 'registry.json'))), 'registry.json');
  const signer = keySigner(new TextDecoder().decode(await readInput(io, options.key)), options.key);
  const { manifest, files } = await readManifestFolder(io, resolve(io.cwd, folder), registryData);
  const host = manifest.host ?? manifest.targets?.[0]?.host;
  const release = makeRelease(manifest, files, host === undefined ? undefined : await hostProfile(registryData, host));
  const signed = await signRelease(release, { registry: registry.id, signer });
  const sources = parse(Sources, { schemaVersion: 1, sources: options.source }, '--source');
  const out = options.out ?? join(registryData, 'plugins', release.plugin, release.version);
  await writeTree(resolve(io.cwd, out), versionFolder(signed, sources, files));
  return { plugin: release.plugin, version: release.version, sha256: release.artifact.sha256, manifestSha256: sha256(signed.release), keyId: signer.keyId, out };
}

function versionFolder(signed: { release: Uint8Array; bundle: Uint8Array }, sources: Sources, { readme, vectors }: ManifestFolder['files']): FileTree {
  return new Map([
    ['release.json', signed.release],
    ['publisher.sigstore.json', signed.bundle],
    ['sources.json', jsonFile(sources)],
    ...(readme === undefined ? [] : [['README.md', readme] as const]),
    ...vectors.map(({ name, bytes }) => [`vectors/${name}.json`, bytes] as const),
  ]);
}

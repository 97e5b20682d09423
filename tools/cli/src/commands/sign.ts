import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseBundle } from '@plugmark/client/trust';
import {
  detachedSignature,
  type FileTree,
  jsonFile,
  makeRelease,
  readFolder,
  type StatementSigner,
  sha256,
  signRelease,
  writeTree,
} from '@plugmark/publish';
import { parse, parseJson, Registry, type Release, type SignResult, Sources, SourceUri } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { type ManifestFolder, readManifestFolder } from '../manifest-folder.ts';
import { requireOwnFolder } from '../own-folder.ts';
import type { PassphraseOptions } from '../passphrase.ts';
import { hostProfile, registryFolder } from '../registry-folder.ts';
import { releaseAssets } from '../release-assets.ts';
import { releaseSigner, type SignerOptions } from '../release-signer.ts';
import { signAgain, writeBundle } from '../sign-again.ts';

interface SignOptions extends SignerOptions, PassphraseOptions {
  readonly source?: string[];
  readonly registry?: string;
  readonly out?: string;
  readonly assets?: string;
  readonly json?: true;
}

const SOURCE_FORMS = 'https://..., npm:package@version#file or github:owner/repo@tag#asset';

const EXAMPLE = `
Examples:
  plugmark sign my-plugin/ --key acme.pem \\
    --source npm:my-plugin@1.2.0#plugin.wasm
  plugmark sign my-plugin/ --keyless \\
    --source github:acme/my-plugin@v1.2.0#plugin.wasm`;

export function signCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('sign')
    .summary('make the signed release of a plugin folder')
    .description(
      'Turns a folder with a manifest into release.json and signs it: your mark on these bytes, under this name and version, for this registry. Writes the version folder to submit.',
    )
    .argument('<folder>', 'a folder with a manifest; or a version folder, whose release is signed again')
    .option('--key <file>', 'sign with your private key: sealed (key.json) or PEM')
    .option('--passphrase-file <file>', 'for a sealed key: a file with the passphrase (or set PLUGMARK_PASSPHRASE)')
    .option('--keyless', 'sign as the workflow this runs in: a certificate for ten minutes, publicly logged')
    .option(
      '--identity-token <token>',
      'for --keyless: the token to use (default: SIGSTORE_ID_TOKEN, else the job’s own)',
    )
    .option(
      '--signing-config <file>',
      'for --keyless: which services (default: trust/signing_config.json of the registry)',
    )
    .option('--timestamp-url <url>', 'for --key: have the signature timestamped here')
    .option('--source <uri...>', `where the bytes can be fetched: ${SOURCE_FORMS}`)
    .option('--registry <folder>', 'data of the registry you sign for (default: the nearest registry/)')
    .option('--out <folder>', 'where to write (default: the version’s place in the registry)')
    .option('--assets <folder>', 'also write the files to attach to a GitHub release that the registry watches')
    .option('--no-input', 'never ask')
    .option('--json', 'one line of JSON (schema: sign-result)')
    .addHelpText('after', EXAMPLE)
    .action(async (folder: string, options: SignOptions) => {
      const result = await sign(io, folder, options);
      if (options.json) printJson(io, result);
      else print(io, renderSigned(result));
      finish(EXIT.ok);
    });
}

function renderSigned({
  plugin,
  version,
  sha256: artifact,
  manifestSha256,
  keyId,
  identity,
  detached,
  out,
}: SignResult): string {
  return [
    `signed ${plugin} ${version}`,
    `  artifact  sha256:${artifact}`,
    `  manifest  sha256:${manifestSha256}`,
    keyId === undefined ? `  identity  ${identity}` : `  key       ${keyId}`,
    ...(detached === undefined
      ? []
      : [`  detached  ${detached ? 'plugin.wasm.sig' : 'none: the host reads Ed25519 signatures only'}`]),
    `  written   ${out}`,
  ].join('\n');
}

async function sign(io: Io, folder: string, options: SignOptions): Promise<SignResult> {
  const isRelease = existsSync(join(resolve(io.cwd, folder), 'release.json'));
  return isRelease ? signExisting(io, folder, options) : signNew(io, folder, options);
}

/** A version folder: the release stays, its bundle is made anew. */
async function signExisting(io: Io, folder: string, options: SignOptions): Promise<SignResult> {
  const registryData = registryFolder(io, options.registry);
  const signer = await releaseSigner(io, registryData, options);
  const registry = await registryId(registryData);
  const signed = await signAgain(resolve(io.cwd, folder), { registry, signer, named: folder });
  const out = options.out ?? folder;
  await writeBundle(io, join(out, 'publisher.sigstore.json'), signed.bundle);
  const { plugin, version, artifact } = signed.release;
  if (options.assets !== undefined) await writeAssets(io, options.assets, await readFolder(resolve(io.cwd, out)));
  return {
    plugin,
    version,
    sha256: artifact.sha256,
    manifestSha256: signed.manifestSha256,
    ...signerFields(signer, signed.bundle),
    out,
  };
}

async function registryId(registryData: string): Promise<string> {
  const bytes = new Uint8Array(await readFile(join(registryData, 'registry.json')));
  return parseJson(Registry, bytes, 'registry.json').id;
}

async function signNew(io: Io, folder: string, options: SignOptions): Promise<SignResult> {
  const registryData = registryFolder(io, options.registry);
  const sources = readSources(options.source);
  const registry = await registryId(registryData);
  const signer = await releaseSigner(io, registryData, options);
  const { manifest, files } = await readManifestFolder(io, resolve(io.cwd, folder), registryData);
  const host = manifest.host ?? manifest.targets?.[0]?.host;
  const release = makeRelease(manifest, files, host === undefined ? undefined : await hostProfile(registryData, host));
  const signed = await signRelease(release, { registry, signer });
  const detached = await detachedFile(release, files.artifact.bytes, { signer, registryData });
  const out = options.out ?? join(registryData, 'plugins', release.plugin, release.version);
  await requireOwnFolder(resolve(io.cwd, out), { holds: 'release.json', named: options.out ?? out });
  const version = versionFolder({ ...signed, detached: detached?.file }, sources, files);
  await writeTree(resolve(io.cwd, out), version);
  if (options.assets !== undefined) await writeAssets(io, options.assets, version);
  return {
    plugin: release.plugin,
    version: release.version,
    sha256: release.artifact.sha256,
    manifestSha256: sha256(signed.release),
    ...signerFields(signer, signed.bundle),
    ...(detached === undefined ? {} : { detached: detached.file !== undefined }),
    out,
  };
}

async function writeAssets(io: Io, named: string, version: FileTree): Promise<void> {
  const folder = resolve(io.cwd, named);
  await requireOwnFolder(folder, { holds: 'release.json', named });
  await writeTree(folder, releaseAssets(version));
}

/** Of a keyless bundle the certificate says who signed; this reads it for the output and judges nothing. */
function signerFields(signer: StatementSigner, bundle: Uint8Array): { keyId: string } | { identity: string } {
  if (!('kind' in signer)) return { keyId: signer.keyId };
  const { certificate } = parseBundle(bundle);
  const names = certificate === undefined ? undefined : new X509Certificate(certificate).subjectAltName;
  return { identity: names?.replace(/^(?:URI|email):/, '') ?? 'unnamed' };
}

/** Undefined when no host of the release reads such a file. */
async function detachedFile(
  release: Release,
  artifact: Uint8Array,
  { signer, registryData }: { signer: StatementSigner; registryData: string },
): Promise<{ file: Uint8Array | undefined } | undefined> {
  const hosts = await Promise.all(release.targets.map(({ host }) => hostProfile(registryData, host)));
  if (!hosts.some(({ detachedSignature: wanted }) => wanted !== undefined)) return undefined;
  return { file: 'kind' in signer ? undefined : detachedSignature(artifact, signer) };
}

function readSources(named: readonly string[] | undefined): Sources {
  if (named === undefined)
    throw new CliError('USAGE', 'name with --source where the bytes can be fetched', { hint: SOURCE_FORMS });
  const wrong = named.find((source) => !SourceUri.safeParse(source).success);
  if (wrong !== undefined)
    throw new CliError('USAGE', `--source ${wrong} is none of the forms`, { hint: SOURCE_FORMS });
  return parse(Sources, { schemaVersion: 1, sources: named }, '--source');
}

function versionFolder(
  signed: { release: Uint8Array; bundle: Uint8Array; detached: Uint8Array | undefined },
  sources: Sources,
  { readme, vectors }: ManifestFolder['files'],
): FileTree {
  return new Map([
    ['release.json', signed.release],
    ['publisher.sigstore.json', signed.bundle],
    ['sources.json', jsonFile(sources)],
    ...(signed.detached === undefined ? [] : [['plugin.wasm.sig', signed.detached] as const]),
    ...(readme === undefined ? [] : [['README.md', readme] as const]),
    ...vectors.map(({ name, bytes }) => [`vectors/${name}.json`, bytes] as const),
  ]);
}

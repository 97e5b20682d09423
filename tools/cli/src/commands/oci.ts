import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ociText } from '@plugmark/client';
import { sha256 } from '@plugmark/publish';
import { OciResult, parse } from '@plugmark/schemas';
import { DEFAULT_LIMITS } from '@plugmark/wasm';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { fileSize } from '../numbers.ts';
import { parseReference, parseTarget } from '../oci/oci-reference.ts';
import { type OciCredentials, ociRegistry } from '../oci/oci-registry.ts';
import { pullBundles, pullWasm, pushWasm } from '../oci/wasm-artifact.ts';
import { readInput } from '../read-input.ts';
import { replaceFile } from '../replace-file.ts';

interface PushOptions {
  readonly to: string;
  readonly bundle: string[];
  readonly json?: true;
}

interface PullOptions {
  readonly out: string;
  readonly bundles?: string;
  readonly json?: true;
}

const PUSH_EXAMPLE = `
Example:
  plugmark oci push plugin.wasm --to ghcr.io/acme/thing:1.2.0 \\
    --bundle publisher.sigstore.json`;

const PULL_EXAMPLE = `
Example:
  plugmark oci pull oci://ghcr.io/acme/thing@sha256:... --out plugin.wasm`;

export function ociCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const oci = program
    .command('oci')
    .summary('push and pull plugins as OCI artifacts')
    .description('Pushes and pulls plugins as Wasm OCI artifacts, with Sigstore bundles as their referrers.');
  oci
    .command('push')
    .summary('push a plugin and its bundles to an OCI registry')
    .description(
      'Pushes a module or component as a Wasm OCI artifact and attaches Sigstore bundles to it. The reference that is printed names it by digest: it is what goes into sources.json. Credentials: PLUGMARK_OCI_USERNAME and PLUGMARK_OCI_PASSWORD.',
    )
    .argument('<file>', 'a .wasm file')
    .requiredOption('--to <registry/repository:tag>', 'where to push it')
    .option('--bundle <file...>', 'Sigstore bundles about it', [])
    .option('--json', 'one line of JSON (schema: oci-result)')
    .addHelpText('after', PUSH_EXAMPLE)
    .action(async (file: string, options: PushOptions) => {
      const result = await push(io, file, options);
      if (options.json) printJson(io, result);
      else print(io, render('pushed', result));
      finish(EXIT.ok);
    });
  oci
    .command('pull')
    .summary('fetch a plugin by the digest of its OCI manifest')
    .description(
      'Fetches the module or component of a Wasm OCI artifact and compares every digest on the way. A tag is refused: what it names may be another thing tomorrow. Bundles are written as they came; plugmark verify judges a plugin.',
    )
    .argument('<reference>', 'oci://registry/repository@sha256:...')
    .requiredOption('--out <file>', 'where to write the bytes')
    .option('--bundles <folder>', 'where to write Sigstore bundles that refer to it')
    .option('--json', 'one line of JSON (schema: oci-result)')
    .addHelpText('after', PULL_EXAMPLE)
    .action(async (reference: string, options: PullOptions) => {
      const result = await pull(io, reference, options);
      if (options.json) printJson(io, result);
      else print(io, render('pulled', result));
      finish(EXIT.ok);
    });
}

async function push(io: Io, file: string, { to, bundle }: PushOptions): Promise<OciResult> {
  const target = parseTarget(to);
  const bytes = await readInput(io, file);
  const bundles = await Promise.all(bundle.map((path) => readInput(io, path)));
  const registry = ociRegistry(target, { fetch: io.fetch, credentials: credentialsOf(io) });
  const reference = await pushWasm(registry, { bytes, bundles, tag: target.tag });
  return resultOf(ociText(reference), bytes, bundles);
}

async function pull(io: Io, named: string, { out, bundles: folder }: PullOptions): Promise<OciResult> {
  const reference = parseReference(named);
  const registry = ociRegistry(reference, { fetch: io.fetch, credentials: credentialsOf(io) });
  const bytes = await pullWasm(registry, reference, DEFAULT_LIMITS.fileBytes);
  const bundles = folder === undefined ? [] : await pullBundles(registry, reference.digest);
  if (folder !== undefined) await mkdir(resolve(io.cwd, folder), { recursive: true });
  for (const bundle of bundles)
    await replaceFile(join(resolve(io.cwd, folder ?? ''), `${sha256(bundle)}.sigstore.json`), bundle);
  await replaceFile(resolve(io.cwd, out), bytes);
  return resultOf(ociText(reference), bytes, bundles, out);
}

function credentialsOf({ env }: Io): OciCredentials | undefined {
  const [username, password] = [env['PLUGMARK_OCI_USERNAME'], env['PLUGMARK_OCI_PASSWORD']];
  return username === undefined || password === undefined ? undefined : { username, password };
}

function resultOf(reference: string, bytes: Uint8Array, bundles: readonly Uint8Array[], out?: string): OciResult {
  const shown = {
    reference,
    sha256: sha256(bytes),
    size: bytes.length,
    bundles: bundles.map((bundle) => sha256(bundle)),
  };
  return parse(OciResult, { ...shown, ...(out === undefined ? {} : { out }) }, 'result');
}

function render(act: string, { reference, sha256: digest, size, bundles, out }: OciResult): string {
  return [
    `${act} ${fileSize(size)}${out === undefined ? '' : ` to ${out}`}`,
    `  ${reference}`,
    `  sha256 ${digest}`,
    ...bundles.map((bundle) => `  bundle ${bundle}`),
  ].join('\n');
}

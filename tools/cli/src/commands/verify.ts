import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { visible } from '@plugmark/analysis';
import { memoryStore, openRegistry, type RegistryState } from '@plugmark/client';
import type { DetachedResult, ReleaseVerification, TrustState, VerifyAllResult, VerifyResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, painter, print, printJson, say } from '../io.ts';
import { registryAddress, trustedRoot } from '../open-source.ts';
import { readInput } from '../read-input.ts';
import { renderVerification, renderVerifications } from '../render-verification.ts';
import { readTrustedKeys, trustFile } from '../trusted-keys.ts';
import { verifyDetached } from '../verify-detached.ts';
import { verifyAll, verifyFile } from '../verify-listed.ts';

interface VerifyOptions {
  readonly registry: string;
  readonly root?: string;
  readonly signature?: string | true;
  readonly trustFile?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark verify plugin.wasm --root root.json \\
    --registry https://plugins.example.org/
  plugmark verify --registry dist --root root.json
  plugmark verify plugin.wasm --signature`;

export function verifyCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('verify')
    .summary('verify a file, or a whole registry, from the root you trust')
    .description(
      'Verifies that a file is a release of the registry: signed metadata, digest, publisher’s mark, registry’s mark. Without a file it verifies every listed release, its bytes included.',
    )
    .argument('[file]', 'a .wasm file')
    .option('--registry <url|folder>', 'where the registry is served', 'dist')
    .option('--root <file>', 'the root file you trust (default: the development root of this repository)')
    .option(
      '--signature [file]',
      'instead: check a detached signature (default: <file>.sig) by the keys of plugmark trust',
    )
    .option('--trust-file <file>', 'for --signature: the list of trusted keys')
    .option(
      '--json',
      'one line of JSON (schema: verify-result; without a file verify-all-result; with --signature detached-result)',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: VerifyOptions) => {
      if (options.signature !== undefined) return finish(await verifyByTrustedKeys(io, file, options));
      const results = await verify(io, file, options);
      finish(results.every(({ verified }) => verified) ? EXIT.ok : EXIT.failed);
    });
}

async function verifyByTrustedKeys(io: Io, file: string | undefined, options: VerifyOptions): Promise<ExitCode> {
  if (file === undefined) throw new CliError('USAGE', 'name the file whose signature is to be checked');
  const named = typeof options.signature === 'string' ? options.signature : `${file}.sig`;
  const hasSignature = typeof options.signature === 'string' || existsSync(resolve(io.cwd, named));
  const keys = await readTrustedKeys(trustFile(io, options.trustFile));
  const signature = hasSignature ? await readInput(io, named) : undefined;
  const result = verifyDetached(await readInput(io, file), signature, keys);
  if (options.json) printJson(io, result);
  else print(io, renderDetached(result, file, painter(io, io.stdout)));
  return result.state === 'verified' ? EXIT.ok : EXIT.failed;
}

const DETACHED_WORDS: Readonly<Record<DetachedResult['state'], string>> = {
  verified: 'signed with a key this machine trusts',
  notSigned: 'there is no signature beside it',
  verificationFailed: 'no key this machine trusts made this signature over these bytes',
};

function renderDetached(
  { state, sha256, signer }: DetachedResult,
  file: string,
  paint: ReturnType<typeof painter>,
): string {
  const mark = state === 'verified' ? paint('good', '✓') : paint('bad', '✗');
  return [
    `${mark} ${visible(file)}`,
    `  ${DETACHED_WORDS[state]}`,
    ...(signer === undefined ? [] : [`  key     ${signer.keyId}`, `  name    ${visible(signer.name)}`]),
    `  sha256  ${sha256}`,
    ...(signer === undefined ? [] : ['  says nothing about the name or version it is offered under']),
  ].join('\n');
}

async function verify(io: Io, file: string | undefined, options: VerifyOptions): Promise<ReleaseVerification[]> {
  const bytes = file === undefined ? undefined : await readInput(io, file);
  const address = await registryAddress(io, options.registry);
  const root = await trustedRoot(io, options.root, (text) => say(io, text));
  const client = openRegistry({
    url: address.url,
    fetch: address.fetch,
    root,
    store: memoryStore(),
    now: io.now,
    keyless: () => import('@plugmark/client/node'),
    policy: { minimumReleaseAgeMinutes: 0 },
  });
  const trust = trustState(await client.refresh());
  const page = { paint: painter(io, io.stdout), columns: Math.max(60, Math.min(120, columnsOf(io, io.stdout) ?? 100)) };
  if (file === undefined || bytes === undefined) {
    const releases = await verifyAll({ client, address }, () => undefined);
    if (options.json)
      printJson(io, {
        verified: releases.every(({ verified }) => verified),
        trust,
        releases,
      } satisfies VerifyAllResult);
    else print(io, renderVerifications(releases, trust, page));
    return releases;
  }
  const releases = await verifyFile({ client, address }, { bytes, file });
  if (options.json) printJson(io, { ...worst(releases), trust } as VerifyResult);
  else print(io, releases.map((release) => renderVerification(release, trust, page)).join('\n\n'));
  return releases;
}

/** The same bytes may be a release of several plugins; one that is refused says more than one that is not. */
const worst = (releases: readonly ReleaseVerification[]): ReleaseVerification | undefined =>
  releases.find(({ verified }) => !verified) ?? releases[0];

function trustState({ registry, rootVersion, expires }: RegistryState): TrustState {
  return { registry, rootVersion, expires: `${expires.toISOString().slice(0, 19)}Z` };
}

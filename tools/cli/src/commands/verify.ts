import { memoryStore, openRegistry, type RegistryState } from '@plugmark/client';
import type { ReleaseVerification, TrustState, VerifyAllResult, VerifyResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, painter, print, printJson, say } from '../io.ts';
import { registryAddress, trustedRoot } from '../open-source.ts';
import { readInput } from '../read-input.ts';
import { renderVerification, renderVerifications } from '../render-verification.ts';
import { verifyAll, verifyFile } from '../verify-listed.ts';

interface VerifyOptions {
  readonly registry: string;
  readonly root?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark verify plugin.wasm --root root.json \\
    --registry https://plugins.example.org/
  plugmark verify --registry dist --root root.json`;

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
    .option('--json', 'one line of JSON (schema: verify-result; without a file verify-all-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: VerifyOptions) => {
      const results = await verify(io, file, options);
      finish(results.every(({ verified }) => verified) ? EXIT.ok : EXIT.failed);
    });
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

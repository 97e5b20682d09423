import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ClientError, type InstalledPlugin, memoryStore, openRegistry, type RegistryClient } from '@plugmark/client';
import { ArtifactLookup, Index, parseJson } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { describeError } from '../describe-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, painter, print, printJson, say } from '../io.ts';
import { type RegistryAddress, registryAddress, trustedRoot } from '../open-source.ts';
import { readInput } from '../read-input.ts';

interface VerifyOptions {
  readonly registry?: string;
  readonly root?: string;
  readonly json?: true;
}

/** One release and what became of it. */
interface Verified {
  readonly plugin: string;
  readonly version: string;
  readonly verified: boolean;
  readonly sha256?: string;
  readonly tier?: string;
  readonly publisher?: InstalledPlugin['publisher'];
  readonly registry?: InstalledPlugin['registry'];
  readonly code?: string;
  readonly problem?: string;
}

export function verifyCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('verify')
    .summary('verify a file, or a whole registry, from the root you trust')
    .description('Verifies that a file is a release of the registry: signed metadata, digest, publisher’s mark, registry’s mark. Without a file it verifies every listed release, its bytes included.')
    .argument('[file]', 'a .wasm file')
    .option('--registry <url|folder>', 'where the registry is served', 'dist')
    .option('--root <file>', 'the root file you trust')
    .option('--json', 'one line of JSON')
    .action(async (file: string | undefined, options: VerifyOptions) => {
      const address = await registryAddress(io, options.registry ?? 'dist');
      const root = await trustedRoot(io, options.root, (text) => say(io, text));
      const client = openRegistry({ url: address.url, fetch: address.fetch, root, store: memoryStore(), now: io.now, policy: { minimumReleaseAgeMinutes: 0 } });
      const results = file === undefined ? await verifyAll(client, address) : await verifyFile(client, address, { io, file });
      if (options.json) printJson(io, file === undefined ? { verified: results.every(({ verified }) => verified), releases: results } : results[0]);
      else print(io, results.map((result) => render(result, painter(io, io.stdout))).join('\n'));
      finish(results.every(({ verified }) => verified) ? EXIT.ok : EXIT.failed);
    });
}

const MAX_VIEW_BYTES = 50_000_000;

/** A plain view, used only to know what to ask the client about. */
async function readView({ url, fetch }: RegistryAddress, path: string): Promise<Uint8Array | undefined> {
  const response = await fetch(new URL(path, url.endsWith('/') ? url : `${url}/`));
  if (!response.ok) return undefined;
  const bytes = new Uint8Array(await response.arrayBuffer());
  return bytes.length > MAX_VIEW_BYTES ? undefined : bytes;
}

async function verifyFile(client: RegistryClient, address: RegistryAddress, { io, file }: { io: Io; file: string }): Promise<Verified[]> {
  const bytes = await readInput(io, file);
  const digest = createHash('sha256').update(bytes).digest('hex');
  await client.refresh();
  const view = await readView(address, `v1/artifacts/${digest}.json`);
  const named = /[0-9a-f]{64}/.exec(basename(file))?.[0];
  if (view === undefined) {
    const damaged = named === undefined || named === digest ? '' : `; its name says ${named}, so it was changed or damaged`;
    throw new CliError('DIGEST_UNKNOWN', `${file} has sha256 ${digest}, which is no release here${damaged}`);
  }
  const lookups = parseJson(ArtifactLookup, view, `v1/artifacts/${digest}.json`);
  return Promise.all(lookups.map(({ plugin, version }) => verifyRelease(client, plugin, { version, digest })));
}

async function verifyAll(client: RegistryClient, address: RegistryAddress): Promise<Verified[]> {
  await client.refresh();
  const view = await readView(address, 'v1/index.json');
  if (view === undefined) throw new CliError('REGISTRY_MISSING', 'the registry serves no v1/index.json');
  const results: Verified[] = [];
  for (const { plugin } of parseJson(Index, view, 'v1/index.json').plugins) {
    const document = await client.document(plugin);
    for (const { release, status } of document.releases) {
      if (status.state === 'active' || status.state === 'deprecated') results.push(await verifyRelease(client, plugin, { version: release.value.version }));
    }
  }
  return results;
}

async function verifyRelease(client: RegistryClient, plugin: string, { version, digest }: { version: string; digest?: string }): Promise<Verified> {
  try {
    const installed = await client.install(`${plugin}@${version}`);
    if (digest !== undefined && digest !== installed.sha256) throw new CliError('DIGEST_UNKNOWN', `${plugin} ${version} has sha256 ${installed.sha256}`);
    const { sha256, tier, publisher, registry } = installed;
    return { plugin, version, verified: true, sha256, tier, publisher, registry };
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === 'NETWORK') throw error;
    const { code, message } = describeError(error);
    return { plugin, version, verified: false, code, problem: message };
  }
}

function render({ plugin, version, verified, sha256, tier, publisher, registry, code, problem }: Verified, paint: ReturnType<typeof painter>): string {
  if (!verified) return `${paint('bad', '✗ not verified')}  ${plugin} ${version}\n    ${problem} [${code}]`;
  const cosigned = registry?.state === 'verified' ? `registry co-signed ${registry.levels.join(', ')}` : 'no registry co-signature';
  return `${paint('good', '✓ verified')}  ${plugin} ${version}  ${tier}\n    bytes sha256:${sha256}\n    publisher signed with key ${publisher?.signer}\n    ${cosigned}`;
}

// What `plugmark verify` asks of a registry: one file, or everything it lists. The plain views say only what to ask for; every answer
// is the client's, from the root that was given.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ClientError, type InstalledPlugin, type RegistryClient } from '@plugmark/client';
import { ArtifactLookup, Index, parse, parseJson, ReleaseVerification } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import { describeError } from './describe-error.ts';
import type { RegistryAddress } from './open-source.ts';
import { publisherResult } from './publisher-result.ts';
import { readView } from './registry-file.ts';
import { standingNote } from './standing-note.ts';

export interface VerifyPorts {
  readonly client: RegistryClient;
  readonly address: RegistryAddress;
}

/** Every plugin this file is a release of. Throws DIGEST_UNKNOWN, UNREACHABLE, SchemaError. */
export async function verifyFile(
  { client, address }: VerifyPorts,
  { bytes, file }: { readonly bytes: Uint8Array; readonly file: string },
): Promise<ReleaseVerification[]> {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const view = await readView(address, `v1/artifacts/${digest}.json`);
  if (view === undefined) throw unknownDigest(file, digest);
  const lookups = parseJson(ArtifactLookup, view, `v1/artifacts/${digest}.json`);
  return Promise.all(lookups.map(({ plugin, version }) => verifyRelease(client, plugin, { version, digest })));
}

function unknownDigest(file: string, digest: string): CliError {
  const named = /[0-9a-f]{64}/.exec(basename(file))?.[0];
  const lines = [`${file} is no release of this registry`, `sha256 ${digest}`];
  if (named === undefined || named === digest) return new CliError('DIGEST_UNKNOWN', lines.join('\n'));
  return new CliError('DIGEST_UNKNOWN', [...lines, `but its name says ${named}`].join('\n'), {
    hint: 'the file was changed or damaged since it was named; do not use it',
  });
}

/** Every release that may be chosen, its bytes included. */
export async function verifyAll(
  { client, address }: VerifyPorts,
  onProgress: (plugin: string) => void,
): Promise<ReleaseVerification[]> {
  const view = await readView(address, 'v1/index.json');
  if (view === undefined) throw new CliError('TREE_MISSING', 'the registry serves no v1/index.json');
  const results: ReleaseVerification[] = [];
  for (const { plugin } of parseJson(Index, view, 'v1/index.json').plugins) {
    onProgress(plugin);
    const document = await client.document(plugin);
    for (const { release, status } of document.releases) {
      if (status.state === 'active' || status.state === 'deprecated')
        results.push(await verifyRelease(client, plugin, { version: release.value.version }));
    }
  }
  return results;
}

async function verifyRelease(
  client: RegistryClient,
  plugin: string,
  { version, digest }: { version: string; digest?: string },
): Promise<ReleaseVerification> {
  try {
    // Whoever verifies a file has it already: yanked or quarantined it is still the release, and that is said.
    const locked = digest === undefined ? {} : { locked: new Set([digest]) };
    const installed = await client.install(`${plugin}@${version}`, locked);
    const { sha256, size, kind, tier, publisher, registry } = installed;
    if (digest !== undefined && digest !== sha256)
      throw new CliError('DIGEST_UNKNOWN', `${plugin} ${version} has sha256 ${sha256}`);
    const facts = { sha256, size, kind, tier, publisher: publisherResult(publisher), registry };
    const notes = await notesOn(client, installed);
    return parse(ReleaseVerification, { plugin, version, verified: true, ...facts, ...notes }, 'result');
  } catch (error) {
    const isVerdict =
      (error instanceof ClientError && error.code !== 'NETWORK') ||
      (error instanceof CliError && error.code === 'DIGEST_UNKNOWN');
    if (!isVerdict) throw error;
    const { code, message } = describeError(error);
    return { plugin, version, verified: false, code, problem: message };
  }
}

/** What is known about the release beside its marks: its status, and advisories about it. */
async function notesOn(client: RegistryClient, { plugin, version, standing }: InstalledPlugin): Promise<object> {
  const note = standingNote(standing);
  const { advisories = [] } = await client.document(plugin);
  const about = advisories
    .filter(({ versions }) => versions.includes(version))
    .map(({ id, summary, url }) => ({ id, summary, ...(url === undefined ? {} : { url }) }));
  return {
    ...(note === undefined ? {} : { standing: note }),
    ...(about.length === 0 ? {} : { advisories: about }),
  };
}

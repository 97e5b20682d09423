// From a digest to a comparison: the plain view says which plugin it may be, signed documents say whether it is, and the sandbox runs it.

import { resolve } from 'node:path';
import { memoryStore, openPlugins, openRegistry, type Plugins } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
import { sha256 as digestOf } from '@plugmark/publish';
import { runVectors, SandboxError } from '@plugmark/sandbox';
import {
  AnalysisReport,
  ArtifactLookup,
  HostProfile,
  parse,
  parseJson,
  Release,
  type ReproduceResult,
  type RunObservation,
  Vector,
} from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import { compareReproduction, outcomeOf, type ReproducedVector } from './compare-reproduction.ts';
import { type Io, say } from './io.ts';
import { type RegistryAddress, registryAddress, trustedRoot } from './open-source.ts';
import type { CitedPlugin } from './parse-citation.ts';
import { readView } from './registry-file.ts';
import { sayNotRun, secondEngineOf } from './second-engine-of.ts';
import { showProgress } from './show-progress.ts';

export interface ReproduceOptions {
  readonly registry: string;
  readonly root?: string;
  readonly host?: string;
  readonly store: string;
  readonly correlationId?: string;
  readonly json?: true;
}

type Reproduced = Awaited<ReturnType<Plugins['reproduce']>>;

/** Throws DIGEST_UNKNOWN, CITATION_MISMATCH, and what verifying throws. */
export async function reproduceCited(io: Io, cited: CitedPlugin, options: ReproduceOptions): Promise<ReproduceResult> {
  const address = await registryAddress(io, options.registry);
  const ports = {
    url: address.url,
    fetch: address.fetch,
    root: await trustedRoot(io, options.root, (text) => say(io, text)),
    now: io.now,
    keyless: () => import('@plugmark/client/node'),
  };
  const { plugin, hosts } = await findRelease(openRegistry({ ...ports, store: memoryStore() }), address, cited);
  const [first = ''] = hosts;
  const host = options.host ?? first;
  if (!hosts.includes(host))
    throw new CliError('HOST_UNKNOWN', `${plugin} was not released for ${host}`, {
      hint: `it was for ${hosts.join(', ')}`,
    });
  const plugins = openPlugins({
    ...ports,
    host: { id: host },
    store: fileStore(resolve(io.cwd, options.store)),
    onProgress: showProgress(io),
  });
  const { correlationId } = options;
  const reproduced = await plugins.reproduce(
    cited.sha256,
    plugin,
    correlationId === undefined ? {} : { correlationId },
  );
  return compared(io, address, reproduced, host);
}

interface Found {
  readonly plugin: string;
  readonly hosts: readonly string[];
}

/** The same bytes may be a release of several plugins; the citation says which was meant. */
async function findRelease(
  client: ReturnType<typeof openRegistry>,
  address: RegistryAddress,
  { sha256, plugin: named, version }: CitedPlugin,
): Promise<Found> {
  const path = `v1/artifacts/${sha256}.json`;
  const view = await readView(address, path);
  if (view === undefined)
    throw new CliError('DIGEST_UNKNOWN', `this registry has never published sha256:${sha256}`, {
      hint: 'is it the registry that the citation names, and is the digest copied whole?',
    });
  const lookups = parseJson(ArtifactLookup, view, path);
  const meant = lookups.find((entry) => entry.plugin === named) ?? lookups[0];
  if (meant === undefined) throw new CliError('DIGEST_UNKNOWN', `this registry has never published sha256:${sha256}`);
  const { releases } = await client.document(meant.plugin);
  const signed = releases.find(({ release }) => release.value.artifact.sha256 === sha256)?.release.value;
  if (signed === undefined)
    throw new CliError('DIGEST_UNKNOWN', `${meant.plugin} has no release with sha256:${sha256}`);
  const said = [named, version].join(' ');
  const is = [named && signed.plugin, version && signed.version].join(' ');
  if (said !== is)
    throw new CliError(
      'CITATION_MISMATCH',
      `the citation says ${said.trim()}; these bytes are ${signed.plugin} ${signed.version}`,
    );
  return { plugin: signed.plugin, hosts: signed.targets.map(({ host }) => host) };
}

async function compared(
  io: Io,
  address: RegistryAddress,
  reproduced: Reproduced,
  host: string,
): Promise<ReproduceResult> {
  const { plugin, version, sha256, size, kind, tier, standing, mayHaveGrants: granted, report } = reproduced;
  const reported = report && parseJson(AnalysisReport, report, 'analysis.json');
  const { vectors, missing } = await releasedVectors(address, reproduced, host);
  const run = await runAll(io, reproduced, vectors);
  const rows = vectors.map(({ vector, sha256: digest }) =>
    compareReproduction({
      vector,
      sha256: digest,
      runs: run.observation?.runs.filter((one) => one.vector === vector.name) ?? [],
      engines: run.observation?.engines ?? [],
      reported: reported?.vectors.find(({ name, sha256: of }) => name === vector.name && of === digest),
      withheld: !granted && vector.grants.length > 0,
    }),
  );
  const all = [...rows, ...missing];
  const { state, reason } = standing;
  return {
    plugin,
    version,
    sha256,
    size,
    kind,
    tier,
    host,
    status: state,
    ...(reason === undefined ? {} : { statusReason: reason }),
    granted,
    outcome: run.reason === undefined ? outcomeOf(all) : 'inconclusive',
    vectors: all,
    reasons: [
      ...(run.reason === undefined ? [] : [run.reason]),
      ...(all.length === 0 && run.reason === undefined
        ? [`it has no vectors for ${host}, so there is nothing to compare`]
        : []),
      ...(reported === undefined
        ? ['the registry’s report is not served on its own; compared with the vectors alone']
        : []),
    ],
    engines: run.observation?.engines ?? [],
    layers: run.observation?.layers.flatMap(({ layer, active }) => (active ? [layer] : [])) ?? [],
  };
}

interface Released {
  readonly vectors: readonly { readonly vector: Vector; readonly sha256: string }[];
  /** Those that could not be had. */
  readonly missing: readonly ReproducedVector[];
}

/** By the digests that the publisher signed; those of other hosts are not for this run. */
async function releasedVectors(address: RegistryAddress, { release }: Reproduced, host: string): Promise<Released> {
  const signed = parse(Release, release.release.json, 'release.json');
  const vectors: { vector: Vector; sha256: string }[] = [];
  const missing: ReproducedVector[] = [];
  for (const { name, sha256 } of signed.vectors) {
    const bytes = await readView(address, `vectors/${sha256}.json`);
    const problem =
      bytes === undefined
        ? 'the registry does not serve it'
        : digestOf(bytes) === sha256
          ? undefined
          : 'the registry serves something else in its place';
    if (problem !== undefined) missing.push({ name, sha256, outcome: 'inconclusive', reason: problem });
    else {
      const vector = parseJson(Vector, bytes as Uint8Array, `vectors/${name}.json`);
      if (vector.host === host) vectors.push({ vector, sha256 });
    }
  }
  return { vectors, missing };
}

interface Ran {
  readonly observation?: RunObservation;
  /** Why nothing was run. */
  readonly reason?: string;
}

async function runAll(
  io: Io,
  { bytes, kind, profile, mayHaveGrants }: Reproduced,
  vectors: Released['vectors'],
): Promise<Ran> {
  if (kind === 'process') return { reason: 'it runs as a program of its own, and such plugins are not run here' };
  if (vectors.length === 0) return {};
  const given = vectors.map(({ vector }) => (mayHaveGrants ? vector : { ...vector, grants: [] }));
  const request = { artifact: bytes, profile: parse(HostProfile, profile, 'profile'), vectors: given };
  try {
    const observation = await runVectors(request, secondEngineOf(io));
    sayNotRun(io, observation);
    return { observation };
  } catch (error) {
    // The machine could not run it, which says nothing about the plugin.
    if (error instanceof SandboxError) return { reason: `it could not be run here: ${error.message}` };
    throw error;
  }
}

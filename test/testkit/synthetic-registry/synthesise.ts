// A registry of any size with a realistic shape, made by the real code from a seed: publishers verified and not, releases over two
// years, some taken back, advisories; signed, analysed, co-signed and accepted by a fresh client. The same options give the same bytes.
import {
  type BuildEvent,
  type BuildResult,
  buildRegistry,
  holdCeremony,
  type Ledger,
  type OfflineMetadata,
  offlineDocuments,
  type RegistrySource,
  readRegistrySource,
  revocationsDocument,
  sha256,
} from '@plugmark/publish';
import type { LedgerEntry } from '@plugmark/schemas';
import { signerOf } from '../registry-folder.ts';
import { ed25519Key } from '../test-keys.ts';
import { type Plan, planRegistry } from './plan.ts';
import { instant, type SourceFiles, sourceFiles } from './source-files.ts';

export interface SynthesisOptions {
  readonly plugins: number;
  /** Of each plugin; 3 by default. */
  readonly releases?: number;
  readonly seed?: string;
  /** When the registry was signed: what is made expires from here. */
  readonly now: Date;
  /** At least so many bytes for each artifact of the first plugin; otherwise a few hundred. */
  readonly firstArtifactBytes?: number;
  readonly onProgress?: (event: BuildEvent) => void;
}

export interface SyntheticRegistry extends SourceFiles {
  /** Ids of the plugins, in the order of their numbers. */
  readonly plugins: readonly string[];
  readonly offline: OfflineMetadata;
  readonly tree: BuildResult['tree'];
  readonly ledger: BuildResult['ledger'];
}

/** Anybody has these: they are derived from a public seed. Ed25519, so that signatures are repeatable. */
export const SYNTHETIC_KEYS = {
  root: ed25519Key('synthetic root'),
  targets: ed25519Key('synthetic targets'),
  revocations: ed25519Key('synthetic revocations'),
  online: ed25519Key('synthetic online'),
  cosign: ed25519Key('synthetic cosign'),
} as const;

const KEYS_SINCE = '2020-01-01T00:00:00Z';

export async function synthesise(options: SynthesisOptions): Promise<SyntheticRegistry> {
  const { plugins, releases = 3, seed = 'plugmark', now, firstArtifactBytes, onProgress } = options;
  const plan = planRegistry({ plugins, releases, seed, now });
  const { files, artifacts } = await sourceFiles(plan, { now, firstArtifactBytes });
  const source = readRegistrySource(files);
  const offline = ceremony(source, now);
  const { online, cosign } = SYNTHETIC_KEYS;
  const { tree, ledger, refusals } = await buildRegistry({
    source,
    offline,
    ledger: history(plan, source),
    signers: { online: signerOf(online), cosign: signerOf(cosign) },
    artifact: async ({ release }) => artifacts.get(release.artifact.sha256),
    now,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const [refused] = refusals;
  if (refused) throw new TypeError(`${refused.plugin} ${refused.version} was refused: ${refused.reasons.join(', ')}`);
  return { files, artifacts, plugins: plan.plugins.map(({ id }) => id), offline, tree, ledger };
}

function ceremony(source: RegistrySource, now: Date): OfflineMetadata {
  const { root, targets, revocations, online, cosign } = SYNTHETIC_KEYS;
  return holdCeremony({
    previous: undefined,
    documents: offlineDocuments(source, { cosign: [{ key: signerOf(cosign), from: KEYS_SINCE }] }),
    plugins: source.plugins.size,
    revocations: revocationsDocument(source, { previous: undefined, now }),
    keys: {
      root: [signerOf(root)],
      targets: [signerOf(targets)],
      revocations: [signerOf(revocations)],
      online: signerOf(online),
    },
    expiries: source.registry.expiries,
    now,
  });
}

/** When each release was first published: a build takes that from the ledger, and does the rest anew as its inputs are others. */
function history({ plugins }: Plan, source: RegistrySource): Ledger {
  const none = { sha256: sha256(new Uint8Array()), size: 0 };
  const entries = plugins.flatMap(({ id, releases }) =>
    releases.flatMap(({ version, publishedAt }): [string, LedgerEntry][] => {
      const found = source.plugins.get(id)?.releases.get(version);
      if (found === undefined) return [];
      const entry: LedgerEntry = {
        schemaVersion: 1,
        sequence: 1,
        plugin: id,
        version,
        publishedAt: instant(publishedAt.getTime()),
        artifactSha256: found.release.artifact.sha256,
        manifestSha256: found.manifestSha256,
        inputsSha256: none.sha256,
        verdict: 'pass',
        levels: [],
        publisher: none,
        analyses: [],
        runs: [],
      };
      return [[`${id}@${version}`, entry]];
    }),
  );
  return {
    head: undefined,
    entries: new Map(entries),
    attestations: new Map(),
    metadata: new Map(),
    targets: new Map(),
  };
}

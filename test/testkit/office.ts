// The office at work on the small registry: ceremony, build, and a client over what came out. Ed25519 online keys, so that the same
// inputs give the same bytes.
import { type LoadKeyless, memoryStore, openRegistry, type RegistryClient, type TrustStore } from '@plugmark/client';
import {
  type BuildEvent,
  type BuildResult,
  buildRegistry,
  type FileTree,
  holdCeremony,
  type Lift,
  type OfflineMetadata,
  offlineDocuments,
  readLedger,
  revocationsDocument,
  type StatementSigner,
  sha256,
} from '@plugmark/publish';
import type { DocumentRelease } from '@plugmark/schemas';
import { OFFICE_KEYS, REGISTRY_ID, type SmallRegistry, signerOf, sourceOf } from './registry-folder.ts';
import type { TestKey } from './test-keys.ts';

export const NOW = new Date('2026-06-01T12:00:00Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const later = (milliseconds: number, from: Date = NOW): Date => new Date(from.getTime() + milliseconds);

type OfficeKeys = { readonly [K in keyof typeof OFFICE_KEYS]: TestKey };

/** What one build leaves for the next. */
export interface Built extends BuildResult {
  readonly offline: OfflineMetadata;
  readonly events: readonly BuildEvent[];
}

export interface Work {
  readonly previous?: Built | undefined;
  readonly now?: Date;
  readonly keys?: Partial<OfficeKeys>;
  /** Without it the ceremony is held anew for the registry as it is. */
  readonly offline?: OfflineMetadata;
  readonly ledger?: FileTree;
  /** Instead of the office's key. */
  readonly cosigner?: StatementSigner;
  /** Run reports that are offered. */
  readonly runs?: NonNullable<Parameters<typeof buildRegistry>[0]['runs']>;
  /** New releases whose bytes nobody has are left out. */
  readonly leaveOutMissing?: boolean;
  /** The registry's name, when it is another one. */
  readonly registry?: string;
  /** As if so many plugins were there: how their documents are divided among roles. */
  readonly plugins?: number;
  /** Revocations the holders of the keys take back. */
  readonly lift?: readonly Lift[];
}

/** `documents`: instead of those that list the office's co-signing key. */
export function ceremony(
  registry: SmallRegistry,
  { previous, now = NOW, keys, lift, plugins }: Work = {},
  documents?: FileTree,
): OfflineMetadata {
  const { root, targets, revocations, online, cosign } = { ...OFFICE_KEYS, ...keys };
  const source = sourceOf(registry);
  return holdCeremony({
    previous: previous?.offline,
    documents:
      documents ?? offlineDocuments(source, { cosign: [{ key: signerOf(cosign), from: '2026-01-01T00:00:00Z' }] }),
    plugins: plugins ?? source.plugins.size,
    revocations: revocationsDocument(source, {
      previous: previous?.offline.files.get('revocations.json'),
      now,
      ...(lift ? { lift } : {}),
    }),
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

export async function build(registry: SmallRegistry, work: Work = {}): Promise<Built> {
  const { previous, now = NOW, keys } = work;
  const { online, cosign } = { ...OFFICE_KEYS, ...keys };
  const offline = work.offline ?? ceremony(registry, work);
  const events: BuildEvent[] = [];
  const result = await buildRegistry({
    source: sourceOf(registry),
    offline,
    ledger: readLedger(work.ledger ?? previous?.ledger ?? new Map(), work.registry ?? REGISTRY_ID),
    signers: { online: signerOf(online), cosign: work.cosigner ?? signerOf(cosign) },
    artifact: async ({ release }) => registry.artifacts.get(release.artifact.sha256),
    ...(work.runs === undefined ? {} : { runs: work.runs }),
    leaveOutMissing: work.leaveOutMissing === true,
    now,
    onProgress: (event) => events.push(event),
  });
  return { ...result, offline, events };
}

export interface Visit {
  readonly root?: Uint8Array;
  readonly store?: TrustStore;
  readonly now?: Date;
  readonly keyless?: LoadKeyless;
}

/** A client of a tree that may change under it: `tree` is asked for each file anew. */
export function clientOf(
  tree: (path: string) => Uint8Array | undefined,
  root: Uint8Array,
  { store = memoryStore(), now = NOW, keyless }: Visit = {},
): RegistryClient {
  return openRegistry({
    url: 'https://small.example/',
    root,
    store,
    fetch: serving(tree),
    now: () => now,
    policy: { minimumReleaseAgeMinutes: 0 },
    ...(keyless === undefined ? {} : { keyless }),
  });
}

/** Answers from a tree that may change under it. */
export function serving(tree: (path: string) => Uint8Array | undefined): typeof fetch {
  return async (input) => {
    const bytes = tree(decodeURIComponent(new URL(String(input)).pathname.slice(1)));
    return new Response((bytes ?? null) as Uint8Array<ArrayBuffer> | null, {
      status: bytes === undefined ? 404 : 200,
      headers: { 'content-type': 'application/octet-stream' },
    });
  };
}

export function rootOf({ offline }: Pick<Built, 'offline'>): Uint8Array {
  return offline.roots[0] as Uint8Array;
}

/** The code of whatever was thrown; the value itself where nothing was. */
export async function codeOf(attempt: () => unknown): Promise<unknown> {
  try {
    return { accepted: await attempt() };
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
}

const textOf = (files: FileTree, path: string): string => new TextDecoder().decode(files.get(path));
// biome-ignore lint/suspicious/noExplicitAny: tests reach into any file
export const jsonOf = (files: FileTree, path: string): any => JSON.parse(textOf(files, path));
/** Each file by a short digest, so that a difference is readable. */
export const digests = (files: ReadonlyMap<string, Uint8Array>): Record<string, string> =>
  Object.fromEntries([...files].sort(byPath).map(([path, bytes]) => [path, sha256(bytes).slice(0, 12)]));
/** Without it, sorting would write out every byte of every file as text. */
const byPath = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

export const releaseOf = ({ documents }: Built, plugin: string, version: string): DocumentRelease | undefined =>
  documents.find((document) => document.plugin === plugin)?.releases.find(({ release }) => release.version === version);

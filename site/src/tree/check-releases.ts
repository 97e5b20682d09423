// What the verification panel reports: the project's own client, run over the tree while pages are made. It is given the root file
// of the tree itself, so it shows wrong or damaged files; it cannot show that the root is the one a visitor should trust.

import { createHash } from 'node:crypto';
import {
  ClientError,
  type InstalledPlugin,
  memoryStore,
  openRegistry,
  type RegistryClient,
  type SignatureState,
  type TrustStore,
} from '@plugmark/client';
import type { Index, IndexEntry } from '@plugmark/schemas';
import type { ReleaseCheck } from '../data/release-check.ts';
import type { Tree } from './open-tree.ts';

export type CheckRelease = (plugin: string, version: string) => Promise<ReleaseCheck>;

const ADDRESS = 'https://tree.invalid/';

/** A client over the tree at the time the tree was made. */
export function checkerOf(tree: Tree): CheckRelease {
  const root = tree.file('metadata/1.root.json');
  const now = new Date(tree.index().generatedAt);
  const served = new Set<string>();
  const options = {
    url: ADDRESS,
    root,
    store: withoutArtifacts(memoryStore()),
    fetch: fetchFrom(tree, served),
    now: () => now,
    keyless: () => import('@plugmark/client/sigstore'),
  };
  const client = openRegistry({ ...options, policy: { minimumReleaseAgeMinutes: 0 } });
  const chosen = checkedPlugins(tree.index());
  return async (plugin, version) => {
    if (!chosen.has(plugin)) return LEFT_OUT;
    const found = await check(client, `${plugin}@${version}`);
    return found.code !== undefined || served.has(signedPath(tree, plugin)) ? found : refusal('TARGET_DIGEST');
  };
}

/** Up to here every latest release is verified while pages are made. */
const CHECK_ALL = 2000;
const CHECK_NEWEST = 1000;
const CHECK_DRAWN = 50;

const LEFT_OUT: ReleaseCheck = { publisher: 'notChecked', registry: 'notChecked', isLeftOut: true, levels: [] };

/**
 * Of a large registry the newest, since `registry build` has verified what changed and these are it, and some that are drawn anew for
 * each state of the registry. The others say on their pages that they were not looked at; a visitor's browser can look at any of them.
 */
export function checkedPlugins({ plugins, generatedAt }: Pick<Index, 'plugins' | 'generatedAt'>): ReadonlySet<string> {
  const names = (entries: readonly IndexEntry[]): string[] => entries.map(({ plugin }) => plugin);
  if (plugins.length <= CHECK_ALL) return new Set(names(plugins));
  const newest = [...plugins].sort((a, b) => (a.publishedAt < b.publishedAt ? 1 : -1)).slice(0, CHECK_NEWEST);
  const lot = (plugin: string): string => createHash('sha256').update(`${generatedAt} ${plugin}`).digest('hex');
  const drawn = names(plugins)
    .map((plugin) => [lot(plugin), plugin] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, CHECK_DRAWN);
  return new Set([...names(newest), ...drawn.map(([, plugin]) => plugin)]);
}

/**
 * Pages show `v1/plugins/...`, which nobody signs; the client reads the signed copy under a name that holds its digest. That it asked
 * for exactly this digest, and accepted the rest, shows that the two are the same bytes.
 */
function signedPath(tree: Tree, plugin: string): string {
  const [publisher = '', name = ''] = plugin.split('/');
  const digest = createHash('sha256')
    .update(tree.bytes(`v1/plugins/${plugin}.json`) ?? '')
    .digest('hex');
  return `targets/plugins/${publisher}/${digest}.${name}.json`;
}

async function check(client: RegistryClient, request: string): Promise<ReleaseCheck> {
  try {
    const { publisher, registry, tier } = await client.install(request);
    return {
      publisher: publisher.state,
      signer: publisher.signer,
      ...keylessOf(publisher),
      registry: registry.state,
      tier,
      levels: registry.levels,
    };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return refusal(error.code);
  }
}

function keylessOf({ workflow, signedAt, entries = [] }: InstalledPlugin['publisher']): Pick<ReleaseCheck, 'keyless'> {
  if (workflow === undefined) return {};
  return {
    keyless: {
      ...(workflow.run === undefined ? {} : { run: workflow.run }),
      ...(signedAt === undefined ? {} : { signedAt: `${new Date(signedAt).toISOString().slice(0, 19)}Z` }),
      entries: entries.map(({ log, logIndex }) => `${logIndex} of ${log}`),
    },
  };
}

/** A release that may not be chosen was never looked at, and a runtime without the algorithm cannot look; anything else is a refusal. */
function refusal(code: string): ReleaseCheck {
  const state: SignatureState = NOT_LOOKED_AT.has(code) ? 'notChecked' : 'verificationFailed';
  return { publisher: state, registry: state, code, levels: [] };
}

const NOT_LOOKED_AT: ReadonlySet<string> = new Set(['NO_RELEASE', 'BUNDLE_KEYLESS', 'KEY_UNSUPPORTED']);

function fetchFrom(tree: Tree, served: Set<string>): typeof fetch {
  return async (input) => {
    const path = decodeURIComponent(new URL(String(input)).pathname.slice(1));
    const bytes = tree.bytes(path);
    if (bytes === undefined) return new Response(null, { status: 404 });
    served.add(path);
    return new Response(bytes as Uint8Array<ArrayBuffer>);
  };
}

/** Artifacts are hashed and let go: a registry's bytes need not fit into memory. */
function withoutArtifacts(store: TrustStore): TrustStore {
  return { ...store, put: async (name, bytes) => (name.startsWith('blobs/') ? undefined : store.put(name, bytes)) };
}

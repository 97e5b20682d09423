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
import type { ReleaseCheck } from '../data/release-check.ts';
import { SiteError } from '../data/site-error.ts';
import type { Tree } from './open-tree.ts';

export type CheckRelease = (plugin: string, version: string) => Promise<ReleaseCheck>;

const ADDRESS = 'https://tree.invalid/';

/** A client over the tree at the time the tree was made. */
export function checkerOf(tree: Tree): CheckRelease {
  const root = tree.bytes('metadata/1.root.json');
  if (root === undefined) throw new SiteError('FILE_MISSING', 'the tree lacks metadata/1.root.json');
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
  return async (plugin, version) => {
    const found = await check(client, `${plugin}@${version}`);
    return found.code !== undefined || served.has(signedPath(tree, plugin)) ? found : refusal('TARGET_DIGEST');
  };
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

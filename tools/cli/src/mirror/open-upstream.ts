// An upstream registry as the client sees it, from the root file this registry keeps and pins. What was seen before (metadata,
// revocations) is remembered in a store of its own, so that an upstream cannot take back what it has said.

import { openRegistry, type PluginStore, type RegistryClient } from '@plugmark/client';
import { type FileTree, sha256 } from '@plugmark/publish';
import type { Upstream } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { type RegistryAddress, registryAddress } from '../open-source.ts';

export interface OpenUpstream {
  readonly upstream: Upstream;
  readonly client: RegistryClient;
  readonly address: RegistryAddress;
  /** Bytes the client verified just now, by digest. */
  readonly verified: Map<string, Uint8Array>;
  /** Of the root the metadata was followed to. */
  readonly rootVersion: number;
}

export interface UpstreamPorts {
  /** The registry's own files: the root lies there. */
  readonly files: FileTree;
  readonly store: PluginStore;
  /** Instead of the address registry.json names: a folder that was carried here, or another mirror of it. */
  readonly from?: string | undefined;
  readonly now: () => Date;
  /** Bytes that are here already: they are verified again, not fetched again. */
  readonly artifact?: (digest: string) => Promise<Uint8Array | undefined>;
}

const rootFile = (id: string): string => `upstreams/${id}.root.json`;

/** Refreshed. Throws UPSTREAM_ROOT, UPSTREAM_OTHER, and what the client throws. */
export async function openUpstream(
  io: Io,
  upstream: Upstream,
  { files, store, from, now, artifact }: UpstreamPorts,
): Promise<OpenUpstream> {
  const address = await registryAddress(io, from ?? upstream.url);
  const verified = new Map<string, Uint8Array>();
  const client = openRegistry({
    url: address.url,
    fetch: artifact === undefined ? address.fetch : localFirst(address.fetch, artifact),
    root: pinnedRoot(upstream, files),
    store: withBlobsAside(store, verified),
    now,
    keyless: () => import('@plugmark/client/node'),
    // Approvals decide how old a release must be.
    policy: { minimumReleaseAgeMinutes: 0 },
  });
  const { registry, rootVersion } = await client.refresh();
  if (registry !== upstream.id)
    throw new CliError('UPSTREAM_OTHER', `${upstream.id}: what is served there calls itself ${registry}`);
  return { upstream, client, address, verified, rootVersion };
}

function pinnedRoot({ id, root }: Upstream, files: FileTree): Uint8Array {
  const bytes = files.get(rootFile(id));
  if (bytes === undefined) throw new CliError('UPSTREAM_ROOT', `${rootFile(id)} is not there`);
  if (sha256(bytes) === root.sha256) return bytes;
  throw new CliError('UPSTREAM_ROOT', `${rootFile(id)} has sha256 ${sha256(bytes)}, registry.json says ${root.sha256}`);
}

export const upstreamUnknown = (id: string, upstreams: readonly Upstream[]): CliError =>
  new CliError('UPSTREAM_UNKNOWN', `registry.json lists no upstream ${id}`, {
    hint:
      upstreams.length === 0
        ? 'it lists none: plugmark registry init --upstream does, or write it into registry/registry.json'
        : `it lists ${upstreams.map((upstream) => upstream.id).join(', ')}`,
  });

const BLOB = /blobs\/sha256\/([0-9a-f]{64})(?:\.(?:wasm|zip))?$/;

function localFirst(fetch: typeof globalThis.fetch, artifact: NonNullable<UpstreamPorts['artifact']>): typeof fetch {
  return async (input, init) => {
    const digest = BLOB.exec(new URL(String(input)).pathname)?.[1];
    const bytes = digest === undefined ? undefined : await artifact(digest);
    return bytes === undefined ? fetch(input, init) : new Response(bytes as Uint8Array<ArrayBuffer>);
  };
}

/** Bytes of releases are kept where the build looks for them, not a second time in the store. */
function withBlobsAside(store: PluginStore, verified: Map<string, Uint8Array>): PluginStore {
  return {
    ...store,
    put: async (name, bytes) => {
      const digest = BLOB.exec(name)?.[1];
      if (digest === undefined) await store.put(name, bytes);
      else verified.set(digest, bytes);
    },
  };
}

// The write side of an installation. Everything a plugin needs is in the store before the lockfile names it, so that whenever the power
// goes, either the old state is there or the new one.
import type { LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import { blobName } from '../load-bytes.ts';
import type { SignedDocuments } from '../signed-documents.ts';
import { forgetParts } from '../store/download.ts';
import { sha256, toHex } from '../trust/bytes.ts';
import { storedRoot } from '../trust/trust-store.ts';
import type { Acquired } from './acquire.ts';
import type { PluginsContext } from './plugins-context.ts';
import { keepProof, proveInstalled } from './proof-store.ts';

/** Bytes, proofs and receipts; nothing uses them until a lockfile names them. Throws STORE, PROOF_INVALID. */
export async function keepAcquired(
  context: PluginsContext,
  acquired: readonly Acquired[],
  documents: SignedDocuments,
): Promise<void> {
  const { options, receipts, attestations } = context;
  const { store } = options;
  const { registry } = await documents.publishers();
  for (const { installed, bytes, receipt, attestations: names } of acquired) {
    await store.put(blobName(installed.sha256), bytes);
    await forgetParts(store, installed.sha256);
    const bundles = new Map(names.flatMap((name) => bytesOf(attestations, name)));
    await keepProof(
      installed,
      { registry, files: await evidence(context, installed.plugin, documents), attestations: bundles },
      options,
    );
    // A proof that does not verify now never will: the metadata may have been replaced while it was read.
    await proveInstalled(installed.sha256, options);
    await receipts.keep(receipt);
  }
}

function bytesOf(files: ReadonlyMap<string, Uint8Array>, name: string): [string, Uint8Array][] {
  const bytes = files.get(name);
  return bytes === undefined ? [] : [[name, bytes]];
}

const OFFLINE_TARGETS = ['publishers', 'cosign-keys', 'upstreams', 'revocations', 'trusted_root', 'policy'];

/** What was read of the registry, without the documents of other plugins. */
async function evidence(
  { recorded, options }: PluginsContext,
  plugin: string,
  { tuf }: SignedDocuments,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const paths = [
    ...OFFLINE_TARGETS.map((name) => `${name}.json`),
    `hosts/${options.host.id}.json`,
    `plugins/${plugin}.json`,
  ];
  const targets = await Promise.all(paths.map((path) => tuf.target(path)));
  const needed = new Set(targets.map((info) => `targets/${info?.sha256}`));
  return new Map([...recorded.seen].filter(([name]) => name.startsWith('metadata/') || needed.has(name)));
}

/** The lockfile after a plan: what stays, what is new, and under which root it was verified. */
export async function lockfileWith(
  { options, recorded }: PluginsContext,
  {
    before,
    plugins,
    documents,
  }: { readonly before: Lockfile; readonly plugins: readonly LockedPlugin[]; readonly documents: SignedDocuments },
): Promise<Lockfile> {
  const { registry } = await documents.publishers();
  const { rootVersion } = documents.tuf.state;
  const root = recorded.seen.get(storedRoot(rootVersion)) ?? options.root;
  const registries = [
    ...before.registries.filter(({ id }) => id !== registry),
    { id: registry, rootVersion, rootSha256: toHex(await sha256(root)) },
  ];
  return { host: before.host, registries, plugins };
}

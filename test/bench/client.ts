// The client: what it weighs, how long a refresh and one target take beside tuf-js over the same tree, and what a first install and a look
// for updates cost on a slow line. Trees are synthetic and kept under .plugmark for two days; making them takes minutes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  memoryStore,
  openPlugins,
  openRegistry,
  type PluginStore,
  type Plugins,
  type RegistryClient,
  type TrustStore,
} from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
import { fetchBytes, refreshMetadata } from '@plugmark/client/trust';
import { Updater } from 'tuf-js';
import { askAhead } from '../../tools/client/src/fetch-ahead.ts';
import { recentMidnight, syntheticFolder } from '../testkit/synthetic-registry/synthetic-folder.ts';
import { browserPeer, gzippedSize } from './bundle-size.ts';
import { medianMs, mediansMs, type Row, type RowInput, row } from './harness.ts';
import { answersFrom, type ServedFolder, serveFolder } from './served-folder.ts';
import { verifyTime } from './sigstore.ts';
import { overSlowLink, type SlowLink, type Traffic } from './slow-link.ts';

const FOLDERS = fileURLToPath(new URL('../../.plugmark/bench/', import.meta.url));
/** Both are compiled by then: the first dozen runs take twice as long. */
const WARM_MS = 1500;
const RUNS = { runs: 31, warmup: 20 };
const HOME_LINE: SlowLink = { roundTripMs: 100, bitsPerSecond: 10_000_000, connections: 'shared' };

export async function bench(): Promise<Row[]> {
  const rows = await sizeRows();
  for (const plugins of [1_000, 10_000]) {
    const registry = await openSynthetic(plugins);
    try {
      rows.push(...(await resolveRows(registry)));
      if (plugins === 10_000) rows.push(...(await installRows(registry)));
      else rows.push(...(await updateRows(registry)));
    } finally {
      await registry.server.close();
    }
  }
  for (const name of ['rekor-v1', 'rekor-v2']) rows.push(await verifyTime(name));
  return rows;
}

const TUF = 'refreshMetadata, loadTrusted';
const BY_KEY = 'parseBundle, verifyKeyBundle, IN_TOTO_PAYLOAD_TYPE, parseStatement, matchSubject';
const TRUST = '@plugmark/client/trust';
type Peer = NonNullable<RowInput['peer']>;

async function sizeRows(): Promise<Row[]> {
  const forNode = async (name: string, code: string): Promise<Peer> => ({
    name,
    value: await gzippedSize(code, { platform: 'node' }),
  });
  const updater = `export { Updater } from 'tuf-js';`;
  const verifier = `export * from '@sigstore/verify'; export { bundleFromJSON } from '@sigstore/bundle';`;
  const open = `export { openRegistry } from '@plugmark/client';`;
  const [tufJs, both] = await Promise.all([
    forNode('tuf-js', updater),
    forNode('tuf-js with @sigstore/verify', `${updater}${verifier}`),
  ]);
  const weighed = async (name: string, code: string, peer: Peer, atMost?: number): Promise<Row> => {
    const value = await gzippedSize(code);
    return row({
      name,
      unit: 'bytes',
      value,
      peer,
      ...(atMost === undefined ? {} : { goal: { of: 'value', atMost } }),
    });
  };
  return Promise.all([
    // Metadata and signatures by key: what a host needs at least.
    weighed('size-trust', `export { ${TUF}, ${BY_KEY} } from '${TRUST}';`, tufJs, 4_000),
    // No more than the peer does.
    weighed('size-trust-metadata', `export { ${TUF} } from '${TRUST}';`, await browserPeer('tuf-browser')),
    weighed('size-core', open, tufJs, 10_000),
    weighed('size-with-sigstore', `${open}export * from '@plugmark/client/sigstore';`, both, 25_000),
  ]);
}

interface Synthetic {
  /** `1k`, `10k`. */
  readonly label: string;
  readonly tree: string;
  readonly root: Uint8Array;
  /** Ids; the first one's artifact has 1 MB. */
  readonly plugins: readonly string[];
  readonly hostOf: ReadonlyMap<string, string>;
  readonly server: ServedFolder;
}

async function openSynthetic(plugins: number): Promise<Synthetic> {
  const label = `${plugins / 1000}k`;
  const folder = join(FOLDERS, label);
  const options = {
    folder,
    plugins,
    releases: 1,
    seed: 'bench',
    now: recentMidnight(2),
    firstArtifactBytes: 1_000_000,
  };
  await syntheticFolder(options);
  const tree = join(folder, 'tree');
  const index = JSON.parse(readFileSync(join(tree, 'v1/index.json'), 'utf8')) as {
    plugins: { plugin: string; size: number; host: string }[];
  };
  const [large, ...small] = index.plugins.sort((a, b) => b.size - a.size).map(({ plugin }) => plugin);
  return {
    label,
    tree,
    root: new Uint8Array(readFileSync(join(folder, 'root.json'))),
    plugins: [large as string, ...small],
    hostOf: new Map(index.plugins.map(({ plugin, host }) => [plugin, host])),
    server: await serveFolder(tree),
  };
}

/** Metadata only, as both libraries do it: refresh, then where the target is and what its hash is. */
async function resolveRows({ label, tree, root, plugins, server }: Synthetic): Promise<Row[]> {
  const target = `plugins/${plugins[plugins.length >> 1]}.json`;
  const ours = async (store: TrustStore, fetchImpl: typeof fetch = fetch): Promise<void> => {
    const fetchFile = askAhead((path, maxBytes) =>
      fetchBytes(fetchImpl, `${server.url}${path}`, { maxBytes, timeoutMs: 30_000 }),
    );
    const tuf = await refreshMetadata({ root, store, fetchFile, now: new Date() });
    if ((await tuf.target(target)) === undefined) throw new TypeError(`${target} was not found`);
  };
  const folders = scratchFolders();
  try {
    const warmStore = memoryStore();
    const warmFolder = folders.make(root);
    const theirs = (folder = folders.make(root)): Promise<void> => tufJs(server.url, folder, target);
    const [cold = Number.NaN, coldTuf = Number.NaN] = await mediansMs([() => ours(memoryStore()), () => theirs()], {
      runs: RUNS.runs,
      warmMs: WARM_MS,
    });
    const flushed = await medianMs(() => ours(fileStore(folders.make(root))), RUNS);
    const [warm = Number.NaN, warmTuf = Number.NaN] = await mediansMs(
      [() => ours(warmStore), () => theirs(warmFolder)],
      { runs: RUNS.runs, warmMs: WARM_MS },
    );
    const traffic = nearby(tree);
    await ours(memoryStore(), traffic.fetch);
    const name = `resolve-cold-${label}`;
    return [
      row({
        name,
        unit: 'ms',
        value: cold,
        peer: { name: 'tuf-js', value: coldTuf },
        goal: { of: 'ratio', atMost: 0.25 },
      }),
      // Each file is flushed to the disk, which tuf-js leaves to the system.
      row({ name: `${name}-flushed`, unit: 'ms', value: flushed, peer: { name: 'tuf-js', value: coldTuf } }),
      row({ name: `${name}-requests`, unit: 'requests', value: traffic.requests(), goal: { of: 'value', atMost: 5 } }),
      row({ name: `${name}-bytes`, unit: 'bytes', value: traffic.bytes(), goal: { of: 'value', atMost: 8_000 } }),
      row({ name: `resolve-warm-${label}`, unit: 'ms', value: warm, peer: { name: 'tuf-js', value: warmTuf } }),
    ];
  } finally {
    folders.remove();
  }
}

async function tufJs(url: string, folder: string, target: string): Promise<void> {
  const updater = new Updater({
    metadataDir: folder,
    metadataBaseUrl: `${url}metadata`,
    targetDir: folder,
    targetBaseUrl: `${url}targets`,
  });
  await updater.refresh();
  if ((await updater.getTargetInfo(target)) === undefined) throw new TypeError(`${target} was not found`);
}

function scratchFolders(): { make(root: Uint8Array): string; remove(): void } {
  const folders: string[] = [];
  return {
    make(root) {
      const folder = mkdtempSync(join(tmpdir(), 'plugmark-bench-'));
      writeFileSync(join(folder, 'root.json'), root);
      folders.push(folder);
      return folder;
    },
    remove: () => folders.forEach((folder) => void rmSync(folder, { recursive: true })),
  };
}

/** No distance: for counting. */
const nearby = (tree: string): Traffic =>
  overSlowLink(answersFrom(tree), { roundTripMs: 20, bitsPerSecond: 1e12, connections: 'many' });

const clientOver = ({ root }: Synthetic, { fetch }: Traffic, store: TrustStore): RegistryClient =>
  openRegistry({ url: 'https://bench.example/', root, store, fetch, now: () => new Date() });

const INSTALL_MS = { of: 'value', atMost: 2_000 } as const;
const INSTALL_TRIPS = { of: 'value', atMost: 6 } as const;
const CHECK_TRIPS = { of: 'value', atMost: 1 } as const;
const CHECK_BYTES = { of: 'value', atMost: 1_000 } as const;

/** As an application manages plugins: policy, consent, lockfile, proofs and log are part of it. */
function managed(
  { root, hostOf, plugins: [first = ''] }: Synthetic,
  { fetch }: Traffic,
  { store = memoryStore(), plugin = first }: { readonly store?: PluginStore; readonly plugin?: string } = {},
): Plugins {
  return openPlugins({
    url: 'https://bench.example/',
    root,
    store,
    fetch,
    now: () => new Date(),
    host: { id: hostOf.get(plugin) ?? '' },
    consent: async ({ decision }) => ({ allow: true, explicitly: decision.explicit }),
  });
}

/** From nothing but the root to verified bytes in the store. */
async function installRows(registry: Synthetic): Promise<Row[]> {
  const plugin = registry.plugins[0] as string;
  const over = async (link: SlowLink, install: (traffic: Traffic) => Promise<unknown>): Promise<Traffic> => {
    const traffic = overSlowLink(answersFrom(registry.tree), link);
    await install(traffic);
    return traffic;
  };
  const core = (traffic: Traffic) => clientOver(registry, traffic, memoryStore()).install(plugin);
  const whole = (traffic: Traffic) => managed(registry, traffic).install(plugin);
  const [traffic, wholeTraffic] = [await over(HOME_LINE, core), await over(HOME_LINE, whole)];
  const timed = (connections: SlowLink['connections'], install: (traffic: Traffic) => Promise<unknown>) =>
    medianMs(() => over({ ...HOME_LINE, connections }, install), { runs: 5, warmup: 1 });
  const name = 'install-cold-1mb';
  return [
    row({ name, unit: 'ms', value: await timed('shared', core), goal: INSTALL_MS }),
    // Without HTTP/2 each request that has no idle connection opens one.
    row({ name: `${name}-http1`, unit: 'ms', value: await timed('many', core), goal: INSTALL_MS }),
    row({ name: `${name}-trips`, unit: 'trips', value: traffic.trips(), goal: INSTALL_TRIPS }),
    row({ name: `${name}-requests`, unit: 'requests', value: traffic.requests() }),
    row({ name: `${name}-bytes`, unit: 'bytes', value: traffic.bytes() }),
    row({ name: `${name}-plugins`, unit: 'ms', value: await timed('shared', whole), goal: INSTALL_MS }),
    row({ name: `${name}-plugins-trips`, unit: 'trips', value: wholeTraffic.trips(), goal: INSTALL_TRIPS }),
    row({ name: `${name}-plugins-requests`, unit: 'requests', value: wholeTraffic.requests() }),
  ];
}

/** Twenty plugins are installed, and nothing has changed since. */
async function updateRows(registry: Synthetic): Promise<Row[]> {
  const { plugins, hostOf } = registry;
  const [plugin = ''] = plugins.slice(1);
  const installed = plugins
    .slice(1)
    .filter((other) => hostOf.get(other) === hostOf.get(plugin))
    .slice(0, 20);
  const store = memoryStore();
  const first = clientOver(registry, nearby(registry.tree), store);
  for (const one of installed) await first.install(one);
  const traffic = nearby(registry.tree);
  const client = clientOver(registry, traffic, store);
  await client.refresh();
  await Promise.all(installed.map((one) => client.resolve(one)));
  const kept = { store: memoryStore(), plugin };
  await managed(registry, nearby(registry.tree), kept).install(installed);
  const again = nearby(registry.tree);
  const outcomes = await managed(registry, again, kept).update();
  const current = outcomes.filter(({ state }) => state === 'current').length;
  if (current !== installed.length) throw new TypeError(`${current} of ${installed.length} plugins are current`);
  const name = 'update-check-20';
  return [
    row({ name, unit: 'trips', value: traffic.trips(), goal: CHECK_TRIPS }),
    row({ name: `${name}-requests`, unit: 'requests', value: traffic.requests() }),
    row({ name: `${name}-bytes`, unit: 'bytes', value: traffic.bytes(), goal: CHECK_BYTES }),
    row({ name: `${name}-plugins`, unit: 'trips', value: again.trips(), goal: CHECK_TRIPS }),
    row({ name: `${name}-plugins-requests`, unit: 'requests', value: again.requests() }),
    row({ name: `${name}-plugins-bytes`, unit: 'bytes', value: again.bytes(), goal: CHECK_BYTES }),
  ];
}

// What the TUF conformance suite asks of a client, over ours and without Node: the same lines run in a page. Nothing is added to the
// client's decisions.
import { fetchBytes, refreshMetadata, type TrustStore } from '@plugmark/client/trust';

export interface TufCommand {
  readonly metadataUrl: string;
  readonly targetsUrl: string;
  /** Paths to download after the refresh, in order. */
  readonly targets: readonly string[];
  readonly now: Date;
}

export interface TufPorts {
  /** What a host would ship. */
  readonly root: Uint8Array;
  readonly store: TrustStore;
  readonly save: (target: string, bytes: Uint8Array) => Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** Throws what the client throws; targets before the one that failed have been saved. */
export async function runTufCommand(command: TufCommand, { root, store, save }: TufPorts): Promise<void> {
  const base: Readonly<Record<string, string>> = { metadata: command.metadataUrl, targets: command.targetsUrl };
  const client = await refreshMetadata({
    root,
    store,
    now: command.now,
    fetchFile(path, maxBytes) {
      const [, folder = '', name = ''] = /^(metadata|targets)\/(.*)$/s.exec(path) ?? [];
      const url = `${(base[folder] ?? '').replace(/\/$/, '')}/${name}`;
      return fetchBytes(fetch, url, { maxBytes, timeoutMs: TIMEOUT_MS });
    },
  });
  for (const target of command.targets) {
    const info = await client.target(target);
    if (info === undefined) throw new Error(`no role lists ${target}`);
    await save(target, await client.download(info));
  }
}

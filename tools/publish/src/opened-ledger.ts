// The ledger as a build of what changed uses it: the head and what hangs on it must fit; a list is read when one of its plugins is
// needed and must be the one that `lists.txt` names, what belongs to a plugin must be what its row names. Whatever is not read is not
// verified: a whole build is what reads everything.

import { LedgerEntry, type LedgerHead, LedgerInputs, type LedgerRow, parseJson } from '@plugmark/schemas';
import { readDigestLines } from './content-sum.ts';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import type { LazyFiles } from './lazy-files.ts';
import { attestationPath, HEAD, type Ledger, readHead, releaseKey } from './ledger.ts';
import { INPUTS, type LedgerRows, LISTED, listPath, readList } from './ledger-lists.ts';
import { previousOnline } from './metadata-history.ts';
import { refsIn } from './packs.ts';
import { entryPath } from './shelve-plugin.ts';
import type { PreviousOnline } from './tuf/online.ts';
import { readRole, targetEntry } from './tuf/role.ts';

export interface OpenedLedger {
  readonly files: LazyFiles;
  readonly head: LedgerHead;
  readonly headBytes: Uint8Array;
  /** sha256 of each list and of the inputs, by path in the ledger. */
  readonly digests: ReadonlyMap<string, string>;
  readonly inputs: LedgerInputs;
  readonly row: (plugin: string) => LedgerRow | undefined;
  /** Of the list at a path; none where there is no such list. */
  readonly rowsAt: (path: string) => LedgerRows;
}

/** Undefined for a ledger that has no lists yet: its first build is a whole one. Throws LEDGER_INVALID, SchemaError. */
export function openLedger(files: LazyFiles, registry: string): OpenedLedger | undefined {
  const headBytes = files.get(HEAD);
  if (headBytes === undefined) return undefined;
  const head = readHead(headBytes, registry);
  const lines = files.get(LISTED);
  if (head.listsSha256 === undefined || lines === undefined) return undefined;
  if (sha256(lines) !== head.listsSha256)
    throw new PublishError('LEDGER_INVALID', LISTED, 'its lists are not those the head was closed with');
  const digests = readDigestLines(lines);
  const read = new Map<string, LedgerRows>();
  const rowsAt = (path: string): LedgerRows => {
    const rows =
      read.get(path) ?? (digests.has(path) ? readList(path, named(files, path, digests.get(path))) : NO_ROWS);
    read.set(path, rows);
    return rows;
  };
  return {
    ...{ files, head, headBytes, digests, rowsAt },
    inputs: parseJson(LedgerInputs, named(files, INPUTS, digests.get(INPUTS)), INPUTS),
    row: (plugin) => rowsAt(listPath(plugin)).get(plugin),
  };
}

const NO_ROWS: LedgerRows = new Map();

/** Every plugin's row: reads every list. */
export function allRows({ digests, rowsAt }: OpenedLedger): LedgerRows {
  const paths = [...digests.keys()].filter((path) => path !== INPUTS).sort();
  return new Map(paths.flatMap((path) => [...rowsAt(path)]));
}

/** What the ledger has of some plugins, in the form a whole build reads. Those it does not know are passed over. */
export function ledgerOf(ledger: OpenedLedger, plugins: Iterable<string>): Ledger {
  const entries = new Map<string, LedgerEntry>();
  const attestations = new Map<string, Uint8Array>();
  for (const plugin of plugins) {
    for (const { version, sha256: digest } of ledger.row(plugin)?.entries ?? []) {
      const entry = readEntry(ledger, { plugin, version }, digest);
      entries.set(releaseKey(entry), entry);
      for (const ref of refsIn(entry)) {
        const path = attestationPath(ref.sha256);
        attestations.set(ref.sha256, named(ledger.files, path, ref.sha256));
      }
    }
  }
  return { head: ledger.head, entries, attestations, metadata: new Map(), targets: new Map() };
}

function readEntry({ files }: OpenedLedger, at: { plugin: string; version: string }, digest: string): LedgerEntry {
  const path = entryPath(at);
  const entry = parseJson(LedgerEntry, named(files, path, digest), path);
  if (releaseKey(entry) === releaseKey(at)) return entry;
  throw new PublishError('LEDGER_INVALID', path, `speaks about ${releaseKey(entry)}`);
}

function named(files: LazyFiles, path: string, digest: string | undefined): Uint8Array {
  const bytes = files.get(path);
  if (bytes !== undefined && sha256(bytes) === digest) return bytes;
  throw new PublishError('LEDGER_INVALID', path, bytes === undefined ? 'is missing' : 'is not the one it is named as');
}

/** The metadata in force; it must lead from the timestamp to every role. Throws LEDGER_INVALID. */
export function currentMetadata({ files }: OpenedLedger): PreviousOnline {
  const names = files.namesIn('metadata');
  const online = previousOnline({ keys: () => names, get: (name) => files.get(`metadata/${name}`) });
  if (online === undefined) throw new PublishError('LEDGER_INVALID', 'metadata', 'is missing');
  const listed = readRole(online.timestamp, 'timestamp', 'timestamp.json').meta['snapshot.json'];
  const { length, hashes } = targetEntry(online.snapshot);
  if (listed?.length !== length || listed.hashes?.sha256 !== hashes.sha256)
    throw new PublishError('LEDGER_INVALID', 'metadata', 'its timestamp is of another snapshot');
  const { meta } = readRole(online.snapshot, 'snapshot', 'snapshot.json');
  for (const [role, version] of online.versions)
    if (meta[`${role}.json`]?.version !== version)
      throw new PublishError('LEDGER_INVALID', 'metadata', `its snapshot is of another ${role}.json`);
  return online;
}

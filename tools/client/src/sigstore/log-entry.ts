// That a log holds an entry: by its promise (Rekor v1), by the path to a signed tree (both versions). A promise also gives a time.
import { ClientError } from '../error.ts';
import { equalBytes, toBase64 } from '../trust/bytes.ts';
import { canonicalJson } from '../trust/canonical.ts';
import { readCheckpoint } from './checkpoint.ts';
import { leafHash, rootFromPath } from './merkle.ts';
import type { LogEntry } from './sigstore-bundle.ts';
import { isWithin, type Log } from './trusted-root.ts';

function logOf({ logId }: LogEntry, logs: readonly Log[]): Log {
  const log = logs.find(({ id }) => id === logId);
  if (log !== undefined) return log;
  throw new ClientError('LOG_UNKNOWN', { logId });
}

/** The time a promise vouches for, in milliseconds; undefined without one. Throws LOG_UNKNOWN, LOG_PROMISE_INVALID. */
export async function promisedTime(entry: LogEntry, logs: readonly Log[]): Promise<number | undefined> {
  const { promise, integratedTime, logId, logIndex, body } = entry;
  if (promise === undefined) return undefined;
  const log = logOf(entry, logs);
  const signed = canonicalJson({ body: toBase64(body), integratedTime: integratedTime ?? 0, logID: logId, logIndex });
  const at = (integratedTime ?? 0) * 1000;
  const details = { log: log.name, logIndex };
  if (!integratedTime || !(await log.key.verify(promise, signed)))
    throw new ClientError('LOG_PROMISE_INVALID', details);
  if (!isWithin(log.window, at)) throw new ClientError('LOG_UNKNOWN', { ...details, what: 'window' });
  return at;
}

/** Throws LOG_UNKNOWN, LOG_PROOF_INVALID. `times` are those the signature was made at; the log must have counted then. */
export async function requireIncluded(entry: LogEntry, logs: readonly Log[], times: readonly number[]): Promise<void> {
  const log = logOf(entry, logs);
  const details = { log: log.name, logIndex: entry.logIndex };
  if (!times.every((at) => isWithin(log.window, at)))
    throw new ClientError('LOG_UNKNOWN', { ...details, what: 'window' });
  if (entry.proof === undefined) {
    // v0.1 bundles may have a promise alone; it was verified with the time.
    if (entry.promise !== undefined) return;
    throw new ClientError('LOG_PROOF_INVALID', { ...details, what: 'no proof' });
  }
  const { logIndex: index, treeSize: size, hashes, rootHash, checkpoint } = entry.proof;
  const signed = await readCheckpoint(checkpoint, log);
  const root = await rootFromPath(await leafHash(entry.body), { index, size, hashes });
  const agrees =
    root !== undefined && signed.size === size && equalBytes(root, signed.root) && equalBytes(root, rootHash);
  if (!agrees) throw new ClientError('LOG_PROOF_INVALID', { ...details, what: 'path' });
}

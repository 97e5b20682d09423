import type { FetchFile } from './attestation.ts';
import { MAX_TIMESTAMP_BYTES, storedTopLevel } from './trust/trust-store.ts';

const TIMESTAMP = storedTopLevel('timestamp');

/**
 * For one refresh: asks for the timestamp together with the root that may be next, which nearly always is not there. One wait less on
 * every refresh. The bytes are believed no sooner; after a new root they are asked for again, since its keys may be others.
 */
export function askAhead(fetchFile: FetchFile): FetchFile {
  let roots = 0;
  let timestamp: ReturnType<FetchFile> | undefined;
  return (path, maxBytes) => {
    if (path.endsWith('.root.json')) {
      roots += 1;
      timestamp = roots === 1 ? fetchFile(TIMESTAMP, MAX_TIMESTAMP_BYTES) : undefined;
      // Whoever asks for it hears of its failure; when the root fails first, nobody does.
      timestamp?.catch(() => undefined);
    } else if (path === TIMESTAMP && timestamp) {
      return timestamp;
    }
    return fetchFile(path, maxBytes);
  };
}

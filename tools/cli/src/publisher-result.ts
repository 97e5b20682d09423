// What the client found out about a publisher's signature, as commands print it.

import type { InstalledPlugin } from '@plugmark/client';
import type { InstallResult } from '@plugmark/schemas';

/** Times as whole seconds; a log entry by the log's name and the entry's number. */
export function publisherResult({
  state,
  signer,
  workflow,
  signedAt,
  entries,
}: InstalledPlugin['publisher']): InstallResult['publisher'] {
  const { repositoryId: _, ownerId: __, ...shown } = workflow ?? {};
  const known = Object.entries(shown).filter(([, value]) => value !== undefined);
  return {
    state,
    signer,
    ...(workflow === undefined ? {} : { workflow: Object.fromEntries(known) }),
    ...(signedAt === undefined ? {} : { signedAt: `${new Date(signedAt).toISOString().slice(0, 19)}Z` }),
    ...(entries === undefined ? {} : { log: entries.map(({ log, logIndex }) => ({ name: log, index: logIndex })) }),
  };
}

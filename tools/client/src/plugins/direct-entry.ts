// What tells plugins of no registry apart: in the lockfile, and in whose consent is whose.
import type { ReceiptSource } from '../documents/consent.ts';
import type { DirectSource, LockedPlugin, LockedSource } from '../documents/lockfile.ts';

/** A plugin of no registry. */
export type DirectEntry = LockedPlugin & { readonly source: DirectSource };

export function isDirect(entry: LockedPlugin): entry is DirectEntry {
  return entry.source.kind !== 'registry';
}

/** Whose consent it is: absent for plugins of a registry, whose names one party gives. */
export function receiptSource(source: LockedSource): ReceiptSource | undefined {
  if (source.kind === 'registry') return undefined;
  return source.kind === 'file' ? { kind: 'file' } : { kind: 'github', repositoryId: source.repositoryId };
}

/** `file`, `github-4711`: part of a file's name. */
export const sourceKey = (source: ReceiptSource): string =>
  source.kind === 'file' ? 'file' : `github-${source.repositoryId}`;

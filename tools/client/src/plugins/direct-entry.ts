// What tells plugins of no registry apart: in the lockfile, in whose consent is whose, and in what each kind of source stands for.
import type { ReceiptSource } from '../documents/consent.ts';
import type { DirectSource, LockedPlugin, LockedSource } from '../documents/lockfile.ts';
import { sha256, toHex, utf8 } from '../trust/bytes.ts';
import type { Tier } from '../verify-release.ts';

/** A plugin of no registry. */
export type DirectEntry = LockedPlugin & { readonly source: DirectSource };

export function isDirect(entry: LockedPlugin): entry is DirectEntry {
  return entry.source.kind !== 'registry';
}

/** Whose consent it is: absent for plugins of a registry, whose names one party gives. */
export function receiptSource(source: LockedSource): ReceiptSource | undefined {
  if (source.kind === 'registry') return undefined;
  if (source.kind === 'oci') return { kind: 'oci', repository: source.repository };
  return source.kind === 'file' ? { kind: 'file' } : { kind: 'github', repositoryId: source.repositoryId };
}

/** `file`, `github-4711`, `oci-<hash of the repository>`: part of a file's name. */
export async function sourceKey(source: ReceiptSource): Promise<string> {
  if (source.kind === 'oci') return `oci-${toHex(await sha256(utf8(source.repository)))}`;
  return source.kind === 'file' ? 'file' : `github-${source.repositoryId}`;
}

/** Whether anybody signed a plugin of no registry: nobody, or nobody knows whose signature would count. */
export type DirectState = 'notSigned' | 'notChecked';

/**
 * What a source stands for. OCI artifacts may have Sigstore bundles beside them. A bundle says that some identity signed; whose it would
 * have to be, only a registry's list of publishers says. So none is looked for, and that is what the state says.
 */
const SOURCES: Readonly<Record<DirectSource['kind'], { readonly tier: Tier; readonly state: DirectState }>> = {
  github: { tier: 'community', state: 'notSigned' },
  oci: { tier: 'community', state: 'notChecked' },
  file: { tier: 'local', state: 'notSigned' },
};

export const tierOfSource = ({ kind }: DirectSource): Tier => SOURCES[kind].tier;
export const stateOfSource = ({ kind }: DirectSource): DirectState => SOURCES[kind].state;

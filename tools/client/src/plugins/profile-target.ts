import { type HostProfile, hostProfile } from '../documents/host-profile.ts';
import { ClientError } from '../error.ts';
import type { SignedDocuments } from '../signed-documents.ts';
import { readJson } from '../trust/shape.ts';

/** The registry's offline-signed profile of a host; undefined when it lists none. Throws DOCUMENT_MALFORMED, DOCUMENT_MISMATCH. */
export async function hostProfileOf({ tuf }: SignedDocuments, host: string): Promise<HostProfile | undefined> {
  const path = `hosts/${host}.json`;
  const info = await tuf.target(path);
  if (info === undefined) return undefined;
  // An online role must not word what a capability means.
  if (info.role !== 'targets') throw new ClientError('DOCUMENT_MISMATCH', { path, role: info.role });
  return readJson(await tuf.download(info), { code: 'DOCUMENT_MALFORMED', path }, hostProfile);
}

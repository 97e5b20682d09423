import { type HostProfile, hostProfile } from '../documents/host-profile.ts';
import { ClientError } from '../error.ts';
import type { SignedDocuments } from '../signed-documents.ts';
import { anyObject, readJson } from '../trust/shape.ts';

/** The registry's offline-signed profile of a host; undefined when it lists none. Throws DOCUMENT_MALFORMED, DOCUMENT_MISMATCH. */
export async function hostProfileOf(documents: SignedDocuments, host: string): Promise<HostProfile | undefined> {
  const json = await hostProfileJson(documents, host);
  return json === undefined ? undefined : hostProfile(json, { code: 'DOCUMENT_MALFORMED', path: `hosts/${host}.json` });
}

/** The whole file, of which consent reads a part and the analysis the rest. */
export async function hostProfileJson({ tuf }: SignedDocuments, host: string): Promise<unknown> {
  const path = `hosts/${host}.json`;
  const info = await tuf.target(path);
  if (info === undefined) return undefined;
  // An online role must not word what a capability means.
  if (info.role !== 'targets') throw new ClientError('DOCUMENT_MISMATCH', { path, role: info.role });
  return readJson(await tuf.download(info), { code: 'DOCUMENT_MALFORMED', path }, anyObject);
}

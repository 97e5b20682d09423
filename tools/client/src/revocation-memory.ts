// What was ever revoked, as this store has seen it. The newest signed list wins where it says something; where it is silent about what
// it once revoked, the memory holds: only a signed `lifted` takes a revocation back. Kept beside the metadata and, like it, read back
// as data: somebody who can write to the store can make it forget, but never make it forgive what the signed list says now.
import { type Revocations, revocations } from './documents/publishers.ts';
import { ClientError } from './error.ts';
import { canonicalJson } from './trust/canonical.ts';
import { readJson } from './trust/shape.ts';
import type { TrustStore } from './trust/trust-store.ts';

const MEMORY = 'trust/revocations-seen';

/** What was remembered; nothing where the file is absent or unreadable, as after a damaged disk. */
export async function recallRevocations(store: TrustStore): Promise<Revocations | undefined> {
  const bytes = await store.get(MEMORY);
  try {
    return bytes && readJson(bytes, { code: 'DOCUMENT_MALFORMED', path: MEMORY }, revocations);
  } catch (error) {
    if (error instanceof ClientError) return undefined;
    throw error;
  }
}

/** The signed list and what it has dropped, which is remembered from now on. */
export async function rememberRevocations(store: TrustStore, signed: Revocations): Promise<Revocations> {
  const known = await recallRevocations(store);
  const said = new Set(signed.revocations.map(keyOf));
  const dropped = (known?.registry === signed.registry ? known.revocations : []).filter(
    (entry) => !said.has(keyOf(entry)),
  );
  const all = { registry: signed.registry, revocations: [...signed.revocations, ...dropped] };
  const bytes = canonicalJson({ schemaVersion: 1, ...all });
  const before = await store.get(MEMORY);
  // Written only when it changes: most refreshes change nothing.
  if (before?.length !== bytes.length || bytes.some((byte, i) => byte !== before[i])) await store.put(MEMORY, bytes);
  return all;
}

function keyOf({ sha256, plugin, version }: Revocations['revocations'][number]): string {
  return `${sha256} ${plugin}@${version}`;
}

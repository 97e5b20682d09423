// Where the bytes of a release are asked for: at the registry's own address, and where it has no such file, at the mirrors its offline keys
// list. An unsigned list would let a server send this client to any address, behind the user's firewall too.
import type { Core } from './core.ts';
import type { Release } from './documents/release.ts';
import { ClientError } from './error.ts';
import { blobPath } from './install-release.ts';
import { sha256, toHex } from './trust/bytes.ts';

type Artifact = Pick<Release['artifact'], 'sha256' | 'kind'>;

/**
 * `get` fetches one address; undefined where there is no such file. A mirror that fails or has other bytes is passed over, so undefined is
 * also the answer where nobody has them. Throws what `get` throws at the registry's own address, and what reading the list throws.
 */
export async function askPlaces(
  { url: own, documents }: Pick<Core, 'url' | 'documents'>,
  artifact: Artifact,
  get: (url: string) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array | undefined> {
  const path = blobPath(artifact);
  const served = await get(own + path);
  if (served) return served;
  const listed = await (await documents()).mirrors();
  for (const { url } of listed?.mirrors ?? []) {
    // Who came over https is not sent on in the clear; a registry without it, on loopback or a closed network, has such mirrors.
    if (url.startsWith('http:') && own.startsWith('https:')) continue;
    const bytes = await get(url.replace(/\/?$/, '/') + path).catch(passOver);
    if (bytes && toHex(await sha256(bytes)) === artifact.sha256) return bytes;
  }
  return undefined;
}

function passOver(error: unknown): undefined {
  if (!(error instanceof ClientError) || error.code === 'STORE') throw error;
}

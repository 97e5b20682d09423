// One file of a registry, as it is served, up to a limit. Nothing is believed for having come: whoever asks compares its digest, or takes
// a plain view for what it is, which nobody signs.

import { ClientError } from '@plugmark/client';
import { fetchBytes } from '@plugmark/client/trust';
import { CliError } from './cli-error.ts';
import type { RegistryAddress } from './open-source.ts';
import { unreachable } from './unreachable-words.ts';

/** What a slow line takes for what is small, and a millisecond for every fifty bytes more. */
const timeFor = (bytes: number): number => 120_000 + Math.ceil(bytes / 50);

/** The bytes, or undefined where the server has no such file or more than `maxBytes` of it. Throws UNREACHABLE. */
export async function registryFile(
  { url, fetch }: RegistryAddress,
  path: string,
  maxBytes: number,
  timeoutMs: number = timeFor(maxBytes),
): Promise<Uint8Array | undefined> {
  const address = new URL(path, url.endsWith('/') ? url : `${url}/`).href;
  try {
    return await fetchBytes(fetch, address, { maxBytes, timeoutMs });
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    if (cause.code === 'TOO_LARGE') return undefined;
    const { message, ...hint } = unreachable(cause.details, cause.cause);
    throw new CliError('UNREACHABLE', message, { cause, ...hint });
  }
}

const MAX_VIEW_BYTES = 50_000_000;
/** Longer than a large view takes on a slow line. */
const VIEW_MS = 120_000;

/** One of the plain views. Throws UNREACHABLE: that a server does not answer must not be taken for an answer. */
export function readView(address: RegistryAddress, path: string): Promise<Uint8Array | undefined> {
  return registryFile(address, path, MAX_VIEW_BYTES, VIEW_MS);
}

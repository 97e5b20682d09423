// One file of a registry, as it is served, up to a limit. Whoever asks compares its digest: nothing is believed for having come.

import { CliError } from './cli-error.ts';
import type { RegistryAddress } from './open-source.ts';
import { connectionProblem } from './unreachable-words.ts';

/** The bytes, or undefined where the server has no such file or more than `maxBytes` of it. Throws UNREACHABLE. */
export async function registryFile(
  { url, fetch }: RegistryAddress,
  path: string,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const address = new URL(path, url.endsWith('/') ? url : `${url}/`);
  try {
    const response = await fetch(address, { credentials: 'omit', redirect: 'error' });
    if (response.status !== 200) {
      await response.body?.cancel();
      if (response.status === 404 || response.status === 403) return undefined;
      throw new CliError('UNREACHABLE', `${address.href}: the server answered ${response.status}`);
    }
    return await readUpTo(response, maxBytes);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError('UNREACHABLE', `${address.href}: ${connectionProblem(cause)}`, { cause });
  }
}

async function readUpTo({ body }: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

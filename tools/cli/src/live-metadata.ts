// What a fresh client accepted from a registry just now, and when each piece of it ends. Every file is recorded as the client fetched
// it; the client verified it, so its date can be believed.

import { memoryStore, openRegistry, type RegistryState } from '@plugmark/client';
import type { RegistryAddress } from './open-source.ts';

export interface LiveRole {
  readonly role: string;
  readonly version: number;
  readonly expires: Date;
}

export interface LiveRegistry {
  readonly state: RegistryState;
  readonly roles: readonly LiveRole[];
}

const METADATA = /\/metadata\/(?:\d+\.)?([a-z0-9-]+)\.json$/;

/** Throws ClientError when a client that was just installed would refuse the registry. */
export async function liveRegistry(address: RegistryAddress, root: Uint8Array, now: () => Date): Promise<LiveRegistry> {
  const seen = new Map<string, Uint8Array[]>([['root', [root]]]);
  const recording: typeof fetch = async (input, init) => {
    const response = await address.fetch(input, init);
    const role = METADATA.exec(new URL(input instanceof Request ? input.url : String(input)).pathname)?.[1];
    if (role === undefined || !response.ok || response.body === null) return response;
    const chunks: Uint8Array[] = [];
    seen.set(role, chunks);
    const { status, headers } = response;
    return new Response(response.body.pipeThrough(recorder(chunks)), { status, headers });
  };
  const client = openRegistry({ url: address.url, root, store: memoryStore(), fetch: recording, now });
  const state = await client.refresh();
  return { state, roles: [...seen].map(([role, chunks]) => liveRole(role, Buffer.concat(chunks))) };
}

/** Keeps what the client reads and no more: it stops where a file is longer than it may be, and one may have no end. */
const recorder = (chunks: Uint8Array[]): TransformStream<Uint8Array, Uint8Array> =>
  new TransformStream({
    transform(chunk, stream) {
      chunks.push(chunk);
      stream.enqueue(chunk);
    },
  });

function liveRole(role: string, bytes: Uint8Array): LiveRole {
  const { signed } = JSON.parse(new TextDecoder().decode(bytes)) as { signed: { version: number; expires: string } };
  return { role, version: signed.version, expires: new Date(signed.expires) };
}

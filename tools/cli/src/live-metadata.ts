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
  const seen = new Map<string, Uint8Array>([['root', root]]);
  const recording: typeof fetch = async (input, init) => {
    const response = await address.fetch(input, init);
    const role = METADATA.exec(new URL(input instanceof Request ? input.url : String(input)).pathname)?.[1];
    if (role === undefined || !response.ok) return response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    seen.set(role, bytes);
    return new Response(bytes, { status: response.status, headers: response.headers });
  };
  const client = openRegistry({ url: address.url, root, store: memoryStore(), fetch: recording, now });
  const state = await client.refresh();
  return { state, roles: [...seen].map(([role, bytes]) => liveRole(role, bytes)) };
}

function liveRole(role: string, bytes: Uint8Array): LiveRole {
  const { signed } = JSON.parse(new TextDecoder().decode(bytes)) as { signed: { version: number; expires: string } };
  return { role, version: signed.version, expires: new Date(signed.expires) };
}

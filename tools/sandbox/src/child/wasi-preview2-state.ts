import type { VirtualFiles } from './virtual-files.ts';
import type { World } from './world.ts';

/** What a stream reads from or writes to. */
export interface StreamState {
  readonly read?: (length: number) => Uint8Array;
  readonly write?: (bytes: Uint8Array) => void;
}

export interface WasiP2Options {
  readonly world: World;
  readonly folder?: { readonly files: VirtualFiles; readonly writable: boolean } | undefined;
}

/** An object with a payload is how a function fails in its own type; anything else thrown would end the plugin. */
export interface Failure {
  readonly payload: unknown;
}

export function failure(payload: unknown): Failure {
  return { payload };
}

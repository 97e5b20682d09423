// What an ABI is: which functions a host offers to a core module, and how one call of a vector becomes calls of exports.

import type { Guest, HostModule } from './guest.ts';
import type { Denials } from './link.ts';
import type { ChildRequest, Json, Payload } from './request.ts';
import type { World } from './world.ts';

/** One running plugin on one vector. */
export interface Session {
  readonly guest: Guest;
  readonly world: World;
  readonly request: ChildRequest;
}

export interface CallInput {
  readonly entry: string;
  readonly input: Payload | undefined;
  /** 0 for the first call of the vector. */
  readonly number: number;
}

/** The functions a call uses, and what has to happen around it; made anew for each instance. */
export interface CoreHost {
  readonly functions: Readonly<Record<string, HostModule>>;
  readonly denials?: Denials;
  /** After instantiation, as part of the start. */
  readonly start?: () => void;
  readonly call: (call: CallInput) => Json;
}

export type CoreAbi = (session: Session) => CoreHost;

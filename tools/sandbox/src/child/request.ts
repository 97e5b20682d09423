// What the parent hands to the child, and what the child answers. The child has no schemas: it believes its parent. The parent
// believes nothing that comes back (see `ChildAnswer` in @plugmark/schemas).

import type { WitWorld } from '@plugmark/wasm';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export type Payload = { readonly json: unknown } | { readonly text: string } | { readonly base64: string };

/** The parts of a vector that a run needs; see the format `vector`. */
export interface ChildVector {
  readonly index: number;
  readonly calls: readonly { readonly entry: string; readonly input?: Payload | undefined }[];
  readonly grants: readonly string[];
  readonly seed?: number | undefined;
  readonly channels?:
    | readonly {
        readonly label: string;
        readonly sampleRate: number;
        readonly unit: string;
        readonly samples: readonly number[];
      }[]
    | undefined;
  readonly files?: readonly { readonly path: string; readonly content: Payload }[] | undefined;
  readonly responses?: Readonly<Record<string, readonly Payload[]>> | undefined;
}

export type Meaning =
  | { readonly as: 'capability'; readonly capability: string }
  /** `varies`: the host promises nothing about its answers, as of a clock that goes on between calls. */
  | { readonly as: 'runtime'; readonly varies?: true }
  | { readonly as: 'forbidden' };

/** An import and what the host's profile says of it; without a meaning the profile does not know it. */
export interface ImportRule {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
  readonly meaning?: Meaning | undefined;
}

interface ChildLimits {
  /** Fuel of one call, and of the start. */
  readonly fuel: number;
  readonly memoryBytes: number;
  readonly outputBytes: number;
  /** Host calls within one call. */
  readonly hostCalls: number;
}

/** Names of the exports that metering added. */
export interface MeterNames {
  readonly fuel: string;
  readonly exhausted: string;
  readonly state: {
    readonly growthFailed: string;
    /** The start function, which the engine no longer calls by itself. */
    readonly start?: string | undefined;
    readonly memories: readonly string[];
    readonly globals: readonly string[];
  };
}

/** A component taken apart: what its glue asks for by name, in the order of the frames that follow. */
export interface ComponentParts {
  readonly world: WitWorld;
  readonly modules: readonly { readonly name: string; readonly meter: MeterNames | undefined }[];
}

/** Frames after it: for `translate` the component; for `run` the module, or the glue and every part of a component. */
export interface ChildRequest {
  readonly task: 'run' | 'translate';
  readonly nonce: string;
  readonly abi: string;
  readonly vectors: readonly ChildVector[];
  readonly limits: ChildLimits;
  readonly imports: readonly ImportRule[];
  readonly capabilities: readonly { readonly id: string; readonly class: string }[];
  /** The capability that lets a plugin change files. */
  readonly writingCapability?: string | undefined;
  /** Number of the world outside; see ../configurations.ts. */
  readonly world: number;
  /** Of a core module that could be metered. */
  readonly meter?: MeterNames | undefined;
  readonly component?: ComponentParts | undefined;
  /** Why a core module cannot start, whatever the engine makes of it. */
  readonly beyond?: { readonly ending: 'linkError' | 'outOfMemory'; readonly detail: string } | undefined;
  /** Type text of the exported functions that the vectors of the ABI `raw` name. */
  readonly signatures: Readonly<Record<string, string>>;
}

export type ChildEnding =
  | 'ok'
  | 'trap'
  | 'outOfFuel'
  | 'outOfMemory'
  | 'outputLimit'
  | 'hostCallLimit'
  | 'linkError'
  | 'crash';

export interface LoggedCall {
  readonly function: string;
  readonly arguments: readonly string[];
  readonly result?: string;
}

/**
 * Numbered from 0 and sent in this order: `engine`; for each vector `begun`, `started` unless the start failed, its calls, `ended`;
 * then `done`. A translation is `engine`, `translated`, the glue and each module as a frame, `done`.
 */
export type ChildMessage =
  | { readonly kind: 'engine'; readonly v8: string; readonly node: string }
  | { readonly kind: 'translated'; readonly modules: readonly string[] }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'begun'; readonly vector: number }
  | { readonly kind: 'started'; readonly vector: number; readonly milliseconds: number; readonly fuel?: number }
  | {
      readonly kind: 'called';
      readonly vector: number;
      readonly call: number;
      readonly ending: ChildEnding;
      readonly trap?: string;
      readonly output?: Json;
      readonly fuel?: number;
      readonly hostCalls: number;
      readonly milliseconds: number;
      readonly detail?: string;
    }
  | {
      readonly kind: 'ended';
      readonly vector: number;
      readonly ending: ChildEnding;
      readonly trap?: string;
      readonly memorySha256?: string;
      readonly hostCallLogSha256: string;
      readonly hostCalls: number;
      readonly hostCallLog: readonly LoggedCall[];
      readonly printed: string;
      readonly peakMemoryBytes: number;
      readonly residentBytes: number;
      readonly detail?: string;
    }
  | { readonly kind: 'done' };

import type { HostProfile, Vector } from '@plugmark/schemas';
import type { ConfigurationId } from './configurations.ts';
import type { LayerId } from './layers.ts';

/** What to run. */
export interface RunRequest {
  /** The artifact as it is published: a core module or a component. */
  readonly artifact: Uint8Array;
  /** Decides ABI, what each import may do, and every limit. */
  readonly profile: HostProfile;
  /** Each is for the profile's host. */
  readonly vectors: readonly Vector[];
}

/** How to run it. */
export interface RunOptions {
  /** By default those the word `observed` rests on. */
  readonly configurations?: readonly ConfigurationId[];
  /** Layers to use where they are present; those that are always active cannot be left out. By default all. */
  readonly layers?: readonly LayerId[];
  /** Image for the layer `container`; any with a C library will do, since the engine and the code are mounted into it. */
  readonly containerImage?: string;
  /**
   * Path of a Bun, whose JavaScriptCore runs core modules beside V8: added to the default configurations, and needed by `bun`. Its
   * children lack the layers that only Node has, so some plugins are not run in it; the observation then says so.
   */
  readonly secondEngine?: string;
  /** Layers without which no child counts: an engine that cannot have one of them is not used. */
  readonly requiredLayers?: readonly string[];
  /** Stops the run; the promise is then rejected with the signal's reason, after every child has ended. */
  readonly signal?: AbortSignal;
}

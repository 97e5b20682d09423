// What a host gives when it manages plugins. Everything of the outside comes in here: time, network, disk, and the person.
import type { CoreOptions } from '../core.ts';
import type { Host } from '../resolve.ts';
import type { DownloadProgress } from '../store/download.ts';
import type { PluginStore } from '../store/plugin-store.ts';
import type { AskConsent } from './consent.ts';
import type { InspectPort } from './inspect-port.ts';
import type { HostPolicy } from './policy.ts';

/** Where the lockfile lives, when not in the store: a file of the project that people commit. Writing must be all or nothing. */
export interface LockfilePort {
  /** Undefined where there is none yet. */
  read(): Promise<Uint8Array | undefined>;
  /** All or nothing. */
  write(bytes: Uint8Array): Promise<void>;
}

/**
 * What a host gives to `openPlugins`. Five have no default, on purpose: where, whom to trust, where to keep, how to fetch, and what time
 * it is.
 */
export interface PluginsOptions extends CoreOptions {
  /** Everything that is kept. Where no plugin can reach it. */
  readonly store: PluginStore;
  /** The application that loads the plugins. */
  readonly host: Host;
  /**
   * The host profile the application was compiled with (`registry/hosts/<host>.json`, parsed). It wins over the registry's copy, so that
   * nobody else words what a capability means. Without it the registry's offline-signed copy is used.
   */
  readonly profile?: unknown;
  /** What is allowed without asking, asked about, and refused. Default: low risk is granted, medium and high are asked about. */
  readonly policy?: HostPolicy;
  /** Asks the person. Without it, whatever has to be asked is refused (CONSENT_REQUIRED). */
  readonly consent?: AskConsent;
  /** Default: in the store. */
  readonly lockfile?: LockfilePort;
  /** Derives capabilities of plugins that no registry analysed. Without it they are unknown: high risk, and asked for by name. */
  readonly inspect?: InspectPort;
  /** Reads an author's manifest where it is not JSON; hosts whose authors write YAML give their reader. */
  readonly readManifest?: (bytes: Uint8Array, file: string) => unknown;
  /** `api`: of a GitHub installation of one's own. Default: github.com. */
  readonly github?: { readonly api?: string };
  /** Names this lockfile among those that share the store, so that none loses its files to another's clean-up. Default: the host. */
  readonly pinName?: string;
  /** The registry's name, where the host knows it; needed to use a second registry with one lockfile. */
  readonly registry?: string;
  /** `required` (the default): what cannot be logged does not happen. `off`: for a store that cannot be written. */
  readonly log?: 'required' | 'off';
  /** Bytes the store may take; after each change what no lockfile needs is deleted, oldest first. Default: nothing is deleted. */
  readonly maxStoreBytes?: number;
  /** Called while an artifact comes in. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

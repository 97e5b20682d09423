// What can be said of a process: nothing is derived, nothing bounds it. What its author declares is shown as the author's word and is
// what consent is bound to, together with the fact that it is unbounded.

import { type CapabilityFacts, type DeclaredCapability, type HostProfile, PROCESS_SENTENCE } from '@plugmark/schemas';
import { type CapabilityMap, capabilityFacts } from './capabilities.ts';

export const PROCESS_MAP: CapabilityMap = {
  derived: new Map(),
  runtime: [],
  unknown: [],
  forbidden: [],
  mistyped: [],
  nondeterministic: [],
  unbounded: [
    {
      cause: 'process',
      detail: `${PROCESS_SENTENCE}: it runs as a program of its own, and its bytes do not show what it does`,
    },
  ],
};

interface Unbounded {
  readonly unbounded: readonly { readonly cause: CapabilityFacts['unbounded'][number]['cause'] }[];
}

/** No imports, so nothing to bound it by: not even a sandbox of the host is between it and the account. */
export const isProcess = ({ unbounded }: Unbounded): boolean => unbounded.some(({ cause }) => cause === 'process');

/** It was unbounded within a sandbox, and now there is none. */
export const becameProcess = (before: Unbounded, after: Unbounded): boolean => isProcess(after) && !isProcess(before);

/** `unused` stays empty, since nothing could have been seen; the risk is not the declared one. */
export async function processCapabilities(
  profile: HostProfile,
  declared: readonly DeclaredCapability[] | undefined,
): Promise<CapabilityFacts> {
  return { ...(await capabilityFacts(PROCESS_MAP, profile, declared)), unused: [], risk: 'high' };
}

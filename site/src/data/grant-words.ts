import type { HostCapability } from '@plugmark/schemas';

/** How a host hands out a capability, where the host is named beside it. */
export const GRANT_WORDS: Readonly<Record<HostCapability['grant'], string>> = {
  auto: 'granted without asking',
  ask: 'asked once',
  explicit: 'asked, with a warning',
};

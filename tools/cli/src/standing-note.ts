import type { Standing } from '@plugmark/client';
import type { InstallResult } from '@plugmark/schemas';

/** What a person should hear about a release that may be used but is not simply active. */
export function standingNote({ state, reason }: Standing): InstallResult['standing'] {
  if (state === 'active' || state === 'revoked' || reason === undefined) return undefined;
  return { state, reason };
}

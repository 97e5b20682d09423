import { ClientError } from './error.ts';
import type { TufState } from './trust/tuf-client.ts';

const HOUR_MS = 3_600_000;
/** A registry signs for 72 hours at most; a day more for a clock that is wrong. */
const MAX_LIFE_MS = (72 + 24) * HOUR_MS;

/** A key that was stolen for an hour must not have signed for years ahead. Throws METADATA_LIFETIME. */
export function requireShortLife({ expires }: TufState, now: Date): void {
  if (expires.getTime() - now.getTime() <= MAX_LIFE_MS) return;
  throw new ClientError('METADATA_LIFETIME', { role: 'timestamp', expires: expires.toISOString() });
}

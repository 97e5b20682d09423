// What `plugmark root` prints with --json: what a signature would change, and whose signatures there are.

import * as z from 'zod/mini';
import { Count, Instant, line, PluginId, RegistryUrl, SemVer, Sha256, text } from './primitives.ts';
import { Mirror } from './registry.ts';

const Role = line(100);
const KeyIds = z.array(Sha256);

/** One thing that would be otherwise once the proposal is in force. Keys by the sha256 of their SPKI, as `key show` prints it. */
export const TrustChange = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('file'), role: Role, version: Count, expires: Instant }),
  z.strictObject({
    what: z.literal('keys'),
    role: Role,
    added: KeyIds,
    removed: KeyIds,
    threshold: z.strictObject({ from: Count, to: Count, of: Count }),
  }),
  z.strictObject({ what: z.literal('division'), from: Count, to: Count }),
  z.strictObject({
    what: z.literal('publisher'),
    publisher: line(64),
    change: z.enum(['verified', 'changed', 'removed']),
  }),
  z.strictObject({
    what: z.literal('revocation'),
    change: z.enum(['revoked', 'lifted', 'changed']),
    plugin: PluginId,
    version: SemVer,
    sha256: Sha256,
    reason: text(1000),
  }),
  /** Clients ask mirrors in this order, counted from 1; of one that is taken out, the place it had. */
  z.strictObject({
    what: z.literal('mirror'),
    change: z.enum(['added', 'removed', 'moved']),
    url: RegistryUrl,
    serves: Mirror.shape.serves,
    place: Count,
  }),
  z.strictObject({ what: z.literal('document'), path: line(300), change: z.enum(['added', 'removed']) }),
  z.strictObject({ what: z.literal('member'), path: line(300), member: line(300), from: line(200), to: line(200) }),
]);
export type TrustChange = z.output<typeof TrustChange>;

/** Root has two lists: a new root takes the old holders too. */
export const SignatureNeed = z.strictObject({
  role: z.enum(['root', 'targets', 'revocations']),
  under: z.enum(['old', 'new']),
  threshold: Count,
  keys: KeyIds,
  signed: KeyIds,
});
export type SignatureNeed = z.output<typeof SignatureNeed>;

/** `root init`, `root sign` and `root rotate`. */
export const CeremonyResult = z.strictObject({
  changes: z.array(TrustChange),
  signatures: z.array(SignatureNeed),
  /** `nothing` to sign, `pending` until the thresholds are met, `inForce` from now on, `planned` in roles.json. */
  state: z.enum(['nothing', 'pending', 'inForce', 'planned']),
});
export type CeremonyResult = z.output<typeof CeremonyResult>;

/** `root show`. */
export const RootState = z.strictObject({
  root: z.strictObject({ version: Count, sha256: Sha256, firstSha256: Sha256 }),
  roles: z.array(
    z.strictObject({
      role: Role,
      threshold: Count,
      keys: KeyIds,
      version: z.optional(Count),
      expires: z.optional(Instant),
    }),
  ),
  /** Roles that end within the look-ahead. */
  endingSoon: z.array(Role),
  pending: z.optional(CeremonyResult),
});
export type RootState = z.output<typeof RootState>;

/** `revoke`. */
export const RevokeResult = z.strictObject({ plugin: PluginId, version: SemVer, sha256: Sha256, status: line(4096) });
export type RevokeResult = z.output<typeof RevokeResult>;

// TUF 1.0 metadata as this registry writes it. Readers must tolerate unknown members (TUF 4.2), hence loose objects here and
// nowhere else.

import * as z from 'zod/mini';
import { Count, Instant, line, Sha256 } from './primitives.ts';

const Hex = z.string().check(z.regex(/^[0-9a-f]*$/));
const Version = z.int().check(z.positive());

export const TufKey = z.looseObject({
  keytype: line(40),
  scheme: line(60),
  keyval: z.looseObject({ public: z.string().check(z.maxLength(10_000)) }),
});

const RoleKeys = z.looseObject({ keyids: z.array(Sha256), threshold: z.int().check(z.positive()) });
const Common = { spec_version: line(20), version: Version, expires: Instant };
const MetaFile = z.looseObject({
  version: Version,
  length: z.optional(Count),
  hashes: z.optional(z.looseObject({ sha256: z.optional(Sha256) })),
});

export const TufRoot = z.looseObject({
  _type: z.literal('root'),
  ...Common,
  consistent_snapshot: z.boolean(),
  keys: z.record(Sha256, TufKey),
  roles: z.looseObject({ root: RoleKeys, timestamp: RoleKeys, snapshot: RoleKeys, targets: RoleKeys }),
});

export const TufTimestamp = z.looseObject({
  _type: z.literal('timestamp'),
  ...Common,
  meta: z.looseObject({ 'snapshot.json': MetaFile }),
});

export const TufSnapshot = z.looseObject({
  _type: z.literal('snapshot'),
  ...Common,
  meta: z.record(line(200), MetaFile),
});

const DelegatedRole = z.looseObject({
  name: line(100),
  keyids: z.array(Sha256),
  threshold: z.int().check(z.positive()),
  terminating: z.boolean(),
  paths: z.optional(z.array(line(300))),
  path_hash_prefixes: z.optional(z.array(Hex)),
});

export const TufTargets = z.looseObject({
  _type: z.literal('targets'),
  ...Common,
  targets: z.record(line(300), z.looseObject({ length: Count, hashes: z.looseObject({ sha256: Sha256 }) })),
  delegations: z.optional(z.looseObject({ keys: z.record(Sha256, TufKey), roles: z.array(DelegatedRole) })),
});

/** A signed metadata file of any role. */
export const TufMetadata = z.looseObject({
  signatures: z.array(z.looseObject({ keyid: Sha256, sig: Hex })),
  signed: z.discriminatedUnion('_type', [TufRoot, TufTimestamp, TufSnapshot, TufTargets]),
});
export type TufMetadata = z.output<typeof TufMetadata>;

/** What every role's file has, whatever it lists: for whoever compares the rest as bytes. */
export const RoleHead = z.looseObject({
  signatures: z.array(z.looseObject({ keyid: Sha256 })),
  signed: z.looseObject({
    _type: z.enum(['root', 'timestamp', 'snapshot', 'targets']),
    version: Version,
    expires: Instant,
  }),
});
export type RoleHead = z.output<typeof RoleHead>;

// A test vector: one reproducible run of a plugin. What the ABI does with `input`, `channels`, `files` and `responses` is the
// sandbox's table; the file only carries data.

import * as z from 'zod/mini';
import { Base64, CapabilityId, Count, HostId, line, RelativePath, SchemaVersion, Sha256, text } from './primitives.ts';
import { FileName } from './release.ts';

/** Bytes or a value: JSON, text, or base64. */
export const Payload = z.union([
  z.strictObject({ json: z.json() }),
  z.strictObject({ text: text(1_000_000) }),
  z.strictObject({ base64: Base64 }),
]);
export type Payload = z.output<typeof Payload>;

/** Sampled data a host such as ddalab hands to the plugin. Hertz; physical unit as text. */
export const Channel = z.strictObject({
  label: line(60),
  sampleRate: z.number().check(z.positive()),
  unit: line(20),
  samples: z.array(z.number()).check(z.maxLength(1_000_000)),
});

export const VectorFile = z.strictObject({ path: RelativePath, content: Payload });

export const VectorCall = z.strictObject({
  /** Entry of the ABI, e.g. `analyze`, `execute`, `library_check`, `format`. */
  entry: line(80),
  input: z.optional(Payload),
});

export const ExpectedOutput = z.union([
  z.strictObject({ payload: Payload, tolerance: z.optional(z.number().check(z.nonnegative())) }),
  z.strictObject({ sha256: Sha256 }),
  /** How the call must end instead of returning, in the words of a report. */
  z.strictObject({
    ending: z.enum(['trap', 'outOfFuel', 'outOfMemory', 'hostCallLimit', 'outputLimit']),
    trap: z.optional(line(80)),
  }),
]);

export const Vector = z.strictObject({
  schemaVersion: SchemaVersion,
  name: FileName,
  title: line(120),
  host: HostId,
  /** Made on one instance, in order, so that state kept between calls is exercised. */
  calls: z.array(VectorCall).check(z.minLength(1), z.maxLength(100)),
  /** Capabilities granted in this run; anything else is denied. */
  grants: z.array(CapabilityId).check(z.maxLength(50)),
  seed: z.optional(Count),
  channels: z.optional(z.array(Channel).check(z.maxLength(256))),
  files: z.optional(z.array(VectorFile).check(z.maxLength(200))),
  /** Answers of the stubbed outside world, by host function, in order. */
  responses: z.optional(z.record(line(120), z.array(Payload))),
  /** One per call. */
  expect: z.optional(z.array(ExpectedOutput)),
  /** Fuel of each call under the host's schedule, as recorded. */
  fuel: z.optional(z.array(Count)),
});
export type Vector = z.output<typeof Vector>;

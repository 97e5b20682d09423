// What a child may answer. It lives beside hostile code, and the glue of a component can write whatever it likes: an answer is data
// from a stranger, of which only this much is believed, in this order, each figure within its bounds. Figures such as fuel are the
// child's own; an artifact that took over its child could invent them, which is why they are compared between configurations and
// machines before anything is claimed.

import * as z from 'zod/mini';
import { Sha256 } from './primitives.ts';
import { HostCall, RunEnding } from './report.ts';

const Index = z.int().check(z.minimum(0), z.maximum(10_000));
const Figure = z.int().check(z.minimum(0));
const Milliseconds = z.number().check(z.minimum(0), z.maximum(86_400_000));
const Word = z.string().check(z.maxLength(60), z.regex(/^[a-z][a-z-]*$/));
/** Cleaned before it is shown. */
const Detail = z.string().check(z.maxLength(4_000));

const Common = { nonce: z.string().check(z.maxLength(64)), number: Figure };

export const ChildAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ ...Common, kind: z.literal('engine'), v8: z.string(), node: z.string() }),
  z.strictObject({ ...Common, kind: z.literal('translated'), modules: z.array(z.string().check(z.maxLength(60))) }),
  z.strictObject({ ...Common, kind: z.literal('refused'), detail: Detail }),
  z.strictObject({ ...Common, kind: z.literal('begun'), vector: Index }),
  z.strictObject({
    ...Common,
    kind: z.literal('started'),
    vector: Index,
    milliseconds: Milliseconds,
    fuel: z.optional(Figure),
  }),
  z.strictObject({
    ...Common,
    kind: z.literal('called'),
    vector: Index,
    call: Index,
    ending: RunEnding,
    trap: z.optional(Word),
    output: z.optional(z.json()),
    fuel: z.optional(Figure),
    hostCalls: Figure,
    milliseconds: Milliseconds,
    detail: z.optional(Detail),
  }),
  z.strictObject({
    ...Common,
    kind: z.literal('ended'),
    vector: Index,
    ending: RunEnding,
    trap: z.optional(Word),
    memorySha256: z.optional(Sha256),
    hostCallLogSha256: Sha256,
    hostCalls: Figure,
    hostCallLog: z.array(HostCall).check(z.maxLength(200)),
    printed: z.string().check(z.maxLength(20_000)),
    peakMemoryBytes: Figure,
    residentBytes: Figure,
    detail: z.optional(Detail),
  }),
  z.strictObject({ ...Common, kind: z.literal('done') }),
]);
export type ChildAnswer = z.output<typeof ChildAnswer>;

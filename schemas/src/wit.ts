// A WIT world as data: what a component host provides and asks for. Named types refer to a type of the same interface or, as
// `package:name/interface.type`, of another one.

import * as z from 'zod/mini';
import { Count } from './primitives.ts';

const WitName = z.string().check(z.maxLength(200), z.regex(/^[%a-zA-Z][a-zA-Z0-9:/@.+_-]*$/));

/** A primitive (`u32`, `string`, ...), the name of a declared type, or a composite. */
export type WitType =
  | string
  | { list: WitType; length?: number | undefined }
  | { option: WitType }
  | { tuple: WitType[] }
  | { result: { ok?: WitType | undefined; err?: WitType | undefined } }
  | { record: { name: string; type: WitType }[] }
  | { variant: { name: string; type?: WitType | undefined }[] }
  | { enum: string[] }
  | { flags: string[] }
  | { own: string }
  | { borrow: string }
  | { stream: { of?: WitType | undefined } }
  | { future: { of?: WitType | undefined } }
  | { map: { key: WitType; value: WitType } }
  | { resource: true };

export const WitType: z.ZodMiniType<WitType, WitType> = z.lazy(() =>
  z.union([
    WitName,
    z.strictObject({ list: WitType, length: z.optional(Count) }),
    z.strictObject({ option: WitType }),
    z.strictObject({ tuple: z.array(WitType) }),
    z.strictObject({ result: z.strictObject({ ok: z.optional(WitType), err: z.optional(WitType) }) }),
    z.strictObject({ record: z.array(z.strictObject({ name: WitName, type: WitType })) }),
    z.strictObject({ variant: z.array(z.strictObject({ name: WitName, type: z.optional(WitType) })) }),
    z.strictObject({ enum: z.array(WitName) }),
    z.strictObject({ flags: z.array(WitName) }),
    z.strictObject({ own: WitName }),
    z.strictObject({ borrow: WitName }),
    z.strictObject({ stream: z.strictObject({ of: z.optional(WitType) }) }),
    z.strictObject({ future: z.strictObject({ of: z.optional(WitType) }) }),
    z.strictObject({ map: z.strictObject({ key: WitType, value: WitType }) }),
    z.strictObject({ resource: z.literal(true) }),
  ]),
);

export const WitFunction = z.strictObject({
  name: z.string().check(z.maxLength(200)),
  params: z.array(z.strictObject({ name: WitName, type: WitType })),
  result: z.optional(WitType),
  async: z.optional(z.literal(true)),
});

const WitNamedType = z.strictObject({ name: WitName, type: WitType });

export const WitInterface = z.strictObject({
  /** Full name with version, e.g. `wasi:cli/stdout@0.2.0`, or a plain name that the world gives it. */
  name: WitName,
  /** Of an interface with a plain name: the interface it is. */
  implements: z.optional(WitName),
  types: z.array(WitNamedType),
  functions: z.array(WitFunction),
});
export type WitInterface = z.output<typeof WitInterface>;

const WitItems = z.strictObject({
  interfaces: z.array(WitInterface),
  functions: z.array(WitFunction),
  /** Types of the world itself. */
  types: z.optional(z.array(WitNamedType)),
});

/** One world: interfaces and plain functions a component may import and must export. */
export const WitWorld = z.strictObject({
  name: WitName,
  imports: WitItems,
  exports: WitItems,
});
export type WitWorld = z.output<typeof WitWorld>;

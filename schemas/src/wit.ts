// A WIT world as data: what a component host provides and asks for. Named types refer to a type of the same interface or, as
// `package:name/interface.type`, of another one.

import * as z from 'zod/mini';

const WitName = z.string().check(z.maxLength(200), z.regex(/^[%a-z][a-zA-Z0-9:/@.+_-]*$/));

/** A primitive (`u32`, `string`, ...), the name of a declared type, or a composite. */
export type WitType =
  | string
  | { list: WitType }
  | { option: WitType }
  | { tuple: WitType[] }
  | { result: { ok?: WitType | undefined; err?: WitType | undefined } }
  | { record: { name: string; type: WitType }[] }
  | { variant: { name: string; type?: WitType | undefined }[] }
  | { enum: string[] }
  | { flags: string[] }
  | { own: string }
  | { borrow: string }
  | { resource: true };

export const WitType: z.ZodMiniType<WitType, WitType> = z.lazy(() =>
  z.union([
    WitName,
    z.strictObject({ list: WitType }),
    z.strictObject({ option: WitType }),
    z.strictObject({ tuple: z.array(WitType) }),
    z.strictObject({ result: z.strictObject({ ok: z.optional(WitType), err: z.optional(WitType) }) }),
    z.strictObject({ record: z.array(z.strictObject({ name: WitName, type: WitType })) }),
    z.strictObject({ variant: z.array(z.strictObject({ name: WitName, type: z.optional(WitType) })) }),
    z.strictObject({ enum: z.array(WitName) }),
    z.strictObject({ flags: z.array(WitName) }),
    z.strictObject({ own: WitName }),
    z.strictObject({ borrow: WitName }),
    z.strictObject({ resource: z.literal(true) }),
  ]),
);

export const WitFunction = z.strictObject({
  name: z.string().check(z.maxLength(200)),
  params: z.array(z.strictObject({ name: WitName, type: WitType })),
  result: z.optional(WitType),
});

export const WitInterface = z.strictObject({
  /** Full name with version, e.g. `wasi:cli/stdout@0.2.0`. */
  name: WitName,
  types: z.array(z.strictObject({ name: WitName, type: WitType })),
  functions: z.array(WitFunction),
});
export type WitInterface = z.output<typeof WitInterface>;

/** One world: interfaces and plain functions a component may import and must export. */
export const WitWorld = z.strictObject({
  name: WitName,
  imports: z.strictObject({ interfaces: z.array(WitInterface), functions: z.array(WitFunction) }),
  exports: z.strictObject({ interfaces: z.array(WitInterface), functions: z.array(WitFunction) }),
});
export type WitWorld = z.output<typeof WitWorld>;

// Exports called with numbers: what a test vector of a module without conventions can say.

import type { CallInput, CoreHost, Session } from './abi.ts';
import { trapped } from './faults.ts';
import type { Json } from './request.ts';
import { payloadValue } from './world.ts';

/** Input: the list of arguments. Output: the list of results; what JSON has no number for (i64, NaN, infinities) is text. */
export function rawAbi({ guest, request }: Session): CoreHost {
  return {
    functions: {},
    start: () => {
      if (guest.has('_initialize')) guest.call('_initialize');
    },
    call: ({ entry, input }: CallInput): Json => {
      const given = payloadValue(input) ?? [];
      if (!Array.isArray(given)) throw trapped('bad-answer', 'the input of a raw call is a list of numbers');
      const types = parametersOf(request.signatures[entry] ?? '');
      const values = given.map((value, i) => (types[i] === 'i64' ? BigInt(value as string) : Number(value)));
      const result = guest.call(entry, ...values);
      return (result === undefined ? [] : Array.isArray(result) ? result : [result]).map(plainNumber);
    },
  };
}

/** `(i32, i64) -> (i32)`: what is in the first brackets. */
function parametersOf(signature: string): readonly string[] {
  return signature.slice(1, Math.max(1, signature.indexOf(')'))).split(', ');
}

function plainNumber(value: unknown): Json {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number') return value === null ? null : 'reference';
  return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value);
}

// Texts that end in a zero byte, in and out; see the conventions of the host profile `hielements`.

import type { CallInput, CoreHost, Session } from './abi.ts';
import { trapped } from './faults.ts';
import { encode } from './guest.ts';
import { readJson } from './read-json.ts';
import type { Json } from './request.ts';
import { withinOutput } from './text-call.ts';
import { payloadValue } from './world.ts';

export const WORKSPACE = '/workspace';

export function hielementsAbi(session: Session): CoreHost {
  const { guest } = session;
  return {
    functions: {},
    start: () => {
      if (guest.has('_initialize')) guest.call('_initialize');
    },
    call: ({ entry, input }: CallInput): Json => {
      if (entry === 'library_name') return answerAt(session, guest.callForAddress(entry));
      const given = (payloadValue(input) ?? {}) as { readonly function?: unknown; readonly args?: unknown };
      const values = [given.function ?? null, given.args ?? null, WORKSPACE];
      const blocks = values.map((value) => guest.lend(encode(`${JSON.stringify(value)}\0`)));
      const output = answerAt(session, guest.callForAddress(entry, ...blocks.map(({ address }) => address)));
      for (const block of blocks) guest.giveBack(block);
      return output;
    },
  };
}

/** Copied at once: it is the plugin's, and valid only until the next call. */
function answerAt(session: Session, address: number): Json {
  if (address === 0) throw trapped('bad-answer', 'the answer is address 0');
  const end = session.guest.memory.indexOf(0, address);
  if (end < 0) throw trapped('bad-answer', 'the answer has no end within the memory');
  const value = readJson(session.guest.requireText(address, withinOutput(end - address, session)));
  if (value === undefined) throw trapped('bad-answer', 'the answer is no JSON');
  return value;
}

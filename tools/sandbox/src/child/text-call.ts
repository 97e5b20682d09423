// Shared by hosts that pass JSON by pointer and length: a call with an options text, and host functions that take and answer texts.

import type { CallInput, Session } from './abi.ts';
import { Fault } from './faults.ts';
import { encode } from './guest.ts';
import { readJson } from './read-json.ts';
import type { Json } from './request.ts';
import { payloadBytes, payloadValue } from './world.ts';

/** What host functions of these hosts answer instead of 0 or a length. */
export const ERRORS = { malformed: -2, outsideMemory: -3, tooLarge: -4, notJson: -5, failed: -5 } as const;

export interface TextFunctions {
  /** Takes a JSON document: 0, or an error. */
  json(address: number, length: number, take: (value: Json) => void): number;
  /** Takes a request in JSON; the answer comes from the vector. Its length, or an error. */
  request(name: string, address: number, length: number): number;
  /** Copies the last answer: how many bytes. */
  answer(address: number, capacity: number): number;
  log(address: number, length: number): undefined;
}

export function textFunctions({ guest, world }: Session): TextFunctions {
  let answer = new Uint8Array();
  return {
    json(address, length, take) {
      if (length >>> 0 > world.outputBytes) return ERRORS.tooLarge;
      const text = guest.text(address, length);
      if (text === undefined) return guest.slice(address, length) === undefined ? ERRORS.outsideMemory : ERRORS.notJson;
      const value = readJson(text);
      if (value === undefined) return ERRORS.notJson;
      take(value);
      return 0;
    },
    request(name, address, length) {
      const text = guest.text(address, length);
      if (text === undefined) return ERRORS.outsideMemory;
      if (readJson(text) === undefined) return ERRORS.malformed;
      const response = world.response(name);
      if (response === undefined) return ERRORS.failed;
      answer = Uint8Array.from(encode(JSON.stringify(payloadValue(response))));
      return answer.length;
    },
    answer(address, capacity) {
      const part = answer.subarray(0, capacity >>> 0);
      const target = guest.slice(address, part.length);
      if (target === undefined) return ERRORS.outsideMemory;
      target.set(part);
      return part.length;
    },
    log(address, length) {
      world.print(guest.slice(address, length)?.slice() ?? new Uint8Array());
      world.print(encode('\n'));
      return undefined;
    },
  };
}

/** One export takes a text and answers a status; `init`, where a host has it, takes nothing. */
export class CallWithText {
  readonly #session: Session;
  readonly #withText: string;
  #result: Json = null;

  constructor(session: Session, { argumentsOf }: { readonly argumentsOf: string }) {
    this.#session = session;
    this.#withText = argumentsOf;
  }

  /** Takes what the plugin hands over; the last one of a call counts. */
  result(value: Json): void {
    this.#result = value;
  }

  start(): void {
    const { guest } = this.#session;
    if (guest.has('_initialize')) guest.call('_initialize');
  }

  make({ entry, input }: CallInput): { status: number; result: Json } {
    const { guest } = this.#session;
    this.#result = null;
    if (entry !== this.#withText) return { status: Number(guest.call(entry) ?? 0), result: this.#result };
    const block = guest.lend(encode(textOfInput(input)));
    const status = Number(guest.call(entry, block.address, block.size));
    guest.giveBack(block);
    return { status, result: this.#result };
  }
}

/** Text stays what it is, so that a vector can hand over what is no JSON. */
function textOfInput(input: CallInput['input']): string {
  if (input === undefined) return '{}';
  if ('json' in input) return JSON.stringify(input.json);
  const bytes = payloadBytes(input);
  return new TextDecoder().decode(bytes);
}

/** A text the plugin answers with may not be longer than the host takes. */
export function withinOutput(length: number, { world }: Session): number {
  if (length <= world.outputBytes) return length;
  throw world.log.stop(new Fault('outputLimit', `an answer of ${length} bytes; the host takes ${world.outputBytes}`));
}

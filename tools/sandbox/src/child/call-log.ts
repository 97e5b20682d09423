// Every call into the host, in order: the first ones in words, all of them in a hash.

import { createHash } from 'node:crypto';
import { Fault } from './faults.ts';
import type { LoggedCall } from './request.ts';

const LISTED = 200;
const LONGEST = 200;

export class CallLog {
  readonly listed: LoggedCall[] = [];
  readonly #hash = createHash('sha256');
  readonly #limit: number;
  readonly #onStop: () => void;
  /** In the present call, and in all. */
  #now = 0;
  #all = 0;
  /** Set when a limit was reached: a plugin may catch the error that should have ended its call. */
  reached: Fault | undefined;

  constructor(limit: number, onStop: () => void) {
    this.#limit = limit;
    this.#onStop = onStop;
  }

  beginCall(): void {
    this.#now = 0;
  }

  get count(): number {
    return this.#now;
  }

  get total(): number {
    return this.#all;
  }

  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Throws when the call has made as many as it may. */
  enter(name: string): void {
    if (this.reached !== undefined) throw this.reached;
    if (this.#now >= this.#limit)
      throw this.stop(new Fault('hostCallLimit', `more than ${this.#limit} host calls: ${name}`));
    this.#now += 1;
    this.#all += 1;
  }

  /** Notes why everything must end, for callers that throw it. */
  stop(fault: Fault): Fault {
    if (this.reached === undefined) {
      this.reached = fault;
      this.#onStop();
    }
    return this.reached;
  }

  note(name: string, values: readonly unknown[], result: unknown): void {
    const texts = values.map(valueText);
    const answer = result === undefined ? undefined : valueText(result);
    this.#hash.update(`${name}(${texts.join()})=${answer ?? ''}\n`);
    if (this.listed.length >= LISTED) return;
    this.listed.push({
      function: name.slice(0, 300).toWellFormed(),
      arguments: texts.slice(0, 16).map(short),
      ...(answer === undefined ? {} : { result: short(answer) }),
    });
  }
}

/** Cut, and not left with half a surrogate pair, which no report can carry. */
const short = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 1).toWellFormed()}…` : text;

/** As a reader of the log knows it; a well-formed string, because a lone surrogate has no UTF-8. */
function valueText(value: unknown): string {
  if (typeof value === 'string') return value.toWellFormed();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  try {
    const json = JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
    return (json ?? 'undefined').toWellFormed();
  } catch {
    return 'a value that has no JSON form';
  }
}

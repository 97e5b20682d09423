// Follows what a child says about its vectors, in the only order it may say it, and turns it into runs.

import { createHash } from 'node:crypto';
import {
  type ChildAnswer,
  canonicalBytes,
  type HostProfile,
  type RunCall,
  type RunEnding,
  type Vector,
  type VectorRun,
} from '@plugmark/schemas';
import type { ChildEnd, Heard } from './child-process.ts';
import type { Metering } from './prepare.ts';
import { readAnswer, reportLine } from './read-answer.ts';

interface Listening {
  readonly nonce: string;
  /** Those this child was given; the first has the number `from`. */
  readonly vectors: readonly Vector[];
  readonly from: number;
  readonly metering: Metering;
  readonly engine: number;
  readonly limits: HostProfile['limits'];
  readonly wall: (milliseconds: number) => number;
}

type Of<K extends ChildAnswer['kind']> = Extract<ChildAnswer, { kind: K }>;

/** What is known of the vector the child is at. */
interface Open {
  readonly vector: Vector;
  started?: Of<'started'>;
  readonly calls: Of<'called'>[];
}

const DETAIL = 300;

export class VectorListener {
  readonly #to: Listening;
  readonly #runs: VectorRun[] = [];
  #open: Open | undefined;
  #number = 0;
  #engine = false;

  constructor(to: Listening) {
    this.#to = to;
  }

  /** Whether the child has said anything that was believed. */
  get heard(): boolean {
    return this.#engine;
  }

  hear(frame: Buffer): Heard {
    const answer = readAnswer(frame, { nonce: this.#to.nonce, number: this.#number++ });
    if (typeof answer === 'string') return { next: 'refuse', detail: answer };
    return this.#follow(answer) ?? { next: 'refuse', detail: `a message out of turn: ${answer.kind}` };
  }

  /** undefined for what may not come now. */
  #follow(answer: ChildAnswer): Heard | undefined {
    const { limits, wall, vectors, from } = this.#to;
    const more = (milliseconds: number): Heard => ({ next: 'more', within: wall(milliseconds) });
    const open = this.#open;
    if (!this.#engine) {
      this.#engine = answer.kind === 'engine';
      return this.#engine ? more(limits.startMilliseconds) : undefined;
    }
    if (answer.kind === 'done')
      return open === undefined && this.#runs.length === vectors.length ? { next: 'finish' } : undefined;
    if (!('vector' in answer) || answer.vector !== from + this.#runs.length) return undefined;
    if (answer.kind === 'begun') {
      const vector = vectors[this.#runs.length];
      if (open !== undefined || vector === undefined) return undefined;
      this.#open = { vector, calls: [] };
      return more(limits.startMilliseconds);
    }
    if (open === undefined) return undefined;
    if (answer.kind === 'started') {
      if (open.started !== undefined || !this.#plausible(answer)) return undefined;
      open.started = answer;
      return more(limits.callMilliseconds);
    }
    if (answer.kind === 'called') {
      if (!this.#isNext(open, answer)) return undefined;
      open.calls.push(answer);
      return more(limits.callMilliseconds);
    }
    if (!this.#fits(open, answer)) return undefined;
    this.#runs.push(this.#runOf(open, answer));
    this.#open = undefined;
    return more(limits.startMilliseconds);
  }

  #isNext(open: Open, called: Of<'called'>): boolean {
    const before = open.calls.at(-1);
    return (
      open.started !== undefined &&
      (before === undefined || before.ending === 'ok') &&
      called.call === open.calls.length &&
      called.call < open.vector.calls.length &&
      called.hostCalls <= this.#to.limits.hostCalls &&
      // Every call has an output; without one nothing went well.
      (called.ending === 'ok') === (called.output !== undefined) &&
      this.#plausible(called)
    );
  }

  #plausible({ fuel }: { readonly fuel?: number | undefined }): boolean {
    return fuel === undefined || fuel <= this.#to.metering.budget;
  }

  /** The end says what the last call said, or why the start failed. */
  #fits(open: Open, { ending, trap, hostCalls }: Of<'ended'>): boolean {
    const last = open.calls.at(-1);
    if (hostCalls < open.calls.reduce((sum, call) => sum + call.hostCalls, 0)) return false;
    if (open.started === undefined) return ending !== 'ok';
    const all = open.calls.length === open.vector.calls.length;
    return ending === (last?.ending ?? 'crash') && trap === last?.trap && (ending !== 'ok' || all);
  }

  /** All runs of the vectors this child was at; how it ended is the ending of the one it did not finish. */
  finish(end: ChildEnd): VectorRun[] {
    if (end.kind === 'finished') return this.#runs;
    const vector = this.#open?.vector ?? this.#to.vectors[this.#runs.length];
    if (vector === undefined) return this.#runs;
    const open = this.#open ?? { vector, calls: [] };
    const { ending, detail } = seenFromOutside(end);
    return [...this.#runs, { ...this.#base(open), ending, hostCalls: 0, hostCallLog: [], peakMemoryBytes: 0, detail }];
  }

  #base(
    open: Open,
  ): Pick<VectorRun, 'vector' | 'engine' | 'calls' | 'startMilliseconds' | 'callMilliseconds' | 'fuel' | 'startFuel'> {
    const calls = open.calls.map((called, i) => this.#callOf(open.vector.calls[i]?.entry ?? '', called));
    const fuel = calls.every((call) => call.fuel !== undefined) && calls.length > 0;
    return {
      vector: open.vector.name,
      engine: this.#to.engine,
      calls,
      ...(fuel ? { fuel: calls.reduce((sum, call) => sum + (call.fuel ?? 0), 0) } : {}),
      ...(open.started?.fuel === undefined ? {} : { startFuel: open.started.fuel }),
      startMilliseconds: open.started?.milliseconds ?? 0,
      callMilliseconds: open.calls.map(({ milliseconds }) => milliseconds),
    };
  }

  #callOf(entry: string, { ending, trap, output, fuel, hostCalls, milliseconds }: Of<'called'>): RunCall {
    const { budget, budgetOfHost } = this.#to.metering;
    return {
      entry,
      ending,
      ...(trap === undefined ? {} : { trap }),
      ...(output === undefined ? {} : { output, outputSha256: sha256(canonicalBytes(output)) }),
      ...(fuel === undefined ? {} : { fuel }),
      ...(fuel === undefined || !budgetOfHost ? {} : { budgetShare: Math.round((fuel / budget) * 1e6) }),
      hostCalls,
      milliseconds,
    };
  }

  #runOf(open: Open, ended: Of<'ended'>): VectorRun {
    const base = this.#base(open);
    const detail = reportLine(open.calls.at(-1)?.detail ?? ended.detail, DETAIL);
    const outputs = base.calls.map(({ output }) => output);
    return {
      ...base,
      ending: ended.ending,
      ...(ended.trap === undefined ? {} : { trap: ended.trap }),
      ...(ended.ending === 'ok' ? { outputSha256: sha256(canonicalBytes(outputs)) } : {}),
      ...(ended.memorySha256 === undefined ? {} : { memorySha256: ended.memorySha256 }),
      hostCallLogSha256: ended.hostCallLogSha256,
      hostCalls: ended.hostCalls,
      hostCallLog: ended.hostCallLog,
      printed: ended.printed,
      peakMemoryBytes: ended.peakMemoryBytes,
      residentBytes: ended.residentBytes,
      ...(detail === undefined ? {} : { detail }),
    };
  }
}

function seenFromOutside(end: Exclude<ChildEnd, { kind: 'finished' }>): {
  readonly ending: RunEnding;
  readonly detail: string;
} {
  if (end.kind === 'timeout') return { ending: 'timeout', detail: 'killed when the time was up' };
  if (end.kind === 'refused') return { ending: 'crash', detail: `the child was not believed: ${end.detail}` };
  if (end.kind === 'notStarted') return { ending: 'crash', detail: 'the child could not be started' };
  // The kernel's bound on processor time ends a process in these two ways.
  if (end.signal === 'SIGXCPU') return { ending: 'timeout', detail: 'the processor time was up' };
  return { ending: 'crash', detail: `the child ended with ${end.signal ?? `exit code ${end.code}`}` };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

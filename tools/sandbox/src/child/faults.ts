// The ways in which a call ends other than by returning, and how an engine's errors are told apart.

import type { ChildEnding } from './request.ts';

export const TRAP_KINDS = {
  unreachable: 'the plugin stopped itself, as after a panic',
  'memory-access': 'an address outside the memory',
  'table-access': 'an index outside a table, or an empty place in it',
  'indirect-call': 'a function of another type than the call expects, or none',
  'divide-by-zero': 'a whole number divided by zero',
  'integer-overflow': 'a quotient or conversion that has no whole number',
  'null-reference': 'a null reference was used',
  'bad-cast': 'a reference is of another type',
  unaligned: 'an atomic access that is not aligned',
  'stack-overflow': 'calls nested too deeply for the engine',
  exception: 'an exception of the plugin that nothing caught',
  abort: 'the plugin reported a failed check',
  exit: 'the plugin ended itself with an exit code',
  'host-unavailable': 'a function was called that this host does not provide in the sandbox',
  'bad-answer': 'an answer that breaks the host’s conventions',
  'no-entry': 'the plugin does not export what the vector calls',
  other: 'an error of the engine without a name of its own',
} as const;

export type TrapKind = keyof typeof TRAP_KINDS;

/** Ends the call from inside a host function or an ABI. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly ending: ChildEnding;
  readonly trap: TrapKind | undefined;

  constructor(ending: ChildEnding, detail: string, trap?: TrapKind) {
    super(bounded(detail));
    this.ending = ending;
    this.trap = trap;
  }
}

export const trapped = (trap: TrapKind, detail: string): Fault => new Fault('trap', detail, trap);

/** `proc_exit`. For a command it is the ordinary end. */
export class Exit extends Error {
  override readonly name = 'Exit';
  readonly status: number;

  constructor(status: number) {
    super(`exit status ${status}`);
    this.status = status;
  }
}

export interface Ended {
  readonly ending: ChildEnding;
  readonly trap?: TrapKind;
  readonly detail?: string;
}

/** V8's texts. The engine gives a trap no code, so the whole text, compared for equality, is the only name it has. */
const V8_TRAPS: Readonly<Record<string, TrapKind>> = {
  unreachable: 'unreachable',
  'memory access out of bounds': 'memory-access',
  'table index is out of bounds': 'table-access',
  'table access out of bounds': 'table-access',
  'element segment out of bounds': 'table-access',
  'data segment out of bounds': 'memory-access',
  'null function or function signature mismatch': 'indirect-call',
  'divide by zero': 'divide-by-zero',
  'remainder by zero': 'divide-by-zero',
  'divide result unrepresentable': 'integer-overflow',
  'float unrepresentable in integer range': 'integer-overflow',
  'dereferencing a null pointer': 'null-reference',
  'illegal cast': 'bad-cast',
  'operation does not support unaligned accesses': 'unaligned',
  // The glue of components writes the texts of another engine over some of these.
  'wasm trap: out of bounds memory access': 'memory-access',
  'wasm trap: undefined element: out of bounds table access': 'table-access',
  'wasm trap: uninitialized element': 'indirect-call',
  'wasm trap: indirect call type mismatch': 'indirect-call',
  'wasm trap: integer divide by zero': 'divide-by-zero',
  'wasm trap: integer overflow': 'integer-overflow',
  'wasm trap: invalid conversion to integer': 'integer-overflow',
  'wasm trap: call stack exhausted': 'stack-overflow',
  'wasm trap: wasm `unreachable` instruction executed': 'unreachable',
};

/** JavaScriptCore's texts, as `textOf` gives them. */
const JSC_TRAPS: Readonly<Record<string, TrapKind>> = {
  'Unreachable code should not be executed': 'unreachable',
  'Out of bounds memory access': 'memory-access',
  'Out of bounds table access': 'table-access',
  'Out of bounds call_indirect': 'table-access',
  'call_indirect to a signature that does not match': 'indirect-call',
  'Division by zero': 'divide-by-zero',
  'Integer overflow': 'integer-overflow',
  'Out of bounds Trunc operation': 'integer-overflow',
  'Out of bounds or failed to allocate in array.new_data': 'memory-access',
  'Element is trying to set an out of bounds table index': 'table-access',
  'access to a null reference': 'null-reference',
  'call_ref to a null reference': 'null-reference',
  'ref.as_non_null to a null reference': 'null-reference',
  'i31.get_<sx> to a null reference': 'null-reference',
  'ref.cast failed to cast reference to target heap type': 'bad-cast',
  'Unaligned memory access': 'unaligned',
};

/** The kind of a trap by an engine's text for it. */
export const trapOf = (message: string): TrapKind => ofText(V8_TRAPS, message) ?? ofText(JSC_TRAPS, message) ?? 'other';

const ofText = (texts: Readonly<Record<string, TrapKind>>, text: string): TrapKind | undefined =>
  Object.hasOwn(texts, text) ? texts[text] : undefined;

/** What an error says about the call it ended. */
export function endingOf(error: unknown): Ended {
  if (error instanceof Fault) {
    return { ending: error.ending, ...(error.trap === undefined ? {} : { trap: error.trap }), detail: textOf(error) };
  }
  if (error instanceof Exit) return { ending: 'trap', trap: 'exit', detail: textOf(error) };
  if (error instanceof WebAssembly.RuntimeError) {
    return { ending: 'trap', trap: trapOf(textOf(error)), detail: textOf(error) };
  }
  if (error instanceof RangeError) return { ending: 'trap', trap: 'stack-overflow', detail: textOf(error) };
  if (error instanceof WebAssembly.Exception)
    return { ending: 'trap', trap: 'exception', detail: 'uncaught exception' };
  return { ending: 'trap', trap: 'other', detail: textOf(error) };
}

/** The same for an error while the module was compiled, linked or started. */
export function startEndingOf(error: unknown): Ended {
  if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) {
    return { ending: 'linkError', detail: textOf(error) };
  }
  // Before any code runs the engine refuses a memory or table beyond the cap in this way.
  if (error instanceof RangeError && !STACK.test(error.message))
    return { ending: 'outOfMemory', detail: textOf(error) };
  const ended = endingOf(error);
  const kind = SEGMENTS.find(([pattern]) => pattern.test(ended.detail ?? ''))?.[1];
  return kind !== undefined && ended.trap === 'other' ? { ...ended, trap: kind } : ended;
}

/** While a module is instantiated, numbers stand in these. */
const SEGMENTS: readonly (readonly [RegExp, TrapKind])[] = [
  [/data segment \d+ is out of bounds/, 'memory-access'],
  [/^Invalid data segment initialization: /, 'memory-access'],
  [/table (initializer|segment) \d+|element segment/, 'table-access'],
];

const STACK = /call stack/;

/** What a frame may hold: names in a message may be as long as the plugin likes, and a cut must not leave half a pair. */
const bounded = (text: string): string => text.slice(0, LONGEST).toWellFormed();
const LONGEST = 2_000;

/** JavaScriptCore adds which part of our own code was at work. */
const JSC_PLACE = / \(evaluating '.*'\)$/s;

export function textOf(error: unknown): string {
  try {
    return bounded(error instanceof Error ? error.message.replace(JSC_PLACE, '') : String(error));
  } catch {
    // A thrown object of generated code may refuse to be read.
    return 'an error that cannot be read';
  }
}

// A component taken apart in a child of its own. Its answer is as untrusted as the component: bytes, of which the parent only counts
// lengths before it meters the modules and hands all of it into further children.

import { randomBytes } from 'node:crypto';
import { childBounds } from './bounds.ts';
import { childImage } from './child-image.ts';
import { type ChildEnd, converse, type Heard } from './child-process.ts';
import { SandboxError } from './error.ts';
import type { LayerStack } from './layer-stack.ts';
import { readAnswer } from './read-answer.ts';
import type { RunOptions, RunRequest } from './request.ts';

export interface Translated {
  readonly glue: Uint8Array;
  readonly modules: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

const FRAME_BYTES = 100_000_000;
const MOST_MODULES = 200;
/** The translator is a large module and machines are slow. */
const MILLISECONDS = 120_000;
const MEMORY_BYTES = 1_073_741_824;

export async function translateComponent(
  artifact: Uint8Array,
  {
    profile,
    layers,
    options,
  }: { readonly profile: RunRequest['profile']; readonly layers: LayerStack; readonly options: RunOptions },
): Promise<Translated | { readonly refused: string }> {
  const image = await childImage('translate');
  const limits = { ...profile.limits, memoryBytes: MEMORY_BYTES, tableElements: 10_000_000 };
  const bounds = childBounds(image, limits, { milliseconds: MILLISECONDS, options });
  const nonce = randomBytes(16).toString('hex');
  const listener = new Listener(nonce);
  const end = await converse({
    command: layers.command(bounds, { flags: ['--liftoff-only'], entry: image.entry }),
    frames: [new TextEncoder().encode(JSON.stringify({ task: 'translate', nonce })), artifact],
    frameBytes: FRAME_BYTES,
    first: MILLISECONDS,
    hear: (frame) => listener.hear(frame),
    signal: options.signal,
  });
  options.signal?.throwIfAborted();
  if (end.kind === 'notStarted') {
    throw new SandboxError('CHILD_UNAVAILABLE', 'the child process cannot be started', { cause: end.cause });
  }
  return listener.result() ?? { refused: `the component could not be translated: ${reasonOf(end)}` };
}

const reasonOf = (end: ChildEnd): string =>
  'detail' in end ? end.detail : end.kind === 'timeout' ? 'time is up' : 'the child ended';

class Listener {
  readonly #nonce: string;
  #number = 0;
  #names: readonly string[] | undefined;
  readonly #frames: Uint8Array[] = [];
  #refused: string | undefined;

  constructor(nonce: string) {
    this.#nonce = nonce;
  }

  hear(frame: Buffer): Heard {
    const more: Heard = { next: 'more', within: MILLISECONDS };
    if (this.#names !== undefined && this.#frames.length <= this.#names.length) {
      this.#frames.push(Uint8Array.from(frame));
      return more;
    }
    const answer = readAnswer(frame, { nonce: this.#nonce, number: this.#number++ });
    if (typeof answer === 'string') return { next: 'refuse', detail: answer };
    if (answer.kind === 'engine') return more;
    if (answer.kind === 'done') return { next: 'finish' };
    if (answer.kind === 'refused') this.#refused = answer.detail;
    else if (answer.kind === 'translated' && answer.modules.length <= MOST_MODULES) this.#names = answer.modules;
    else return { next: 'refuse', detail: `an unexpected message: ${answer.kind}` };
    return more;
  }

  result(): Translated | { readonly refused: string } | undefined {
    if (this.#refused !== undefined) return { refused: oneLine(this.#refused) };
    const [glue, ...modules] = this.#frames;
    if (glue === undefined || this.#names === undefined || modules.length !== this.#names.length) return undefined;
    return { glue, modules: this.#names.map((name, i) => ({ name, bytes: modules[i] as Uint8Array })) };
  }
}

const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 200);

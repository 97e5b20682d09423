// Frames on the child's standard streams: four bytes of length, little-endian, then the bytes. Read and written synchronously, because
// nothing else happens here while a plugin runs.

import { readSync, writeSync } from 'node:fs';
import type { ChildMessage } from './request.ts';

const STDIN = 0;
const STDOUT = 1;

export function readFrame(): Uint8Array<ArrayBuffer> {
  const head = readExactly(4);
  return readExactly(new DataView(head.buffer).getUint32(0, true));
}

function readExactly(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const got = tryAgain(() => readSync(STDIN, bytes, at, length - at, null));
    // The parent is gone.
    if (got === 0) process.exit(1);
    at += got;
  }
  return bytes;
}

/** Sends messages under the nonce, numbered. */
export class Reporter {
  readonly #nonce: string;
  #number = 0;

  constructor(nonce: string) {
    this.#nonce = nonce;
  }

  send(message: ChildMessage): void {
    this.bytes(new TextEncoder().encode(JSON.stringify({ nonce: this.#nonce, number: this.#number++, ...message })));
  }

  /** A frame that is no message. */
  bytes(body: Uint8Array): void {
    const frame = new Uint8Array(4 + body.length);
    new DataView(frame.buffer).setUint32(0, body.length, true);
    frame.set(body, 4);
    for (let at = 0; at < frame.length; ) at += tryAgain(() => writeSync(STDOUT, frame, at));
  }
}

/** A pipe may be set not to block by the parent's side of it. */
function tryAgain(act: () => number): number {
  for (;;) {
    try {
      return act();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

// What WASI preview 1 is made over in a run: streams that are the vector's, and perhaps a folder.

import type { Guest } from './guest.ts';
import type { VirtualFiles } from './virtual-files.ts';
import type { World } from './world.ts';

export interface WasiOptions {
  readonly guest: Guest;
  readonly world: World;
  readonly streams: WasiStreams;
  /** The folder that is open, by the name the plugin sees. */
  readonly folder?: { readonly name: string; readonly files: VirtualFiles; readonly writable: boolean } | undefined;
}

/** Standard streams: input from the call, output kept for commands and printed for all. */
export class WasiStreams {
  #args: readonly string[] = [];
  #input = new Uint8Array();
  #position = 0;
  #output: Uint8Array[] = [];
  #errors: Uint8Array[] = [];

  begin({ args, stdin }: { readonly args: readonly string[]; readonly stdin: Uint8Array }): void {
    this.#args = args;
    this.#input = Uint8Array.from(stdin);
    this.#position = 0;
    this.#output = [];
    this.#errors = [];
  }

  get args(): readonly string[] {
    return this.#args;
  }

  read(length: number): Uint8Array {
    const part = this.#input.subarray(this.#position, this.#position + length);
    this.#position += part.length;
    return part;
  }

  write(stream: 'output' | 'errors', bytes: Uint8Array): void {
    (stream === 'output' ? this.#output : this.#errors).push(bytes.slice());
  }

  output(): Uint8Array {
    return Buffer.concat(this.#output);
  }

  errors(): Uint8Array {
    return Buffer.concat(this.#errors);
  }
}

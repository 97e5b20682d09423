// A running core module as an ABI sees it: its memory, with every address checked, and its functions.

import { Fault, trapped } from './faults.ts';

export type HostFunction = (...values: never[]) => number | bigint | undefined;
export type HostModule = Readonly<Record<string, HostFunction>>;

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

export class Guest {
  #exports: WebAssembly.Exports | undefined;

  /** Host functions exist before the instance does; until then every address is outside. */
  attach(exports: WebAssembly.Exports): void {
    this.#exports = exports;
  }

  has(name: string): boolean {
    return typeof this.#exports?.[name] === 'function';
  }

  call(name: string, ...values: readonly (number | bigint)[]): unknown {
    const found = this.#exports?.[name];
    if (typeof found !== 'function') throw trapped('no-entry', `the plugin does not export the function ${name}`);
    return (found as (...values: readonly (number | bigint)[]) => unknown)(...values);
  }

  /** For functions with an i32 result; an address is unsigned. */
  callForAddress(name: string, ...values: readonly number[]): number {
    return Number(this.call(name, ...values)) >>> 0;
  }

  get memory(): Uint8Array {
    const memory = this.#exports?.['memory'];
    return memory instanceof WebAssembly.Memory ? new Uint8Array(memory.buffer) : new Uint8Array();
  }

  /** The part of the memory that an address and a length name, or undefined when it is not all inside. */
  slice(address: number, length: number): Uint8Array | undefined {
    const { memory } = this;
    const [start, size] = [address >>> 0, length >>> 0];
    return start + size <= memory.length ? memory.subarray(start, start + size) : undefined;
  }

  /** UTF-8 text in the memory; undefined when it is outside or no UTF-8. */
  text(address: number, length: number): string | undefined {
    const bytes = this.slice(address, length);
    try {
      return bytes === undefined ? undefined : decoder.decode(bytes.slice());
    } catch {
      return undefined;
    }
  }

  /** As `text`, for what the plugin answers: there it must be right. */
  requireText(address: number, length: number): string {
    const text = this.text(address, length);
    if (text === undefined) throw trapped('bad-answer', 'a text lies outside the memory or is no UTF-8');
    return text;
  }

  write(address: number, bytes: Uint8Array): void {
    const target = this.slice(address, bytes.length);
    if (target === undefined)
      throw trapped('bad-answer', 'an address for the host to write to lies outside the memory');
    target.set(bytes);
  }

  /** Fills a block that the plugin's `alloc` gives; address 0 means that it has no memory. */
  lend(bytes: Uint8Array): { readonly address: number; readonly size: number } {
    const address = this.callForAddress('alloc', bytes.length);
    if (address === 0 && bytes.length > 0) throw new Fault('outOfMemory', 'alloc has no memory');
    this.write(address, bytes);
    return { address, size: bytes.length };
  }

  giveBack({ address, size }: { readonly address: number; readonly size: number }): void {
    if (this.has('dealloc')) this.call('dealloc', address, size);
  }
}

export const encode = (text: string): Uint8Array => encoder.encode(text);

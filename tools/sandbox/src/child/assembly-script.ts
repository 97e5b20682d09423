// What AssemblyScript's standard library imports from `env`: failed checks, console, trace, a seed and the time. Texts are UTF-16 with
// their size in bytes four bytes before them. Whether a host has them is its profile's to say (see link.ts); time and seed are the world's.

import { trapped } from './faults.ts';
import { encode, type Guest, type HostFunction, type HostModule } from './guest.ts';
import type { World } from './world.ts';

const NANOSECONDS = 1_000_000n;
const SIZE_BYTES = 4;
const LONGEST_REASON = 2_000;
const CONSOLE = ['log', 'debug', 'info', 'warn', 'error'] as const;

export function assemblyScript({ guest, world }: { readonly guest: Guest; readonly world: World }): HostModule {
  /** One character more than may be printed in bytes is read, so that a longer text is refused and not quietly cut. */
  const text = (address: number): string => textAt(guest, address, 2 * (world.outputBytes + 1));
  const line = (words: string): void => world.print(encode(`${words}\n`));
  const consoles = CONSOLE.map((level): [string, HostFunction] => [
    `console.${level}`,
    (message: number) => void line(`${level}: ${text(message)}`),
  ]);
  return {
    ...Object.fromEntries(consoles),
    abort: (message: number, file: number, row: number, column: number) => {
      const [what, where] = [message, file].map((address) => textAt(guest, address, LONGEST_REASON));
      const reason = `${what} at ${where}:${row >>> 0}:${column >>> 0}`;
      line(`abort: ${reason}`);
      throw trapped('abort', reason.slice(0, 200));
    },
    trace: (message: number, count: number, ...numbers: number[]) => {
      const shown = numbers.slice(0, Math.max(0, count)).join(', ');
      return void line(`trace: ${text(message)}${shown === '' ? '' : ` ${shown}`}`);
    },
    seed: () => world.randomBytes(6).reduce((sum, byte) => sum * 256 + byte, 0),
    'Date.now': () => Number(world.now / NANOSECONDS),
    // It began when the instance did, and the clock stands.
    'performance.now': () => 0,
  };
}

/** Empty for address 0 and for what does not lie within the memory. */
function textAt(guest: Guest, address: number, longest: number): string {
  const size = address >>> 0 < SIZE_BYTES ? undefined : guest.slice(address - SIZE_BYTES, SIZE_BYTES);
  const length = size === undefined ? 0 : new DataView(size.buffer, size.byteOffset, SIZE_BYTES).getUint32(0, true);
  const bytes = guest.slice(address, Math.min(length, longest));
  return bytes === undefined ? '' : new TextDecoder('utf-16le').decode(bytes).toWellFormed();
}

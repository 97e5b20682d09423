// A program: `_start` with arguments and input, its output and exit status are the answer.

import type { CallInput, CoreHost, Session } from './abi.ts';
import { Exit } from './faults.ts';
import type { Json } from './request.ts';
import type { WasiStreams } from './wasi-streams.ts';
import { payloadBytes } from './world.ts';

const decoder = new TextDecoder();

/** Input `{"args": [...], "stdin": "..."}`; a text alone is the standard input. Output `{"exit", "stdout", "stderr"}`. */
export function wasiCommandAbi(streams: WasiStreams): (session: Session) => CoreHost {
  return ({ guest }) => ({
    functions: {},
    call: ({ entry, input }: CallInput): Json => {
      streams.begin(inputOf(input));
      let exit = 0;
      try {
        guest.call(entry);
      } catch (error) {
        if (!(error instanceof Exit)) throw error;
        exit = error.status;
      }
      const text = (bytes: Uint8Array): string => decoder.decode(bytes).toWellFormed();
      return { exit, stdout: text(streams.output()), stderr: text(streams.errors()) };
    },
  });
}

function inputOf(input: CallInput['input']): { readonly args: readonly string[]; readonly stdin: Uint8Array } {
  if (input === undefined) return { args: ['plugin'], stdin: new Uint8Array() };
  if (!('json' in input)) return { args: ['plugin'], stdin: payloadBytes(input) };
  const { args = [], stdin = '' } = input.json as { readonly args?: readonly string[]; readonly stdin?: string };
  return { args: ['plugin', ...args.map(String)], stdin: new TextEncoder().encode(String(stdin)) };
}

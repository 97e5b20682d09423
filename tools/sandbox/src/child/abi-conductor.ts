// Parameters in, a status and a JSON result out; see the conventions of the host profile `conductor`.

import type { CallInput, CoreHost, Session } from './abi.ts';
import { Fault } from './faults.ts';
import { readJson } from './read-json.ts';
import { CallWithText, ERRORS, textFunctions } from './text-call.ts';

/** The first event of a vector arrives when Conductor has run for a second, the next ones a second apart. */
const BETWEEN_EVENTS = 1_000_000_000n;

export function conductorAbi(session: Session): CoreHost {
  const { guest, world } = session;
  const call = new CallWithText(session, { argumentsOf: 'execute' });
  const text = textFunctions(session);
  const socket = (name: string) => () => (world.response(`conductor.${name}`) === undefined ? ERRORS.failed : 0);
  return {
    functions: {
      conductor: {
        set_result: (address: number, length: number) => {
          if (length >>> 0 > world.outputBytes)
            throw world.log.stop(new Fault('outputLimit', `a result of ${length >>> 0} bytes`));
          const value = readJson(guest.text(address, length) ?? '');
          if (value !== undefined) call.result(value);
          return undefined;
        },
        log: (_level: number, address: number, length: number) => text.log(address, length),
        http_request: (address: number, length: number) => text.request('conductor.http_request', address, length),
        http_response_read: (address: number, capacity: number) => text.answer(address, capacity),
        command_run: (address: number, length: number) => text.request('conductor.command_run', address, length),
        command_output_read: (address: number, capacity: number) => text.answer(address, capacity),
        system_action: (address: number, length: number) => text.request('conductor.system_action', address, length),
        websocket_open: socket('websocket_open'),
        websocket_send: socket('websocket_send'),
        websocket_receive: socket('websocket_receive'),
        websocket_close: socket('websocket_close'),
      },
    },
    start: () => call.start(),
    call: (input: CallInput) => {
      world.now = BETWEEN_EVENTS * BigInt(input.number + 1);
      return call.make(input);
    },
  };
}

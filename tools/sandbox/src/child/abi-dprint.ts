// Formatters of dprint, schema version 4: one shared buffer in the plugin; see the conventions of the host profile `dprint`.

import type { CallInput, CoreHost, Session } from './abi.ts';
import { trapped } from './faults.ts';
import { encode, type HostModule } from './guest.ts';
import { readJson } from './read-json.ts';
import type { Json } from './request.ts';
import { withinOutput } from './text-call.ts';
import { payloadBytes, payloadValue } from './world.ts';

const CONFIG = 1;
const FORMAT = { same: 0, changed: 1, failed: 2 } as const;
/** Entries that need a configuration, and get its number. */
const OF_CONFIG: ReadonlySet<string> = new Set([
  'get_config_diagnostics',
  'get_resolved_config',
  'get_config_file_matching',
]);

interface Input {
  readonly path?: string;
  readonly text?: string;
  readonly config?: Json;
  readonly global?: Json;
  readonly override?: Json;
  readonly range?: readonly [number, number];
}

export function dprintAbi(session: Session): CoreHost {
  const { guest } = session;
  return {
    functions: { dprint: hostFormatting(session) },
    start: () => {
      if (guest.has('_initialize')) guest.call('_initialize');
    },
    call: ({ entry, input }: CallInput): Json => {
      const given = (payloadValue(input) ?? {}) as Input;
      if (entry === 'format' || entry === 'format_range') return format(session, given);
      if (!OF_CONFIG.has(entry)) return jsonOrText(taken(session, guest.callForAddress(entry)));
      register(session, given);
      return jsonOrText(taken(session, guest.callForAddress(entry, CONFIG)));
    },
  };
}

function register(session: Session, { config = {}, global = {} }: Input): void {
  give(session, encode(JSON.stringify({ plugin: config, global })));
  session.guest.call('register_config', CONFIG);
}

function format(session: Session, input: Input): Json {
  const { guest } = session;
  register(session, input);
  if (input.override !== undefined) {
    give(session, encode(JSON.stringify(input.override)));
    guest.call('set_override_config');
  }
  give(session, encode(input.path ?? ''));
  guest.call('set_file_path');
  give(session, encode(input.text ?? ''));
  const status =
    input.range === undefined
      ? guest.callForAddress('format', CONFIG)
      : guest.callForAddress('format_range', CONFIG, ...input.range);
  if (status === FORMAT.changed) return { status, text: taken(session, guest.callForAddress('get_formatted_text')) };
  if (status === FORMAT.failed) return { status, error: taken(session, guest.callForAddress('get_error_text')) };
  if (status !== FORMAT.same) throw trapped('bad-answer', `format answered ${status}`);
  return { status };
}

function give({ guest }: Session, bytes: Uint8Array): void {
  guest.write(guest.callForAddress('clear_shared_bytes', bytes.length), bytes);
}

function taken(session: Session, length: number): string {
  const { guest } = session;
  return guest.requireText(guest.callForAddress('get_shared_bytes_ptr'), withinOutput(length, session));
}

const jsonOrText = (text: string): Json => readJson(text) ?? text;

/** Another formatter, as far as the vector answers for it: its text changes, anything else stays as it is. */
function hostFormatting({ guest, world }: Session): HostModule {
  let formatted = new Uint8Array();
  return {
    host_format: () => {
      const response = world.response('dprint.host_format');
      if (response === undefined) return FORMAT.same;
      formatted = Uint8Array.from(payloadBytes(response));
      return FORMAT.changed;
    },
    host_get_formatted_text: () => formatted.length,
    host_get_error_text: () => 0,
    host_has_cancelled: () => 0,
    host_write_buffer: (address: number) => {
      guest.slice(address, formatted.length)?.set(formatted);
      return undefined;
    },
  };
}

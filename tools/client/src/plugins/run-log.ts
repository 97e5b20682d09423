// The run log: which digest ran on which input, one JSON line a record, each naming the digest of the line before. It shows accidental
// change, and any change if you keep the head elsewhere: whoever can write to the store can also write all of it anew, or cut its end.
import { type LOG_EVENTS, type LogRecord, logRecord } from '../documents/log-record.ts';
import { ClientError } from '../error.ts';
import type { PluginStore } from '../store/plugin-store.ts';
import { concatBytes, fromUtf8, sha256, toHex, utf8 } from '../trust/bytes.ts';
import { canonicalJson } from '../trust/canonical.ts';
import { readJson } from '../trust/shape.ts';

/** What identifies a log at one moment: keep it elsewhere, and any later change to what it covers shows. */
export interface LogHead {
  readonly records: number;
  /** sha256 of the last line; absent while there is none. */
  readonly sha256?: string;
}

/** A record before it has its place in the chain. */
export type NewRecord = Omit<LogRecord, 'sequence' | 'previous' | 'at' | 'host'>;

interface Activity {
  readonly last?: string | undefined;
  /** By capability: when the plugin was last given it. */
  readonly grants: ReadonlyMap<string, string>;
}

/**
 * An append-only log whose every record holds the digest of the one before. It shows accidental change, and any change if the head is
 * kept elsewhere.
 */
export interface RunLog {
  /** Writes records after those that are there; all or none of them. */
  append(records: readonly NewRecord[]): Promise<LogHead>;
  /** The last record: keep it elsewhere to notice that the log was cut off. Throws RUN_LOG_BROKEN. */
  head(): Promise<LogHead>;
  /** Every record, oldest first. Throws RUN_LOG_BROKEN as `verify`. */
  records(): Promise<readonly LogRecord[]>;
  /** The whole chain. With a head kept elsewhere also that nothing before it was changed or cut off. Throws RUN_LOG_BROKEN. */
  verify(kept?: LogHead): Promise<LogHead>;
  /** JSON lines and the head they end in, for somebody who checks them elsewhere. */
  export(): Promise<{ readonly lines: Uint8Array; readonly head: LogHead }>;
  /** When a plugin last did something here. */
  lastActivity(plugin: string): Promise<string | undefined>;
  /** The same, and when it last did something with each of its grants. */
  activity(plugin: string): Promise<Activity>;
}

/** Records in a file: what is written anew for one more, and so at most lost to a damaged disk. */
const SEGMENT = 200;
/** A file written whole each time is the last whole state after a power cut, which a file that is appended to is not. */
const segmentName = (folder: string, index: number): string => `${folder}log/${String(index).padStart(8, '0')}.jsonl`;

export interface RunLogOptions {
  readonly store: PluginStore;
  readonly host: string;
  readonly now: () => Date;
  /** Ends with a slash. */
  readonly folder: string;
}

export function openRunLog({ store, host, now, folder }: RunLogOptions): RunLog {
  const read = async (): Promise<Uint8Array> => {
    const parts: Uint8Array[] = [];
    for (let index = 0; ; index++) {
      const bytes = await store.get(segmentName(folder, index));
      if (bytes === undefined) return concatBytes(...parts);
      parts.push(bytes);
    }
  };
  const append = async (added: readonly NewRecord[]): Promise<LogHead> => {
    const end = await lastSegment(store, folder);
    let { head, index, lines } = end;
    for (const record of added) {
      if (lines.length === SEGMENT) {
        await store.put(segmentName(folder, index), joined(lines));
        [index, lines] = [index + 1, []];
      }
      const line = await encode({ ...record, host, at: instant(now()), sequence: head.records, previous: head.sha256 });
      lines.push(line.text);
      head = { records: head.records + 1, sha256: line.digest };
    }
    if (added.length > 0) await store.put(segmentName(folder, index), joined(lines));
    return head;
  };
  return {
    append: (records) => store.lock(`${folder}log`, () => append(records)),
    head: async () => (await lastSegment(store, folder)).head,
    records: async () => (await verifyRunLog(await read())).records,
    verify: async (kept) => (await verifyRunLog(await read(), kept)).head,
    async export() {
      const lines = await read();
      return { lines, head: (await verifyRunLog(lines)).head };
    },
    // A convenience: that the log is broken is for those to hear who read or verify it.
    lastActivity: async (plugin) => (await activity(read, plugin)).last,
    activity: (plugin) => activity(read, plugin),
  };
}

async function activity(read: () => Promise<Uint8Array>, plugin: string): Promise<Activity> {
  try {
    const { records } = await verifyRunLog(await read());
    const own = records.filter((record) => record.plugin === plugin && ACTIVE.has(record.event));
    const grants = new Map(own.flatMap(({ at, grants: given = [] }) => given.map((id) => [id, at] as const)));
    return { last: own.at(-1)?.at, grants };
  } catch (error) {
    if (error instanceof ClientError && error.code === 'RUN_LOG_BROKEN') return { grants: new Map() };
    throw error;
  }
}

const ACTIVE: ReadonlySet<string> = new Set<(typeof LOG_EVENTS)[number]>(['loaded', 'ran', 'reproduced']);

export function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** Lines of a log, wherever they come from. Throws RUN_LOG_BROKEN with the number of the first record that does not fit. */
export async function verifyRunLog(
  bytes: Uint8Array,
  kept?: LogHead,
): Promise<{ readonly records: readonly LogRecord[]; readonly head: LogHead }> {
  const text = readText(bytes);
  if (text !== '' && !text.endsWith('\n')) throw broken(0, 'the last line has no end');
  const records: LogRecord[] = [];
  let head: LogHead = { records: 0 };
  for (const line of text.split('\n').slice(0, -1)) {
    const record = decodeLine(line, records.length);
    if (record.sequence !== records.length) throw broken(records.length, 'sequence');
    if (record.previous !== head.sha256) throw broken(records.length, 'previous');
    records.push(record);
    head = { records: records.length, sha256: toHex(await sha256(utf8(line))) };
    if (kept?.records === head.records && kept.sha256 !== head.sha256)
      throw broken(records.length - 1, 'the head kept elsewhere');
  }
  if (kept !== undefined && kept.records > records.length)
    throw broken(records.length, 'records are missing at the end');
  return { records, head };
}

function readText(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw new ClientError('RUN_LOG_BROKEN', { what: 'text' }, cause);
  }
}

function decodeLine(line: string, number: number): LogRecord {
  const bytes = utf8(line);
  const record = readJson(bytes, { code: 'RUN_LOG_BROKEN', path: `record ${number}` }, logRecord);
  // One spelling a record: a line with white space would be the same record with another digest.
  if (fromUtf8(canonicalJson({ schemaVersion: 1, ...record })) === line) return record;
  throw broken(number, 'its form');
}

function broken(record: number, what: string): ClientError {
  return new ClientError('RUN_LOG_BROKEN', { record, what });
}

async function encode(record: LogRecord): Promise<{ readonly text: string; readonly digest: string }> {
  const present = Object.fromEntries(
    Object.entries({ schemaVersion: 1, ...record }).filter(([, value]) => value !== undefined),
  );
  const bytes = canonicalJson(present);
  // What is written must be readable: a correlation id with a space would break the log for good.
  readJson(bytes, { code: 'RUN_RECORD_INVALID', path: 'record' }, logRecord);
  return { text: fromUtf8(bytes), digest: toHex(await sha256(bytes)) };
}

const joined = (lines: readonly string[]): Uint8Array => utf8(lines.map((line) => `${line}\n`).join(''));

async function lastSegment(
  store: PluginStore,
  folder: string,
): Promise<{ readonly head: LogHead; readonly index: number; readonly lines: string[] }> {
  const names = (await store.list(`${folder}log/`)).map(({ name }) => name).sort();
  const last = names.at(-1);
  if (last === undefined) return { head: { records: 0 }, index: 0, lines: [] };
  const lines = readText((await store.get(last)) ?? new Uint8Array())
    .split('\n')
    .slice(0, -1);
  const line = lines.at(-1);
  if (line === undefined) throw broken(0, 'an empty file');
  const { sequence } = decodeLine(line, (names.length - 1) * SEGMENT + lines.length - 1);
  return {
    head: { records: sequence + 1, sha256: toHex(await sha256(utf8(line))) },
    index: names.length - 1,
    lines,
  };
}

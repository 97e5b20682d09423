// Zip archives byte by byte: right ones, the same bytes on every machine, and wrong ones with one thing otherwise. Stored entries
// and deflate written out by hand, since what a compressor makes differs between versions.

export interface ZipItem {
  /** A folder's ends with a slash. */
  readonly name: string | readonly number[];
  readonly content?: string | readonly number[] | Uint8Array;
  /** Packed by whoever calls; `content` is what it unpacks to. */
  readonly deflated?: readonly number[] | Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  /** External attributes, high half Unix. */
  readonly attributes?: number;
  readonly extra?: readonly number[];
  readonly crc?: number;
  readonly size?: number;
  readonly packedSize?: number;
  /** What the local header says otherwise. */
  readonly local?: Partial<Record<'flags' | 'method' | 'crc' | 'packedSize' | 'size', number>> & {
    readonly name?: string;
    readonly extra?: readonly number[];
  };
  /** After the data; by default what flag 8 asks for. */
  readonly descriptor?: readonly number[];
  /** Bytes between this entry and the next. */
  readonly after?: readonly number[];
  /** Only in the directory. */
  readonly hidden?: boolean;
  /** Instead of where it lies. */
  readonly headerOffset?: number;
}

export interface ZipOptions {
  readonly comment?: readonly number[] | string;
  readonly before?: readonly number[];
  readonly beforeEnd?: readonly number[];
  readonly after?: readonly number[];
  readonly entries?: number;
  readonly directoryOffset?: number;
  readonly disk?: number;
}

const FILE = 0x81a40000;
const FOLDER = 0x41ed0010;
/** 1980-01-01, midnight: the first day the format knows. */
const TIME = [0, 0, 0x21, 0];

export const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
export const u16 = (value: number): number[] => [value & 0xff, (value >>> 8) & 0xff];
export const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];

export function crc32(bytes: Iterable<number>): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const bytesOf = (content: ZipItem['content'] = ''): readonly number[] | Uint8Array =>
  typeof content === 'string' ? utf8(content) : content;

export function zipArchive(items: readonly ZipItem[], options: ZipOptions = {}): Uint8Array<ArrayBuffer> {
  const parts: Bytes[] = [options.before ?? []];
  const records: Bytes[] = [];
  for (const item of items) {
    const { record, local } = headersOf(item, sizeOf(parts));
    records.push(record);
    if (item.hidden !== true) parts.push(...local, item.after ?? []);
  }
  const directoryOffset = options.directoryOffset ?? sizeOf(parts);
  const comment = bytesOf(options.comment);
  const [disk, count] = [u16(options.disk ?? 0), u16(options.entries ?? items.length)];
  const end = [...u32(0x06054b50), ...disk, ...disk, ...count, ...count];
  const rest = [...u32(sizeOf(records)), ...u32(directoryOffset), ...u16(comment.length)];
  return joined([...parts, ...records, options.beforeEnd ?? [], end, rest, comment, options.after ?? []]);
}

type Bytes = readonly number[] | Uint8Array;

const sizeOf = (parts: readonly Bytes[]): number => parts.reduce((sum, { length }) => sum + length, 0);

function joined(parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function headersOf(item: ZipItem, offset: number): { record: Bytes; local: readonly Bytes[] } {
  const content = bytesOf(item.content);
  const data = item.deflated ?? content;
  const name = typeof item.name === 'string' ? utf8(item.name) : [...item.name];
  const isFolder = name.at(-1) === 0x2f;
  const isAscii = name.every((byte) => byte < 0x80);
  const flags = item.flags ?? (isAscii ? 0 : 0x0800);
  const method = item.method ?? (item.deflated === undefined ? 0 : 8);
  const crc = item.crc ?? crc32(content);
  const [packedSize, size] = [item.packedSize ?? data.length, item.size ?? content.length];
  const { local = {} } = item;
  const streamed = (flags & 8) !== 0;
  const localName = local.name === undefined ? name : utf8(local.name);
  const localExtra = local.extra ?? item.extra ?? [];
  const header = [
    ...[...u32(0x04034b50), ...u16(20), ...u16(local.flags ?? flags), ...u16(local.method ?? method), ...TIME],
    ...[...u32(local.crc ?? (streamed ? 0 : crc)), ...u32(local.packedSize ?? (streamed ? 0 : packedSize))],
    ...[...u32(local.size ?? (streamed ? 0 : size)), ...u16(localName.length), ...u16(localExtra.length)],
    ...localName,
    ...localExtra,
  ];
  const descriptor = item.descriptor ?? (streamed ? descriptorOf(crc, packedSize, size) : []);
  const extra = item.extra ?? [];
  const record = [
    // Made by version 2.0 on Unix.
    ...[...u32(0x02014b50), 20, 3, ...u16(20), ...u16(flags), ...u16(method), ...TIME],
    ...[...u32(crc), ...u32(packedSize), ...u32(size), ...u16(name.length), ...u16(extra.length), ...u16(0)],
    ...[...u16(0), ...u16(0), ...u32(item.attributes ?? (isFolder ? FOLDER : FILE))],
    ...[...u32(item.headerOffset ?? offset), ...name, ...extra],
  ];
  return { record, local: [header, data, descriptor] };
}

/** With its signature, which is optional. */
function descriptorOf(crc: number, packedSize: number, size: number): number[] {
  return [...u32(0x08074b50), ...u32(crc), ...u32(packedSize), ...u32(size)];
}

/** Deflate in one stored block. */
export function deflateStored(content: readonly number[]): number[] {
  return [1, ...u16(content.length), ...u16(content.length ^ 0xffff), ...content];
}

/** Deflate of one byte `1 + 258 * times` times: a literal and as many copies, in the fixed codes. */
export function deflateRun(byte: number, times: number): Uint8Array {
  const bits: number[] = [1, 1, 0];
  const code = (value: number, length: number): void => {
    for (let at = length - 1; at >= 0; at -= 1) bits.push((value >> at) & 1);
  };
  code(0x30 + byte, 8);
  for (let i = 0; i < times; i += 1) {
    code(0xc0 + (285 - 280), 8);
    code(0, 5);
  }
  code(0, 7);
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((sum, bit, i) => sum | (bit << i), 0),
  );
}

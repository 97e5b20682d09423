// POSIX ustar (IEEE 1003.1, pax), the little of it that a folder of plain files needs. Every field that could differ from machine to
// machine is fixed, so that the same files are the same archive.

export const BLOCK = 512;

const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

/** The header blocks of a plain file; names that ustar cannot hold get a pax record. */
export function fileHeader(path: string, size: number): Uint8Array {
  const split = splitName(path);
  if (split !== undefined) return header({ ...split, size, type: '0' });
  const record = paxRecord('path', path);
  const short = { name: `pax/${path.slice(-90).replaceAll('/', '_')}`, prefix: '' };
  return concat([
    header({ ...short, size: record.length, type: 'x' }),
    padded(record),
    header({ ...short, size, type: '0' }),
  ]);
}

export const endOfArchive = (): Uint8Array => new Uint8Array(2 * BLOCK);

export const paddingFor = (size: number): Uint8Array => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);

function splitName(path: string): { name: string; prefix: string } | undefined {
  if (path.length <= NAME_BYTES) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at > 0 && at <= PREFIX_BYTES; at = path.indexOf('/', at + 1))
    if (path.length - at - 1 <= NAME_BYTES) return { name: path.slice(at + 1), prefix: path.slice(0, at) };
  return undefined;
}

/** `<length> path=<value>\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (`${length}${rest}`.length !== length) length = `${length}${rest}`.length;
  return new TextEncoder().encode(`${length}${rest}`);
}

interface HeaderFields {
  readonly name: string;
  readonly prefix: string;
  readonly size: number;
  readonly type: '0' | 'x';
}

function header({ name, prefix, size, type }: HeaderFields): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => block.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  put(0, name);
  put(100, `${octal(0o644, 7)}\0`);
  put(108, `${octal(0, 7)}\0`);
  put(116, `${octal(0, 7)}\0`);
  put(124, `${octal(size, 11)}\0`);
  put(136, `${octal(0, 11)}\0`);
  put(156, type);
  put(257, 'ustar\0');
  put(263, '00');
  put(345, prefix);
  put(148, `${octal(checksum(block), 6)}\0 `);
  return block;
}

/** The sum of the header's bytes, the checksum's own eight counted as spaces. */
export function checksum(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (const [at, byte] of block.entries()) if (at < 148 || at >= 156) sum += byte;
  return sum;
}

const padded = (bytes: Uint8Array): Uint8Array => concat([bytes, paddingFor(bytes.length)]);

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

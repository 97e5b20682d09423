// Writing DER, as much of it as certificates and timestamp tokens need. Its readers are strangers (@sigstore/verify, OpenSSL through
// node:crypto) and the client's own verifier, so a mistake here does not go by unseen.

const concat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(parts);
  const digits: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const length = body.length < 0x80 ? [body.length] : [0x80 + digits.length, ...digits];
  return concat([Uint8Array.of(tag, ...length), body]);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => element(0x30, ...parts);
/** X.690 11.6: the elements of a SET OF in ascending order of their encodings. */
export const setOf = (...parts: readonly Uint8Array[]): Uint8Array =>
  element(0x31, ...[...parts].sort((a, b) => Buffer.compare(a, b)));
export const octets = (bytes: Uint8Array): Uint8Array => element(0x04, bytes);
export const bits = (bytes: Uint8Array, unused = 0): Uint8Array => element(0x03, Uint8Array.of(unused), bytes);
export const boolean = (value: boolean): Uint8Array => element(0x01, Uint8Array.of(value ? 0xff : 0));
export const utf8 = (text: string): Uint8Array => element(0x0c, Buffer.from(text, 'utf8'));
/** `[n]`, constructed. */
export const tagged = (n: number, ...parts: readonly Uint8Array[]): Uint8Array => element(0xa0 + n, ...parts);

/** A positive integer from its bytes, or from a small number. */
export function integer(value: number | Uint8Array): Uint8Array {
  const bytes =
    typeof value === 'number'
      ? Buffer.from(
          value
            .toString(16)
            .padStart(2, '0')
            .replace(/^(.(..)*)$/, '0$1'),
          'hex',
        )
      : value;
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const magnitude = bytes.subarray(start);
  return element(0x02, ...((magnitude[0] ?? 0) > 0x7f ? [Uint8Array.of(0), magnitude] : [magnitude]));
}

export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const arc = (value: number): number[] => {
    const digits = [value % 128];
    for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift(0x80 + (left % 128));
    return digits;
  };
  return element(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(arc)));
}

const digitsOf = (time: Date): string => time.toISOString().replace(/[-:T]|\.\d+Z$/g, '');

/** RFC 5280 4.1.2.5: two digits of a year until 2049, four afterwards. */
export function certificateTime(time: Date): Uint8Array {
  const digits = digitsOf(time);
  return time.getUTCFullYear() < 2050 ? element(0x17, Buffer.from(`${digits.slice(2)}Z`)) : generalizedTime(time);
}

/** Whole seconds: some readers refuse fractions. */
export function generalizedTime(time: Date): Uint8Array {
  return element(0x18, Buffer.from(`${digitsOf(time)}Z`));
}

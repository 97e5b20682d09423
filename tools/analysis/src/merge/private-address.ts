// Addresses that lead into somebody's own network. A publisher names a URL and the reviewer fetches it: without this list the
// registry's machine asks its neighbours whatever a stranger wants (SSRF).

/** Prefix and length of IPv4 ranges that are not the public internet (IANA special-purpose registry). */
const RANGES_4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // cloud metadata services among them
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Names that no public DNS answers for. */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private|test|invalid|home\.arpa)$/;

/** Whether a host of a URL, as `URL.hostname` gives it, is certainly not public. A name may still resolve to a private address. */
export function isPrivateHost(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  if (name.startsWith('[')) return isPrivateAddress(name.slice(1, -1));
  if (IPV4.test(name)) return isPrivateAddress(name);
  return !name.includes('.') || LOCAL_NAME.test(name);
}

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Whether an IP address, v4 or v6, is anything but a public one. What cannot be read counts as private. */
export function isPrivateAddress(address: string): boolean {
  if (IPV4.test(address)) return isPrivate4(numberOf(address));
  const words = wordsOf(address);
  return words === undefined || isPrivate6(words);
}

function isPrivate4(address: number): boolean {
  return RANGES_4.some(([prefix, length]) => {
    const shift = 2 ** (32 - length);
    return Math.floor(address / shift) === Math.floor(numberOf(prefix) / shift);
  });
}

const numberOf = (dotted: string): number => dotted.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function isPrivate6(words: readonly number[]): boolean {
  const [first = 0, second = 0] = words;
  const last = (words[6] ?? 0) * 65_536 + (words[7] ?? 0);
  const zeros = (count: number): boolean => words.slice(0, count).every((word) => word === 0);
  // ::ffff:a.b.c.d, and 64:ff9b::a.b.c.d of translators: another spelling of an IPv4 address.
  if (zeros(5) && words[5] === 0xffff) return isPrivate4(last);
  if (first === 0x64 && second === 0xff9b) return isPrivate4(last);
  // 2000::/3 is what is routed; of it, documentation, tunnels with an IPv4 address inside, and benchmarks are not.
  if (first < 0x2000 || first > 0x3fff) return true;
  return first === 0x2002 || (first === 0x2001 && (second < 0x200 || second === 0xdb8)) || first === 0x3fff;
}

/** The eight words of an IPv6 address; undefined when it is none. */
function wordsOf(address: string): number[] | undefined {
  const plain = (address.split('%')[0] ?? '').toLowerCase().replace(/\d+(?:\.\d+){3}$/, (dotted) => {
    const value = numberOf(dotted);
    return `${Math.floor(value / 65_536).toString(16)}:${(value % 65_536).toString(16)}`;
  });
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  return all.every((word) => /^[0-9a-f]{1,4}$/.test(word)) ? all.map((word) => Number.parseInt(word, 16)) : undefined;
}

// Credentials in data. Each issuer gives its tokens a prefix so that they can be found; the length is part of the format. What is
// found is shown by its prefix and length only: a report is public.

import { at, BASE64, BASE64URL, type ByteSet, CAPITAL, hasText, isIn, span } from './byte-sets.ts';
import type { Candidate, Look, Sighting } from './look.ts';

/** A prefix and so many characters of a set. `exact` because prefixes have a case, which the search does not know. */
function lookAtToken(prefix: string, set: ByteSet, [fewest, most]: readonly [number, number]): Look {
  return ({ bytes, start, end }) => {
    if (!hasText(bytes, start, prefix) || isIn(at(bytes, start - 1), set)) return undefined;
    const length = span(bytes, end, { set, most: most + 1 });
    if (length < fewest || length > most || isDocumentation(bytes.subarray(end, end + length))) return undefined;
    return hidden(prefix, { bytes, start, end: end + length });
  };
}

/** Keys that manuals print end in this word. */
function isDocumentation(token: Uint8Array): boolean {
  return hasText(token, token.length - EXAMPLE.length, EXAMPLE);
}
const EXAMPLE = 'EXAMPLE';

/** Three parts of base64url with dots, the first two of them JSON objects (RFC 7519 3.1). */
const lookAtJsonWebToken: Look = ({ bytes, start }) => {
  if (!hasText(bytes, start, 'eyJ') || isIn(at(bytes, start - 1), BASE64URL)) return undefined;
  let cursor = start;
  for (const opening of ['eyJ', 'eyJ', '']) {
    if (cursor > start && bytes[cursor++] !== DOT) return undefined;
    const length = span(bytes, cursor, { set: BASE64URL, most: LONGEST_TOKEN });
    if (length < SHORTEST_PART || !hasText(bytes, cursor, opening)) return undefined;
    cursor += length;
  }
  return hidden('eyJ', { bytes, start, end: cursor });
};

const DOT = 0x2e;
const LONGEST_TOKEN = 4096;
/** `{"a":1}` has ten. */
const SHORTEST_PART = 10;

/** The marker of a PEM private key with at least one line of its body; the marker alone stands in every TLS library. */
const lookAtPrivateKey: Look = ({ bytes, start, end }) => {
  let cursor = end;
  while (cursor < end + LONGEST_LABEL && !hasText(bytes, cursor, PRIVATE)) cursor += 1;
  if (!hasText(bytes, cursor, PRIVATE)) return undefined;
  cursor += PRIVATE.length;
  while (cursor < end + LONGEST_LABEL + 40 && isBreak(at(bytes, cursor))) cursor += 1;
  const body = span(bytes, cursor, { set: BASE64, most: LONGEST_TOKEN });
  return body < SHORTEST_BODY
    ? undefined
    : hidden('-----BEGIN … PRIVATE KEY-----', { bytes, start, end: cursor + body });
};

const PRIVATE = 'PRIVATE KEY-----';
/** `ENCRYPTED `, `OPENSSH ` and the like. */
const LONGEST_LABEL = 24;
/** An Ed25519 key in PKCS 8 has 64 characters, most lines have 64. */
const SHORTEST_BODY = 48;
/** Line ends, also as source code writes them. */
const isBreak = (byte: number): boolean =>
  byte === 0x0a || byte === 0x0d || byte === 0x5c || byte === 0x6e || byte === 0x72;

function hidden(prefix: string, { start, end }: Candidate): Sighting {
  return { text: `${prefix}… (${end - start} characters)`, start, length: end - start };
}

export const SECRETS: readonly { readonly word: string; readonly look: Look }[] = [
  { word: 'AKIA', look: lookAtToken('AKIA', CAPITAL, [16, 16]) },
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((word) => ({ word, look: lookAtToken(word, BASE64URL, [36, 255]) })),
  { word: 'github_pat_', look: lookAtToken('github_pat_', BASE64URL, [60, 255]) },
  { word: 'npm_', look: lookAtToken('npm_', BASE64URL, [36, 36]) },
  ...['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-'].map((word) => ({
    word,
    look: lookAtToken(word, BASE64URL, [24, 255]),
  })),
  { word: 'AIza', look: lookAtToken('AIza', BASE64URL, [35, 35]) },
  ...['sk_live_', 'rk_live_'].map((word) => ({ word, look: lookAtToken(word, BASE64URL, [24, 255]) })),
  { word: 'eyJ', look: lookAtJsonWebToken },
  { word: '-----BEGIN', look: lookAtPrivateKey },
];

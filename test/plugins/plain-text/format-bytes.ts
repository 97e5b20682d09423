// Formatting, byte by byte: text that is not UTF-8 keeps every byte that is not white space at the end of a line.

import { Configuration } from './configuration';

const TAB: u8 = 0x09;
const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
const SPACE: u8 = 0x20;

export function formatBytes(input: Uint8Array, configuration: Configuration): Uint8Array {
  const crlf = configuration.newLineKind == 'auto' ? firstLineEndsWithCrLf(input) : configuration.newLineKind == 'crlf';
  const output = new Uint8Array(input.length * 2 + 2);
  let written = 0;
  let start = 0;
  while (start < input.length) {
    const newline = input.indexOf(LF, start);
    const end = newline < 0 ? input.length : newline;
    const kept = contentEnd(input, start, end, configuration.trimTrailingWhitespace);
    for (let i = start; i < kept; i++) output[written++] = input[i];
    if (newline >= 0 || (configuration.finalNewline && kept > start)) {
      if (crlf) output[written++] = CR;
      output[written++] = LF;
    }
    start = end + 1;
  }
  return output.slice(0, written);
}

/** Where the content of a line ends: before its CR, and before spaces and tabs when these are trimmed. */
function contentEnd(input: Uint8Array, start: i32, end: i32, trim: bool): i32 {
  if (end > start && end < input.length && input[end - 1] == CR) end--;
  if (!trim) return end;
  while (end > start && (input[end - 1] == SPACE || input[end - 1] == TAB || input[end - 1] == CR)) end--;
  return end;
}

function firstLineEndsWithCrLf(input: Uint8Array): bool {
  const newline = input.indexOf(LF);
  return newline > 0 && input[newline - 1] == CR;
}

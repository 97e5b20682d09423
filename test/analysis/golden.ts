import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/** The text checked in at `file`; BLESS=1 writes it first. */
export function golden(file: URL, text: string): string {
  if (process.env['BLESS'] === '1') {
    mkdirSync(new URL('./', file), { recursive: true });
    writeFileSync(file, text);
  }
  return readFileSync(file, 'utf8');
}

/** JSON a person can read a difference of. */
export const readable = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

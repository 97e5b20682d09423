// A folder as an author has it, of 1 MB and with five vectors: dprint's JSON formatter and a custom section that fills it up.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SIZE = 1_000_000;
const VECTORS = 5;
const SOURCE = fileURLToPath(new URL('../plugins/third-party/dprint-json', import.meta.url));

/** Makes the folder and answers its path; the caller removes it. */
export function folderToCheck(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plugmark-bench-'));
  mkdirSync(join(folder, 'vectors'));
  const plugin = readFileSync(fileURLToPath(import.meta.resolve('@dprint/json/plugin.wasm')));
  writeFileSync(join(folder, 'plugin.wasm'), Buffer.concat([plugin, customSection(SIZE - plugin.length)]));
  const vector = JSON.parse(readFileSync(join(SOURCE, 'vectors/objects.json'), 'utf8')) as object;
  const names = Array.from({ length: VECTORS }, (_, i) => `objects-${i + 1}`);
  for (const name of names) writeFileSync(join(folder, `vectors/${name}.json`), JSON.stringify({ ...vector, name }));
  const manifest = readFileSync(join(SOURCE, 'plugin.yaml'), 'utf8');
  const list = names.map((name) => `  - vectors/${name}.json\n`).join('');
  writeFileSync(join(folder, 'plugin.yaml'), manifest.replace(/vectors:\n(?: {2}- .*\n)+/, `vectors:\n${list}`));
  writeFileSync(join(folder, 'README.md'), readFileSync(join(SOURCE, 'README.md')));
  return folder;
}

/** A custom section of so many bytes in all. */
function customSection(size: number): Uint8Array {
  const name = new TextEncoder().encode('padding');
  const section = new Uint8Array(size);
  const content = size - 6;
  // A length in five bytes, whatever it is.
  const length = [0, 7, 14, 21].map((shift) => ((content >>> shift) & 0x7f) | 0x80);
  section.set([0, ...length, (content >>> 28) & 0x7f, name.length, ...name]);
  return section;
}

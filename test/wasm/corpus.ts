// The acceptance corpus: real WebAssembly that other people publish on npm, as a list of packages with what was measured
// of each file when it was listed. The files themselves are fetched by fetch-corpus.ts and never committed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CorpusFile {
  readonly package: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** The host whose calling convention the file was made for. */
  readonly host?: string;
  /** Found by another reader than ours, where it was asked. */
  readonly exportCount?: number;
  readonly memories?: readonly unknown[];
}

const LIST = process.env['PLUGMARK_CORPUS_LIST'] ?? fileURLToPath(new URL('./corpus/list.json', import.meta.url));

/** The entries of the list, or none where it is not at hand. */
export function corpusFiles(): readonly CorpusFile[] {
  if (!existsSync(LIST)) return [];
  return (JSON.parse(readFileSync(LIST, 'utf8')) as { files: CorpusFile[] }).files;
}

/** Where fetch-corpus.ts puts the content of a package. */
export function packageFolder(
  folder: string,
  { package: name, version }: Pick<CorpusFile, 'package' | 'version'>,
): string {
  return join(folder, `${name.replace('/', '+')}@${version}`);
}

export function corpusPath(folder: string, entry: CorpusFile): string {
  return join(packageFolder(folder, entry), entry.file);
}

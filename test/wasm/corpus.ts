// The acceptance corpus: real WebAssembly that other people publish on npm. The list stands beside the repository and
// the files are fetched by fetch-corpus.ts; neither is ever committed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CorpusFile {
  readonly package: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly kind: string;
  readonly exportCount: number;
  readonly memories: readonly unknown[];
}

const LIST =
  process.env['PLUGMARK_CORPUS_LIST'] ?? fileURLToPath(new URL('../../../shared/data/corpus.json', import.meta.url));

/** The entries of the list, or none where it is not at hand. */
export function corpusFiles(): readonly CorpusFile[] {
  if (!existsSync(LIST)) return [];
  return (JSON.parse(readFileSync(LIST, 'utf8')) as { files: CorpusFile[] }).files;
}

/** Where fetch-corpus.ts puts the content of a package. */
export function packageFolder(folder: string, { package: name, version }: CorpusFile): string {
  return join(folder, `${name.replace('/', '+')}@${version}`);
}

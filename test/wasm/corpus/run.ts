// npm run corpus -- [FOLDER] [--json] [--package NAME]...: fetches the corpus packages into FOLDER, which is kept, or into
// a temporary one; reads, walks and meters every file; compares with the list and with V8; prints the table. Talk on
// stderr. Exit 1 when anything disagrees or a package could not be had, 2 for wrong use.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CorpusFile, corpusFiles, corpusPath } from '../corpus.ts';
import { fetchCorpus } from '../fetch-corpus.ts';
import { type CorpusRow, examineFile } from './examine-file.ts';
import { renderRows } from './render-rows.ts';

interface Wanted {
  readonly folder: string | undefined;
  readonly json: boolean;
  readonly files: readonly CorpusFile[];
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function wantedOf(argv: readonly string[]): Wanted | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, package: { type: 'string', multiple: true } },
    });
    if (positionals.length > 1) return 'one folder at most';
    const names = values.package ?? [];
    const files = corpusFiles().filter((entry) => names.length === 0 || names.includes(entry.package));
    if (files.length === 0) return names.length === 0 ? 'the list is empty' : 'no such package is listed';
    return { folder: positionals[0], json: values.json ?? false, files };
  } catch (error) {
    return String(error);
  }
}

function examineAll(folder: string, files: readonly CorpusFile[]): { rows: CorpusRow[]; missing: number } {
  const rows: CorpusRow[] = [];
  let missing = 0;
  for (const entry of files) {
    try {
      rows.push(examineFile(entry, new Uint8Array(readFileSync(corpusPath(folder, entry)))));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      missing += 1;
      say(`MISSING ${entry.package}@${entry.version} ${entry.file}`);
    }
  }
  return { rows, missing };
}

function run({ folder, json, files }: Wanted): number {
  const scratch = folder === undefined ? mkdtempSync(join(tmpdir(), 'plugmark-corpus-')) : undefined;
  const target = scratch ?? resolve(folder ?? '');
  try {
    fetchCorpus(target, files, say);
    const { rows, missing } = examineAll(target, files);
    process.stdout.write(json ? `${JSON.stringify({ missing, files: rows }, null, 1)}\n` : renderRows(rows));
    return missing === 0 && rows.every(({ problems }) => problems.length === 0) ? 0 : 1;
  } finally {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  }
}

const wanted = wantedOf(process.argv.slice(2));
if (typeof wanted === 'string') {
  say(`corpus: ${wanted}\nusage: npm run corpus -- [FOLDER] [--json] [--package NAME]...`);
  process.exitCode = 2;
} else {
  process.exitCode = run(wanted);
}

// npm run honest:table -- [FOLDER]: writes table.json and table.md anew. FOLDER is what `npm run corpus -- FOLDER` filled;
// without it the lines of other people's plugins stay as they are.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { corpusFiles } from '../wasm/corpus.ts';
import { tableJson, tableMarkdown } from './render-table.ts';
import { corpusName, corpusRow, type HonestRow, ownRows, recordedRows } from './verdicts.ts';

async function writeTable(folder: string | undefined): Promise<void> {
  const rows: HonestRow[] = await ownRows();
  const recorded = recordedRows();
  for (const entry of corpusFiles().filter(({ host }) => host !== undefined)) {
    const before = recorded.filter(({ plugin }) => plugin === corpusName(entry));
    rows.push(...(folder === undefined ? before : [await corpusRow(folder, entry)]));
  }
  for (const row of rows) if (row.verdict !== 'pass') process.stderr.write(`${row.plugin}: ${row.verdict}\n`);
  writeFileSync(new URL('table.json', import.meta.url), tableJson(rows));
  writeFileSync(new URL('table.md', import.meta.url), tableMarkdown(rows));
}

const [folder] = process.argv.slice(2);
await writeTable(folder === undefined ? undefined : resolve(folder));

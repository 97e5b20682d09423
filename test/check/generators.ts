// Every committed file that is made from another one, by generator. `npm run generate` writes them all,
// `npm run check` fails when one is stale. A generator is a function of the sources: no clock, no machine.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderMergeRules } from '@plugmark/analysis';
import { jsonSchemas } from '@plugmark/schemas';
import { FOLDER, vectorFiles } from '../client-vectors/vector-files.ts';
import { renderCliDocs } from './cli-docs.ts';
import { IMPORT_TABLE, renderImportTable } from './import-table.ts';
import { renderInteropDocs } from './interop-docs.ts';

export interface Generator {
  readonly name: string;
  /** A folder the generator owns: a file in it that is not generated is stale too. */
  readonly owns?: string;
  /** Path below the repository root to its bytes. */
  files(): Promise<Map<string, Uint8Array>>;
}

const ARCHITECTURE = 'ARCHITECTURE.md';

export const GENERATORS: readonly Generator[] = [
  {
    name: 'JSON Schema',
    owns: 'schemas/json',
    files: async () => {
      const entries = Object.entries(jsonSchemas());
      return new Map(entries.map(([name, schema]) => [`schemas/json/${schemaFile(name)}`, json(schema)]));
    },
  },
  { name: 'client vectors', owns: FOLDER, files: async () => vectorFiles() },
  {
    name: 'merge rules',
    files: async () => new Map([['.github/MERGE_RULES.md', new TextEncoder().encode(renderMergeRules())]]),
  },
  {
    name: 'command line',
    files: async () => new Map([['site/src/content/docs/cli.md', new TextEncoder().encode(renderCliDocs())]]),
  },
  {
    name: 'interoperability',
    files: async () =>
      new Map([['site/src/content/docs/interoperability.md', new TextEncoder().encode(renderInteropDocs())]]),
  },
  { name: 'import table', files: async () => betweenMarkers('import-table', renderImportTable(IMPORT_TABLE)) },
];

/** `release` and `release.schema.json` name the same file. */
function schemaFile(name: string): string {
  return name.endsWith('.schema.json') ? name : `${name}.schema.json`;
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

/** ARCHITECTURE.md with the text between `<!-- generated:NAME -->` and `<!-- /generated:NAME -->` replaced. */
function betweenMarkers(name: string, body: string): Map<string, Uint8Array> {
  const path = fileURLToPath(new URL(`../../${ARCHITECTURE}`, import.meta.url));
  if (!existsSync(path)) return new Map();
  return new Map([[ARCHITECTURE, new TextEncoder().encode(replaceBetween(readFileSync(path, 'utf8'), name, body))]]);
}

/** Throws when the markers are missing: a quotation that silently stops being refreshed is worse than none. */
export function replaceBetween(text: string, name: string, body: string): string {
  const [open, close] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`${ARCHITECTURE} lacks the markers ${open} and ${close}`);
  return `${text.slice(0, start + open.length)}\n${body}${text.slice(end)}`;
}

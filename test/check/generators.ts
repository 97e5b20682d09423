// Every committed file that is made from another one, by generator. `npm run generate` writes them all,
// `npm run check` fails when one is stale. A generator is a function of the sources: no clock, no machine.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderMergeRules } from '@plugmark/analysis';
import { jsonSchemas } from '@plugmark/schemas';
import { DOCTOR_CHECKS } from '../../tools/cli/src/doctor/doctor-checks.ts';
import { FOLDER, vectorFiles } from '../client-vectors/vector-files.ts';
import { renderCliDocs } from './cli-docs.ts';
import { renderClientApi } from './client-api.ts';
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
const RUN_A_REGISTRY = 'site/src/content/docs/run-a-registry.md';

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
  {
    name: 'client API',
    files: async () => new Map([['site/src/content/docs/client-api.md', new TextEncoder().encode(renderClientApi())]]),
  },
  {
    name: 'import table',
    files: async () => betweenMarkers(ARCHITECTURE, 'import-table', renderImportTable(IMPORT_TABLE)),
  },
  {
    name: 'doctor checks',
    files: async () => betweenMarkers(RUN_A_REGISTRY, 'doctor-checks', renderDoctorChecks()),
  },
];

/** `release` and `release.schema.json` name the same file. */
function schemaFile(name: string): string {
  return name.endsWith('.schema.json') ? name : `${name}.schema.json`;
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

/** The file with the text between `<!-- generated:NAME -->` and `<!-- /generated:NAME -->` replaced. */
function betweenMarkers(file: string, name: string, body: string): Map<string, Uint8Array> {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  if (!existsSync(path)) return new Map();
  return new Map([[file, new TextEncoder().encode(replaceBetween(readFileSync(path, 'utf8'), name, body))]]);
}

/** What doctor looks at, as the documentation lists it. */
function renderDoctorChecks(): string {
  const rows = Object.entries(DOCTOR_CHECKS).map(
    ([id, { title, why, fix }]) => `| \`${id}\` | ${title} | ${why} | ${fix.replace(/[<>]/g, '\\$&')} |`,
  );
  return ['', '| check | right when | because | to set it right |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** Throws when the markers are missing: a quotation that silently stops being refreshed is worse than none. */
export function replaceBetween(text: string, name: string, body: string): string {
  const [open, close] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`the markers ${open} and ${close} are missing`);
  return `${text.slice(0, start + open.length)}\n${body}${text.slice(end)}`;
}

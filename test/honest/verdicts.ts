// The verdict on honest plugins, through the same command a publisher runs: those of our own writing from their folders,
// and those of other people as bare files under the host they were made for.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AnalysisReport, AnalysisReport as AnalysisReportSchema, parseJson } from '@plugmark/schemas';
import { runCommand } from '../testkit/run-command.ts';
import { type CorpusFile, corpusPath } from '../wasm/corpus.ts';
import { RECIPES, type Recipe } from './recipes.ts';

export const REPOSITORY: string = fileURLToPath(new URL('../..', import.meta.url));
const TABLE = fileURLToPath(new URL('table.json', import.meta.url));

/** A line of the table. */
export interface HonestRow {
  /** Folder of our own, or package and version. */
  readonly plugin: string;
  readonly host: string;
  readonly sha256: string;
  readonly verdict: string;
  /** Capability ids, derived from the bytes. */
  readonly capabilities: readonly string[];
  /** Rules that fired, whatever their effect. */
  readonly rules: readonly string[];
}

export async function checkPath(path: string, host?: string): Promise<AnalysisReport> {
  const argv = ['check', path, '--json', ...(host === undefined ? [] : ['--host', host])];
  const { stdout, stderr } = await runCommand(argv, REPOSITORY, new Date('2026-06-01T00:00:00Z'));
  if (stderr !== '') throw new Error(`${path}: ${stderr}`);
  return parseJson(AnalysisReportSchema, new TextEncoder().encode(stdout), path);
}

export async function ownRow(recipe: Recipe): Promise<HonestRow> {
  return rowOf(recipe.folder, await checkPath(join('test/honest', recipe.folder)));
}

export async function corpusRow(folder: string, entry: CorpusFile): Promise<HonestRow> {
  return rowOf(corpusName(entry), await checkPath(corpusPath(folder, entry), entry.host));
}

export const corpusName = ({ package: name, version }: CorpusFile): string => `${name}@${version}`;

function rowOf(plugin: string, report: AnalysisReport): HonestRow {
  const { subject, host, verdict, capabilities, outcomes } = report;
  return {
    plugin,
    host: host?.id ?? '',
    sha256: subject.artifact.sha256,
    verdict,
    capabilities: capabilities?.derived.map(({ id }) => id) ?? [],
    rules: [...new Set(outcomes.flatMap(({ findings }) => findings.map(({ ruleId }) => ruleId)))].sort(),
  };
}

export function recordedRows(): readonly HonestRow[] {
  return (JSON.parse(readFileSync(TABLE, 'utf8')) as { rows: HonestRow[] }).rows;
}

export async function ownRows(): Promise<HonestRow[]> {
  return Promise.all(RECIPES.map(ownRow));
}

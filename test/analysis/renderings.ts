// Every rendering of what is checked in, by the file it is checked in as: no Node in here, the same code runs in a page.
import { renderMarkdown, renderSarif } from '@plugmark/analysis';
import { type AnalysisReport, canonicalJson } from '@plugmark/schemas';
import { type AnalysisVector, runVector } from './vector.ts';

/** Vectors whose renderings are checked in, each for something the others do not show. */
export const RENDERED = [
  'honest',
  'widened_fail',
  'narrowed',
  'malformed_fail',
  'import-hostile-names_fail',
  'exception',
  'component-unknown_fail',
  'unbounded-imported-table_fail',
  'undeclared_fail',
  'file-not-looked-at',
  'capability-unused',
  'process-honest',
  'process-path-bidi_fail',
  'process-widened_fail',
] as const;

export interface RenderedInput {
  readonly vector: AnalysisVector;
  readonly input: Uint8Array;
  readonly previous: Uint8Array | undefined;
}

/** The report, and that of the release before it where the vector has one. */
export async function reportsOf({
  vector,
  input,
  previous,
}: RenderedInput): Promise<[AnalysisReport, AnalysisReport?]> {
  const report = await runVector(vector, input, previous);
  const { previous: last, ...others } = vector;
  if (last === undefined) return [report];
  return [report, await runVector({ ...others, release: { version: '1.0.0', ...last } }, previous ?? input)];
}

/** SARIF as its value, so that what is checked in can be read; `canonicalJson` of it is the rendering. */
export async function renderingsOf(input: RenderedInput): Promise<{ sarif: unknown; markdown: string }> {
  const [report, previous] = await reportsOf(input);
  const sarif = await renderSarif(report, { path: 'dist/a plugin.wasm' });
  const value: unknown = JSON.parse(sarif);
  if (`${canonicalJson(value)}\n` !== sarif) throw new TypeError('the SARIF log is not canonical JSON');
  const options = {
    ...(previous === undefined ? {} : { previous }),
    reportUrl: 'https://registry.example/reports/1.json',
  };
  return { sarif: value, markdown: renderMarkdown(report, options) };
}

// The shape of test/vectors/diff and the comparison of one of them: no Node in here, the same code runs in a page.
import { diffReports, renderDiffMarkdown, renderDiffText } from '@plugmark/analysis';
import { AnalysisReport, parse, ReportDiff } from '@plugmark/schemas';

export interface DiffResult {
  readonly diff: ReportDiff;
  readonly text: string;
  readonly markdown: string;
}

export function runDiff(before: unknown, after: unknown): DiffResult {
  const diff = diffReports(parse(AnalysisReport, before, 'before.json'), parse(AnalysisReport, after, 'after.json'));
  parse(ReportDiff, diff, 'the comparison');
  return { diff, text: renderDiffText(diff, { columns: 80 }), markdown: renderDiffMarkdown(diff) };
}

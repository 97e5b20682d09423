import type { AnalysisReport, AnalysisSummary, ArtifactFacts } from '@plugmark/schemas';

/** A report condensed for the package document. Only for reports whose bytes could be read: others are never listed. */
export function summarizeReport(report: AnalysisReport): AnalysisSummary | undefined {
  const { host, facts, capabilities, verdict, determinism, outcomes, vectors } = report;
  if (host === undefined || facts === undefined || capabilities === undefined) return undefined;
  const count = (severity: string): number => outcomes.flatMap(({ findings }) => findings).filter((finding) => finding.severity === severity).length;
  const shares = vectors.flatMap(({ budgetShare }) => (budgetShare === undefined ? [] : [budgetShare]));
  return {
    host: host.id,
    verdict,
    capabilities,
    determinism,
    findings: { error: count('error'), warning: count('warning'), info: count('info') },
    memory: memoryOf(facts),
    ...(shares.length === 0 ? {} : { budgetShare: Math.max(...shares) }),
    toolchain: toolchainOf(facts),
  };
}

function memoryOf(facts: ArtifactFacts): AnalysisSummary['memory'] {
  const memories = facts.kind === 'core' ? facts.memories : facts.kind === 'component' ? facts.modules.flatMap((module) => module.memories) : [];
  const minBytes = memories.reduce((sum, { minPages, pageSize }) => sum + minPages * pageSize, 0);
  if (memories.some(({ maxPages }) => maxPages === undefined)) return { minBytes };
  return { minBytes, maxBytes: memories.reduce((sum, { maxPages, pageSize }) => sum + (maxPages ?? 0) * pageSize, 0) };
}

/** Producers as `name version`, each once, in the file's order; a hostile length is cut. */
function toolchainOf(facts: ArtifactFacts): string[] {
  if (facts.kind === 'process') return [];
  const producers = facts.kind === 'component' ? [facts, ...facts.modules].flatMap(({ producers: own }) => own) : facts.producers;
  const names = producers.flatMap(({ values }) => values.map(({ name, version }) => printable(`${name} ${version}`.trim())));
  return [...new Set(names)].filter((name) => name !== '').slice(0, 20);
}

// Producers are the publisher's text: what a document cannot carry (control, direction marks) becomes a question mark.
const printable = (name: string): string => name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?').slice(0, 200);

import type { AnalysisReport, AnalysisSummary, ArtifactFacts } from '@plugmark/schemas';
import { printable } from './printable.ts';

/** A report condensed for the package document. Only for reports whose bytes could be read: others are never listed. */
export function summarizeReport(report: AnalysisReport): AnalysisSummary | undefined {
  const { host, facts, capabilities, verdict, determinism, outcomes, vectors } = report;
  if (host === undefined || facts === undefined || capabilities === undefined) return undefined;
  const count = (severity: string): number =>
    outcomes.flatMap(({ findings }) => findings).filter((finding) => finding.severity === severity).length;
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

export function memoryOf(facts: ArtifactFacts): AnalysisSummary['memory'] {
  const memories =
    facts.kind === 'core'
      ? facts.memories
      : facts.kind === 'component'
        ? facts.modules.flatMap((module) => module.memories)
        : [];
  const minBytes = exact(memories.reduce((sum, { minPages, pageSize }) => sum + minPages * pageSize, 0));
  if (memories.some(({ maxPages }) => maxPages === undefined)) return { minBytes };
  return {
    minBytes,
    maxBytes: exact(memories.reduce((sum, { maxPages, pageSize }) => sum + (maxPages ?? 0) * pageSize, 0)),
  };
}

// A memory of 64 bits may ask for 2^64 bytes, which JSON does not carry exactly.
const exact = (bytes: number): number => Math.min(bytes, Number.MAX_SAFE_INTEGER);

/** Producers as `name version`, each once, in the file's order; a hostile length is cut. */
export function toolchainOf(facts: ArtifactFacts): string[] {
  if (facts.kind === 'process') return [];
  const producers =
    facts.kind === 'component' ? [facts, ...facts.modules].flatMap(({ producers: own }) => own) : facts.producers;
  const names = producers.flatMap(({ values }) =>
    values.map(({ name, version }) => printable(`${name} ${version}`.trim(), 200)),
  );
  return [...new Set(names)].filter((name) => name !== '').slice(0, 20);
}

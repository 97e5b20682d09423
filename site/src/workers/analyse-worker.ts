// The analyser in the visitor's browser: the code that CI and the command line run, on bytes that stay here. It asks for nothing.

import { renderSarif, reviewRelease } from '@plugmark/analysis';
import { satisfies } from '@plugmark/client';
import { type AnalysisReport, canonicalJson, type HostProfile, type Policy } from '@plugmark/schemas';

export interface AnalyseRequest {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly profiles: readonly HostProfile[];
  readonly policy: Policy;
}

/** One for each profile. */
export interface FileAnalysis {
  readonly report: AnalysisReport;
  /** What `plugmark check --json` prints, byte for byte. */
  readonly json: string;
  readonly sarif: string;
}

export type AnalyseAnswer = { readonly analyses: readonly FileAnalysis[] } | { readonly problem: string };

interface WorkerScope {
  onmessage: ((event: { readonly data: AnalyseRequest }) => void) | null;
  postMessage(answer: AnalyseAnswer): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data }) => {
  analyse(data).then(
    (analyses) => scope.postMessage({ analyses }),
    (error: unknown) => scope.postMessage({ problem: String(error) }),
  );
};

async function analyse({ name, bytes, profiles, policy }: AnalyseRequest): Promise<readonly FileAnalysis[]> {
  const ports = { artifact: async () => bytes, satisfies, now: new Date() };
  const analyses: FileAnalysis[] = [];
  for (const profile of profiles) {
    const report = await reviewRelease({ host: profile.host, profile, policy }, ports);
    analyses.push({ report, json: `${canonicalJson(report)}\n`, sarif: await renderSarif(report, { path: name }) });
  }
  return analyses;
}

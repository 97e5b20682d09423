// What a plugin of no registry can do: as it was derived from its bytes, or unknown. What is unknown is agreed to for these very bytes
// and for no others.
import type { AnalysisSummary } from '../documents/package-document.ts';
import type { SourceRecord } from '../documents/source-record.ts';
import { sha256, toHex } from '../trust/bytes.ts';
import { canonicalJson } from '../trust/canonical.ts';
import { type CapabilitySet, capabilitySet, setJson, verifiedSet } from './capability-set.ts';
import type { DirectPlugin } from './direct-plugin.ts';

export type Described = Pick<SourceRecord, 'plugin' | 'sha256' | 'kind' | 'declared' | 'analysis'>;

export const described = (direct: DirectPlugin): Described => ({ ...direct, analysis: direct.analysis?.summary });

/** For policy and screens; nobody looked where `analysis` is absent. */
export function summaryOfDirect({ kind, declared, analysis }: Described, host: string): AnalysisSummary {
  if (analysis !== undefined) return analysis;
  return {
    host,
    verdict: 'pass',
    capabilities: {
      declared: declared ?? [],
      derived: [],
      runtime: [],
      undeclared: [],
      unused: [],
      unknown: [],
      unbounded: [{ cause: kind === 'process' ? 'process' : 'unread', detail: 'nobody looked into its code here' }],
      hash: '',
      risk: 'high',
    },
    determinism: { word: 'untested', inputs: 0, runs: 0 },
    memory: { minBytes: 0 },
  };
}

/** Throws DOCUMENT_MISMATCH where the port lists one thing and hashes another. */
export async function setOfDirect(direct: Described, host: string): Promise<CapabilitySet & { readonly hash: string }> {
  const summary = summaryOfDirect(direct, host);
  if (direct.analysis !== undefined) return verifiedSet(summary, direct.plugin);
  const set = capabilitySet(summary);
  return { ...set, hash: toHex(await sha256(canonicalJson({ ...setJson(set), artifact: direct.sha256 }))) };
}

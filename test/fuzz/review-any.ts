// The whole review of any bytes, and every rendering of its report.
import { readFileSync } from 'node:fs';
import {
  renderCycloneDx,
  renderMarkdown,
  renderSarif,
  renderTerminal,
  reviewRelease,
  summarizeReport,
} from '@plugmark/analysis';
import { AnalysisReport, AnalysisSummary, canonicalJson, HostProfile, parse, parseJson } from '@plugmark/schemas';
import { WasmError } from '@plugmark/wasm';
import { satisfies } from 'semver';
import { TEST_POLICY } from '../testkit/policy.ts';
import { Problem } from './judge.ts';

const HOSTS = ['conductor', 'ddalab', 'dprint', 'hielements', 'parseltongue'].map((host) => {
  const file = new URL(`../../registry/hosts/${host}.json`, import.meta.url);
  return parseJson(HostProfile, new Uint8Array(readFileSync(file)), host);
});

/** `index` chooses the host. `accepted`: whether the reader and, for a core module, the engine take the file. */
export async function reviewAny(bytes: Uint8Array<ArrayBuffer>, index: number, accepted: boolean): Promise<void> {
  const profile = HOSTS[index % HOSTS.length] as HostProfile;
  const report = await reviewRelease(
    { host: profile.host, profile, policy: TEST_POLICY },
    { artifact: async () => bytes, satisfies, now: new Date('2026-06-01T00:00:00Z') },
  );
  if (report.verdict === 'pass' && !accepted) throw new Problem('verdict: a file that is refused passes');
  parse(AnalysisReport, report, 'report');
  JSON.parse(canonicalJson(report));
  const summary = summarizeReport(report);
  if (summary !== undefined) parse(AnalysisSummary, summary, 'summary');
  const texts = [renderTerminal(report), renderMarkdown(report), await renderSarif(report, { path: 'x.wasm' })];
  texts.push(await renderCycloneDx(bytes).catch(refusal));
  for (const text of texts) if (/undefined|\[object/.test(text)) throw new Problem('words: a rendering says undefined');
}

function refusal(error: unknown): string {
  if (error instanceof WasmError) return error.code;
  throw error;
}

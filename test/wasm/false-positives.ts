// node --conditions=@plugmark/source test/wasm/false-positives.ts FOLDER: runs every rule that needs nothing but the bytes over
// the corpus that fetch-corpus.ts brought, and writes how often each fires, as data and as a page. The files are presumed
// honest, so every hit counts as a false positive. Needs a few minutes; the result is checked in and read by the rule pages.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ANALYSER_VERSION, RULES, reviewRelease } from '@plugmark/analysis';
import type { AnalysisReport } from '@plugmark/schemas';
import { satisfies } from 'semver';
import type { Measurement, RuleMeasurements } from '../../site/src/data/rule-measurements.ts';
import { TEST_POLICY } from '../testkit/policy.ts';
import { corpusFiles, packageFolder } from './corpus.ts';
import { renderMeasurements } from './render-measurements.ts';

const CONTENT = fileURLToPath(new URL('../../site/src/content/rules/', import.meta.url));

/** Packages whose files are plugins: an application that others wrote loads them. */
const PLUGIN_PACKAGES = [/^@dprint\//, /^@swc\/plugin-/, /^tree-sitter-/, /^@napi-rs\//, /^@oxc-[a-z]+\/binding-/];

interface Sample {
  readonly bytes: Uint8Array;
  readonly isPlugin: boolean;
}

/** Every file once, whatever number of packages carry it; files that came with another digest are not the corpus. */
function samplesIn(folder: string): Sample[] {
  const samples = new Map<string, Sample>();
  for (const entry of corpusFiles()) {
    const path = join(packageFolder(folder, entry), entry.file);
    if (!existsSync(path)) continue;
    const bytes = new Uint8Array(readFileSync(path));
    if (createHash('sha256').update(bytes).digest('hex') !== entry.sha256) continue;
    const isPlugin = PLUGIN_PACKAGES.some((pattern) => pattern.test(entry.package));
    samples.set(entry.sha256, { bytes, isPlugin: isPlugin || samples.get(entry.sha256)?.isPlugin === true });
  }
  return [...samples.values()];
}

const reviewed = (bytes: Uint8Array): Promise<AnalysisReport> =>
  reviewRelease(
    { host: 'none', profile: undefined, policy: TEST_POLICY },
    { artifact: async () => bytes, satisfies, now: new Date(0) },
  );

async function measure(samples: readonly Sample[]): Promise<RuleMeasurements> {
  const counts = new Map(Object.keys(RULES).map((id) => [id, { all: 0, plugins: 0 }]));
  for (const [index, { bytes, isPlugin }] of samples.entries()) {
    process.stderr.write(`\r${index + 1} of ${samples.length}`);
    const { outcomes } = await reviewed(bytes);
    for (const ruleId of new Set(outcomes.flatMap(({ findings }) => findings.map((finding) => finding.ruleId)))) {
      const count = counts.get(ruleId);
      if (count === undefined) continue;
      count.all += 1;
      if (isPlugin) count.plugins += 1;
    }
  }
  process.stderr.write('\n');
  const rules = Object.entries(RULES).map(([id, { needs }]): [string, Measurement] => [
    id,
    needs === 'bytes' ? { measured: true, ...(counts.get(id) ?? { all: 0, plugins: 0 }) } : { measured: false, needs },
  ]);
  return {
    analyser: ANALYSER_VERSION,
    files: samples.length,
    plugins: samples.filter(({ isPlugin }) => isPlugin).length,
    bytes: samples.reduce((sum, { bytes }) => sum + bytes.length, 0),
    rules: Object.fromEntries(rules),
  };
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node --conditions=@plugmark/source test/wasm/false-positives.ts FOLDER\n');
  process.exitCode = 2;
} else {
  const samples = samplesIn(resolve(folder));
  if (samples.length === 0) throw new Error(`${folder} holds no file of the corpus; fill it with npm run corpus`);
  const measurements = await measure(samples);
  writeFileSync(join(CONTENT, 'false-positives.json'), `${JSON.stringify(measurements, null, 2)}\n`);
  writeFileSync(join(CONTENT, 'false-positives.md'), renderMeasurements(measurements));
}

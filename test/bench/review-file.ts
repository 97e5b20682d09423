// The analysis of a bare file as `plugmark check FILE --host HOST --json` does it, without the command line around it:
// what analysis.ts measures in process, and as a process of its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reviewRelease } from '@plugmark/analysis';
import { satisfies } from '@plugmark/client';
import { type AnalysisReport, canonicalJson, HostProfile, Policy, parseJson } from '@plugmark/schemas';

const read = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));

/** Gives the review of bytes for a host of the registry in that folder. */
export function reviewer(registry: string, host: string): (bytes: Uint8Array) => Promise<AnalysisReport> {
  const profile = parseJson(HostProfile, read(join(registry, 'hosts', `${host}.json`)), host);
  const policy = parseJson(Policy, read(join(registry, 'policy.json')), 'policy');
  const now = new Date();
  return (bytes) => reviewRelease({ host, profile, policy }, { artifact: async () => bytes, satisfies, now });
}

const [file, registry, host] = process.argv.slice(2);
if (process.env['PLUGMARK_REVIEW_FILE'] === '1' && file !== undefined && registry !== undefined && host !== undefined) {
  process.stdout.write(canonicalJson(await reviewer(registry, host)(read(file))));
}

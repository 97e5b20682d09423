import { readFileSync, readdirSync } from 'node:fs';
import { HostProfile, parseJson, Vector } from '@plugmark/schemas';
import { runVectors } from '@plugmark/sandbox';
import { execFileSync } from 'node:child_process';
const root = '/work/wt/sandbox/';
const [folder, wasm, only] = process.argv.slice(2);
const vectors = readdirSync(`${root}test/plugins/${folder}/vectors`).map((f) => parseJson(Vector, readFileSync(`${root}test/plugins/${folder}/vectors/${f}`), f));
const profile = parseJson(HostProfile, readFileSync(`${root}registry/hosts/${vectors[0]!.host}.json`), 'h');
const t = performance.now();
const o = await runVectors({ artifact: readFileSync(wasm!), profile, vectors }, only === undefined ? {} : { configurations: [only as never] });
console.log('ms', performance.now() - t);
console.log(JSON.stringify(o.layers));
console.log(o.fuel);
for (const r of o.runs) {
  const v = vectors.find((x) => x.name === r.vector)!;
  const same = (v.expect ?? []).map((e, i) => JSON.stringify((e as any).payload?.json) === JSON.stringify(r.calls[i]?.output));
  console.log(r.vector, r.engine, r.ending, r.trap ?? '', r.fuel, r.peakMemoryBytes, r.hostCalls, r.memorySha256?.slice(0, 8), r.hostCallLogSha256?.slice(0, 8), r.outputSha256?.slice(0,8), same.join(), r.detail ?? '', r.startMilliseconds.toFixed(2), r.callMilliseconds.map((x) => x.toFixed(2)).join(), r.residentBytes);
}

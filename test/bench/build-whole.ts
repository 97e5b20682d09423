// A whole build from the ledger in a process of its own: `node build-whole.ts FOLDER`, one line of JSON. Everything is read, verified and
// compared with what lies there; nothing has to be written.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildRegistry, keySigner, readFolder, readLedger, readRegistrySource } from '@plugmark/publish';
import { readTrustFolder } from '../../tools/cli/src/trust-folder.ts';
import { type GrowingOptions, ownMs } from './growing-registry.ts';

const folder = process.argv[2] ?? '';
const at = (...names: string[]): string => join(folder, ...names);
const { now } = JSON.parse(readFileSync(at('synthetic.json'), 'utf8')) as GrowingOptions;
const signer = (name: string) => keySigner(readFileSync(at('keys', `${name}.pem`), 'utf8'), name);
const [cpu, wall] = [ownMs(), performance.now()];
const source = readRegistrySource(await readFolder(at('registry')));
const { current: offline } = await readTrustFolder(at('trust'));
if (offline === undefined) throw new TypeError(`${folder} has no trust`);
const { verified } = await buildRegistry({
  ...{ source, offline, now: new Date(now), signers: { online: signer('online'), cosign: signer('cosign') } },
  ledger: readLedger(await readFolder(at('ledger')), source.registry.id),
  artifact: async ({ release }) => new Uint8Array(readFileSync(at('artifacts', `${release.artifact.sha256}.wasm`))),
  leaveOutMissing: false,
});
const took = { cpu: ownMs() - cpu, wall: performance.now() - wall };
process.stdout.write(JSON.stringify({ ...took, mb: process.resourceUsage().maxRSS / 1024, verified: verified.length }));

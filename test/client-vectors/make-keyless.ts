// Makes the signatures through a certificate that the vectors need, by the real signing code against the loopback services, and keeps
// them under test/vectors/client/keyless. Run by hand when the release they are about changes; the generator checks that they fit.
import { mkdirSync, writeFileSync } from 'node:fs';
import { keySigner } from '@plugmark/publish';
import type { WorkflowRun } from '../../tools/dev/src/sigstore/github-token.ts';
import { serveSigstore } from '../../tools/dev/src/sigstore/serve.ts';
import { signStatement } from '../../tools/publish/src/statement-bundle.ts';
import { signKeyless } from '../sigstore/sign-vector.ts';
import { openLoopback, SIGNED_AT } from '../testkit/loopback.ts';
import { pemOf } from '../testkit/registry-folder.ts';
import { baseRegistry, KEYS } from './base-registry.ts';
import { publishStatement, releaseOf, verificationSummary } from './releases.ts';
import { type Json, jsonFile } from './vector-registry.ts';

const CLOUD: Partial<WorkflowRun> = { owner: 'cloud', repository: 'signer' };
const REUSED = { ref: 'plugmark/publish/.github/workflows/publish.yml@refs/tags/v2', sha: 'ab'.repeat(20) };

/** By file name: how the run differs from a right one. */
const BUNDLES: Readonly<
  Record<string, { run?: Partial<WorkflowRun>; rekor?: 1 | 2; stampedAfter?: number; payloadType?: string }>
> = {
  'rekor-v2': {},
  'rekor-v1': { rekor: 1 },
  'self-hosted': { run: { runner: 'self-hosted' } },
  'pull-request-target': { run: { event: 'pull_request_target' } },
  branch: { run: { ref: 'refs/heads/main' } },
  'another-tag': { run: { ref: 'refs/tags/v1.2.1' } },
  reusable: { run: { jobWorkflow: REUSED } },
  'stamped-late': { stampedAfter: 11 },
  // Rekor v1 logs the hash of the payload alone, so another type is noticed by the signature only.
  'of-another-type': { rekor: 1, payloadType: 'application/json' },
};

const folder = new URL('../vectors/client/keyless/', import.meta.url);
mkdirSync(folder, { recursive: true });
const write = (name: string, json: Json): void => writeFileSync(new URL(name, folder), jsonFile(json));

const clock = { now: SIGNED_AT };
const sigstore = openLoopback(clock);
write('trusted_root.json', JSON.parse(new TextDecoder().decode(sigstore.trustedRoot)));
const entry = releaseOf(baseRegistry(new Uint8Array()), 'cloud/signer', '1.2.0');
for (const [name, { run, ...signing }] of Object.entries(BUNDLES)) {
  const statement = publishStatement(entry);
  write(
    `${name}.sigstore.json`,
    await signKeyless({ sigstore, clock, ...signing, run: { ...CLOUD, ...run }, statement }),
  );
}
const { attestations } = releaseOf(baseRegistry(), 'cloud/signer', '1.2.0');
const summary = verificationSummary({ ...entry, attestations });
write(
  'cosigned.sigstore.json',
  await signKeyless({ sigstore, clock, run: { owner: 'office', repository: 'registry' }, statement: summary }),
);

// A signature by a long-lived key with a timestamp beside it: what a key counts by whose listing has an end.
clock.now = SIGNED_AT;
const served = await serveSigstore(sigstore);
try {
  const signer = { ...keySigner(pemOf(KEYS.acme), 'a key'), timestampUrl: served.address };
  const statement = publishStatement(releaseOf(baseRegistry(), 'acme/thing', '1.2.0'));
  write('key-stamped.sigstore.json', JSON.parse(new TextDecoder().decode(await signStatement(statement, signer))));
} finally {
  await served.close();
}

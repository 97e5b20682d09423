// An event goes to a plugin: in a child process, under the limits of the host profile, with what was granted and nothing else.
import { createHash } from 'node:crypto';
import type { Candidate, Plugins } from '@plugmark/client';
import { runVectors } from '@plugmark/sandbox';
import type { HostProfile, VectorRun } from '@plugmark/schemas';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface EventOutcome {
  /** `ok`, or how it ended instead: `trap`, `outOfFuel`, `outOfMemory`, `timeout` ... */
  readonly ending: string;
  /** What `execute` answered: 0 is success. */
  readonly status: number | undefined;
  readonly result: Json;
  readonly fuel: number | undefined;
  /** Host functions that the plugin called and was not granted, or that failed. */
  readonly refused: readonly string[];
}

/** Loads, runs, and writes down that it ran. Throws ClientError, e.g. REVOKED or CONSENT_REQUIRED. */
export async function runPlugin(
  plugins: Plugins,
  profile: HostProfile,
  { plugin, params }: { readonly plugin: string; readonly params: Json },
): Promise<EventOutcome> {
  const { bytes, grants, sha256 } = await plugins.load(plugin);
  const outcome = await execute(bytes, { profile, params, grants: grants.map(({ id }) => id) });
  await plugins.ran(sha256, {
    inputSha256: createHash('sha256').update(JSON.stringify(params)).digest('hex'),
    ...(outcome.fuel === undefined ? {} : { fuel: outcome.fuel }),
    code: outcome.ending === 'ok' ? 'OK' : outcome.ending,
  });
  return outcome;
}

/** Whether a new version works here: it starts, and takes an event without parameters, with nothing granted. */
export async function isHealthy({ load }: Candidate, profile: HostProfile): Promise<boolean> {
  const { ending, status } = await execute(await load(), { profile, params: {}, grants: [] });
  return ending === 'ok' && status === 0;
}

async function execute(
  artifact: Uint8Array,
  { profile, params, grants }: { readonly profile: HostProfile; readonly params: Json; readonly grants: string[] },
): Promise<EventOutcome> {
  const event = {
    schemaVersion: 1 as const,
    name: 'event',
    title: 'One event',
    host: profile.host,
    grants,
    calls: [{ entry: 'execute', input: { json: params } }],
  };
  const { runs } = await runVectors({ artifact, profile, vectors: [event] }, { configurations: ['default'] });
  const { ending, calls, fuel, hostCallLog } = runs[0] as VectorRun;
  const output = calls.at(-1)?.output as { status: number; result: Json } | undefined;
  return {
    ending,
    status: output?.status,
    result: output?.result ?? null,
    fuel,
    refused: hostCallLog.filter(({ result }) => result === '-1').map((call) => call.function),
  };
}

// A mirrored release judged as one of this registry: the local policy, profiles and exceptions, by the code the build judges with.

import { keylessVerifier } from '@plugmark/client/node';
import {
  type Admission,
  admitRelease,
  type FileTree,
  jsonFile,
  publisherIdOf,
  type RegistrySource,
  readRegistrySource,
  sha256,
} from '@plugmark/publish';
import type { MirrorRefusal } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import type { TakenOver } from './take-over.ts';

type Rules = Parameters<typeof admitRelease>[1];
type Previous = Parameters<typeof admitRelease>[0]['previous'];

export async function localRules({ registry, policy, hosts, trustedRoot }: RegistrySource): Promise<Rules> {
  const digests = {
    policy: sha256(jsonFile(policy)),
    hosts: new Map([...hosts].map(([host, profile]) => [host, sha256(jsonFile(profile))])),
  };
  return {
    digests,
    registry: registry.id,
    policy,
    hosts,
    trustedRootSha256: trustedRoot && sha256(trustedRoot),
    keyless: trustedRoot && (await keylessVerifier(trustedRoot)),
  };
}

export interface Taken {
  /** Rules, publisher, listing, and what was taken over before. */
  readonly base: FileTree;
  readonly upstream: string;
  readonly plugin: string;
  readonly version: string;
  readonly taken: TakenOver;
  readonly previous: Previous;
  readonly now: Date;
}

/** Read the way a build reads it, and judged so. Throws MIRROR_FILE, and what reading a registry throws. */
export async function reviewTaken(
  { base, upstream, plugin: name, version, taken, previous, now }: Taken,
  rules: Rules,
): Promise<Admission> {
  const files = new Map(base);
  for (const [path, bytes] of taken.files) files.set(`mirrors/${upstream}/plugins/${name}/${version}/${path}`, bytes);
  const registry = readRegistrySource(files);
  const plugin = registry.plugins.get(name);
  const source = plugin?.releases.get(version);
  if (plugin === undefined || source === undefined)
    throw new CliError('MIRROR_FILE', `${name} ${version} is incomplete`);
  const identities = registry.publishers.get(publisherIdOf(name))?.identities ?? [];
  const { bytes } = taken;
  const candidate = { plugin, source, identities, bytes, previous, runs: [], entry: undefined, kept: new Map() };
  return admitRelease(candidate, rules, now);
}

export type { Previous, Rules };

/** Checks that need a run, which a sync does not make: the build is given runs, and asks again. */
const OF_RUNS: ReadonlySet<string> = new Set(['vectors', 'run-limits', 'same-answers-runs']);

/** Why the review keeps it out; a person who named the digest has seen what a review only asks about. */
export function objection(
  { verdict, reports }: Admission,
  kind: 'exact' | 'range',
): { readonly code: MirrorRefusal; readonly reason: string } | undefined {
  const outcomes = reports.flatMap(({ report }) => report.outcomes);
  const rules = (effect: string): string[] => [
    ...new Set(
      outcomes
        .flatMap(({ findings }) => findings)
        .filter((finding) => finding.effect === effect && finding.exception === undefined)
        .map(({ ruleId }) => ruleId),
    ),
  ];
  if (verdict === 'fail') return { code: 'fails-here', reason: rules('fail').join(', ') || 'it could not be read' };
  if (kind === 'exact') return undefined;
  const asked = rules('review');
  const widened = outcomes.some(({ check, findings }) => check === 'capabilities-widened' && findings.length > 0);
  if (widened) return { code: 'widened', reason: asked.join(', ') || 'capabilities-widened' };
  if (asked.length > 0) return { code: 'person-needed', reason: asked.join(', ') };
  const open = outcomes.filter(
    ({ check, required, outcome }) => required && outcome === 'inconclusive' && !OF_RUNS.has(check),
  );
  return open.length === 0 ? undefined : { code: 'person-needed', reason: open.map(({ check }) => check).join(', ') };
}

// Whether a registry's data is fit for the time ahead: what can be said from its folder, its ledger and its repository.

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PublishError, readFolder, readLedger, trustState } from '@plugmark/publish';
import { type Identity, Policy, parseJson, SchemaError } from '@plugmark/schemas';
import { proposalFor } from '../ceremony.ts';
import { policyLeaves } from '../policy-leaves.ts';
import { readInput } from '../read-input.ts';
import { runGit } from '../run-git.ts';
import type { DataInput } from './data-input.ts';
import type { DataCheckId } from './doctor-checks.ts';
import { judgeMirrors, judgeSources } from './judge-places.ts';
import { fail, inconclusive, notApplicable, pass, unless, type Verdict } from './look.ts';

type Judge = (input: DataInput) => Promise<Verdict>;

export const DATA_JUDGES: Readonly<Record<DataCheckId, Judge>> = {
  'data.trust-lasts': async ({ ceremony: { folder, source }, io }) => {
    if (folder.current === undefined) return fail('there is no signed root');
    const { endingSoon } = trustState(folder.current, source.registry.expiries, io.now());
    return unless(
      endingSoon.map((role) => `${role} ends soon`),
      `longer than the look-ahead of ${source.registry.expiries.lookAheadDays} days`,
    );
  },
  'data.trust-signed': async ({ ceremony, io }) => {
    if (ceremony.folder.current === undefined) return fail('there is no signed root');
    if (ceremony.folder.roles === undefined) return inconclusive('there is no roles.json');
    const { next } = await proposalFor(ceremony, io.now());
    return unless(
      [...next.keys()].map((role) => `${role} would be signed anew`),
      'nothing waits for a signature',
    );
  },
  'data.keys-last': async ({ ceremony: { source }, io }) => {
    const until = new Date(io.now().getTime() + source.registry.expiries.lookAheadDays * DAY);
    const ending = [...source.publishers].flatMap(([publisher, { identities }]) => {
      const last = lastEnd(identities);
      return last !== undefined && new Date(last) <= until ? [`the last of ${publisher} ends ${last}`] : [];
    });
    return unless(ending, `those of ${source.publishers.size} publishers do`);
  },
  'data.policy-reasons': async ({ ceremony: { source }, io, defaults }) => {
    if (defaults === undefined)
      return source.registry.upstreams.length === 0
        ? notApplicable('there is no upstream')
        : inconclusive('upstream’s policy was not named: --defaults');
    const theirs = parseJson(Policy, await readInput(io, defaults), defaults);
    const changed = changedLeaves(comparable(theirs), comparable(source.policy));
    return unless(
      changed.filter((path) => source.policy.reasons[path] === theirs.reasons[path]),
      `${changed.length} values differ, each with a reason of its own`,
    );
  },
  'data.ledger': judgeLedger,
  'data.tools': judgeTools,
  'data.sources': judgeSources,
  'data.mirrors': judgeMirrors,
};

const DAY = 86_400_000;
const MOST_DAYS_BEHIND = 30;

/** Undefined when one has none. */
function lastEnd(identities: readonly Identity[]): string | undefined {
  const ends = identities.map(({ to }) => to);
  return ends.includes(undefined)
    ? undefined
    : ends
        .flatMap((end) => end ?? [])
        .sort()
        .at(-1);
}

/** What no two registries have in common; `registry init` writes them anew. */
const OF_EACH: readonly string[] = ['merge.maintainers', 'merge.auditSeed'];

function comparable(policy: Policy): Map<string, string> {
  const leaves = [...policyLeaves(policy)].filter(([path]) => !OF_EACH.includes(path));
  return new Map(leaves.map(([path, value]) => [path, JSON.stringify(value)]));
}

const changedLeaves = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path)).sort();

async function judgeLedger({ ledger, ceremony: { source } }: DataInput): Promise<Verdict> {
  if (ledger === undefined) return inconclusive('it was not named: --ledger');
  try {
    const { entries, head } = readLedger(await readFolder(ledger), source.registry.id);
    if (head === undefined) return inconclusive('it is empty: nothing was published yet');
    const lost = [...entries.values()].flatMap(({ plugin, version, manifestSha256 }) => {
      const release = source.plugins.get(plugin)?.releases.get(version);
      if (release === undefined) return [`${plugin} ${version} was published and is not in registry/`];
      return release.manifestSha256 === manifestSha256 ? [] : [`${plugin} ${version} has another release.json now`];
    });
    return unless(lost, `${entries.size} releases, closed ${head.generatedAt}`);
  } catch (error) {
    if (error instanceof PublishError || error instanceof SchemaError) return fail(error.message);
    throw error;
  }
}

const TOOLS_REF = /ref: ([0-9a-f]{40}) # tools/g;

async function judgeTools({ io, data }: DataInput): Promise<Verdict> {
  const repository = dirname(data);
  const office = await readFile(join(repository, '.github/workflows/office.yml'), 'utf8').catch(() => undefined);
  if (office === undefined) return notApplicable('there is no office.yml');
  const commits = [...new Set([...office.matchAll(TOOLS_REF)].map(([, commit = '']) => commit))];
  const [commit] = commits;
  if (commit === undefined || commits.length > 1)
    return fail(`office.yml takes its tools from ${commits.length} commits`);
  const range = [`${commit}..HEAD`, '--', 'tools', 'schemas', 'package-lock.json'];
  const since = await runGit(io, ['-C', repository, 'log', '--format=%ct', ...range], { mayFail: true });
  if (since.code !== 0) return inconclusive(`git knows no commit ${commit.slice(0, 12)} here`);
  const times = since.stdout.split('\n').filter((line) => line !== '');
  const oldest = Number(times.at(-1)) * 1000;
  const days = Math.floor((io.now().getTime() - oldest) / DAY);
  if (times.length === 0) return pass(`${commit.slice(0, 12)}, nothing newer`);
  const found = `${commit.slice(0, 12)}, ${times.length} commits behind, the first ${days} days ago`;
  return days > MOST_DAYS_BEHIND ? fail(found) : pass(found);
}

// What a place with a budget is given of a tree: everything but the artifacts that only mirrors serve. None is left out before a mirror was
// seen to have it, because what is left out here is gone for every client that no mirror helps.

import { askedMirrors, blobsWithinBudget, bytesOf, type ListedArtifact, listedArtifacts } from '@plugmark/analysis';
import { blobPath } from '@plugmark/client';
import type { FileTree } from '@plugmark/publish';
import { type DeployResult, Index, Mirrors, PackageDocument, parseJson, Registry } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { fileSize } from '../numbers.ts';
import { askMirrors, type MissingFile } from './ask-mirrors.ts';

type LeftOut = NonNullable<DeployResult['leftOut']>;

export interface WithinBudget {
  readonly files: FileTree;
  readonly leftOut: LeftOut;
}

/** How many beyond the budget are asked for. With each release a few go over its edge, and those are the nearest to it. */
const ASKED = 1000;
/**
 * What no mirror has yet stays, up to this share of the budget. A deployment carries timestamps, quarantines and revocations as well: it
 * must not stop on the day on which some publisher's release brings one byte too many, but say so while there is time.
 */
const GRACE = 0.1;

/**
 * By the budget and the signed mirrors of the tree itself. A mirror at one of the `targets` is none: it would lose what it was just seen
 * to have. Throws BUDGET_MIRROR_MISSING, BUDGET_UNSERVED.
 */
export async function withinBudget(
  io: Pick<Io, 'fetch'>,
  tree: FileTree,
  targets: readonly string[] = [],
): Promise<WithinBudget> {
  const registry = parseJson(Registry, tree.get(REGISTRY) ?? new Uint8Array(), REGISTRY);
  const { beyond } = blobsWithinBudget(artifactsOf(tree), registry.blobBudgetBytes);
  const over = beyond.filter((artifact) => tree.has(blobPath(artifact)));
  const listed = tree.get(MIRRORS);
  const signed = listed === undefined ? [] : parseJson(Mirrors, listed, MIRRORS).mirrors;
  const mirrors = askedMirrors(registry.url, signed).filter((url) => !targets.includes(url));
  const asked = mirrors.length === 0 ? [] : over.slice(0, ASKED);
  const missing = mirrors.length === 0 ? new Set(over) : await missingOf(io, asked, { mirrors, registry });
  const kept = over.filter((artifact) => missing.has(artifact));
  if (mirrors.length === 0 && bytesOf(kept) > graceOf(registry)) throw noMirror(kept, registry);
  const left = over.filter((artifact) => !missing.has(artifact));
  const gone = new Set(left.map(blobPath));
  return {
    files: gone.size === 0 ? tree : new Map([...tree].filter(([path]) => !gone.has(path))),
    leftOut: { ...sumOf(left), asked: asked.length, kept: sumOf(kept), mirrors },
  };
}

const REGISTRY = 'v1/registry.json';
const MIRRORS = 'v1/mirrors.json';

const graceOf = ({ blobBudgetBytes }: Registry): number => GRACE * blobBudgetBytes;
const sumOf = (artifacts: readonly ListedArtifact[]) => ({ files: artifacts.length, bytes: bytesOf(artifacts) });

function artifactsOf(tree: FileTree): ListedArtifact[] {
  const { plugins } = parseJson(Index, tree.get('v1/index.json') ?? new Uint8Array(), 'v1/index.json');
  const latest = new Map(plugins.map((entry) => [entry.plugin, entry.latest]));
  return [...tree]
    .filter(([path]) => /^v1\/plugins\/[^/]+\/[^/]+\.json$/.test(path))
    .flatMap(([path, bytes]) => {
      const document = parseJson(PackageDocument, bytes, path);
      return listedArtifacts(document, latest.get(document.plugin));
    });
}

/** Those that no mirror has. Throws BUDGET_UNSERVED where they are more than may stay. */
async function missingOf(
  io: Pick<Io, 'fetch'>,
  artifacts: readonly ListedArtifact[],
  { mirrors, registry }: { readonly mirrors: readonly string[]; readonly registry: Registry },
): Promise<ReadonlySet<ListedArtifact>> {
  const wanted = artifacts.map((artifact) => ({
    artifact,
    name: `${artifact.plugin} ${artifact.version}`,
    path: blobPath(artifact),
    size: artifact.size,
  }));
  const missing = await askMirrors(io, wanted, { mirrors, enoughBytes: graceOf(registry) });
  if (bytesOf(missing) > graceOf(registry)) throw unserved(missing);
  return new Set(missing.map(({ artifact }) => artifact));
}

function noMirror(kept: readonly ListedArtifact[], { url, blobBudgetBytes }: Registry): CliError {
  const { files, bytes } = sumOf(kept);
  return new CliError(
    'BUDGET_MIRROR_MISSING',
    `${files} artifacts (${fileSize(bytes)}) are beyond the budget of ${fileSize(blobBudgetBytes)}, and no mirror is signed that clients of ${url} ask`,
  );
}

function unserved(missing: readonly MissingFile[]): CliError {
  const [first] = missing;
  const more =
    missing.length === 1 ? '' : `; ${missing.length - 1} more are missing, if not others that were not asked for`;
  return new CliError('BUDGET_UNSERVED', `${first?.name} is beyond the budget and on no mirror: ${first?.why}${more}`);
}

/** What was left out, and exactly what was looked at. */
export function sayLeftOut({ files, bytes, asked, kept, mirrors }: LeftOut): string {
  if (files + kept.files === 0) return 'all artifacts are within the budget: nothing was left out, no mirror was asked';
  const of = mirrors.length === 1 ? mirrors[0] : `${mirrors.length} mirrors`;
  return [
    `left out: ${files} artifacts (${fileSize(bytes)}) beyond the budget`,
    asked === 0
      ? 'asked: nobody, there is no mirror'
      : `asked by HEAD: ${of}, for ${asked === files + kept.files ? 'all' : `the ${asked} nearest to its edge`} of those beyond; ${asked - kept.files} are there in their size`,
    ...(kept.files === 0
      ? []
      : [
          `kept for now: ${kept.files} (${fileSize(kept.bytes)}) that no mirror has; fill it before they are a tenth of the budget`,
        ]),
    'not compared: bytes (plugmark doctor --data --fetch compares the digests of all)',
  ].join('\n');
}

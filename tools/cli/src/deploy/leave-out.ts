// What a place with a budget is given of a tree: everything but the artifacts that only mirrors serve. Nothing is left out before a mirror
// was seen to have it, because what is left out here is gone for every client that no mirror helps.

import { askedMirrors, blobsWithinBudget, bytesOf, type ListedArtifact, listedArtifacts } from '@plugmark/analysis';
import { blobPath, type FileTree } from '@plugmark/publish';
import { type DeployResult, Index, Mirrors, PackageDocument, parseJson, Registry } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { fileSize } from '../numbers.ts';
import { askMirrors } from './ask-mirrors.ts';

export interface WithinBudget {
  readonly files: FileTree;
  readonly leftOut: NonNullable<DeployResult['leftOut']>;
}

/** How many of those left out are asked for: the edge of the budget moves by a few with each release, and there the new ones are. */
const ASKED = 200;

/** By the budget and the signed mirrors of the tree itself. Throws BUDGET_MIRROR_MISSING, BUDGET_UNSERVED. */
export async function withinBudget(io: Pick<Io, 'fetch'>, tree: FileTree): Promise<WithinBudget> {
  const { url, blobBudgetBytes } = parseJson(Registry, tree.get(REGISTRY) ?? new Uint8Array(), REGISTRY);
  const { beyond } = blobsWithinBudget(artifactsOf(tree), blobBudgetBytes);
  const going = beyond.filter((artifact) => tree.has(blobPath(artifact)));
  const sum = { files: going.length, bytes: bytesOf(going) };
  if (going.length === 0) return { files: tree, leftOut: { ...sum, asked: 0, mirrors: [] } };
  const listed = tree.get(MIRRORS);
  const mirrors = askedMirrors(url, listed === undefined ? [] : parseJson(Mirrors, listed, MIRRORS).mirrors);
  if (mirrors.length === 0)
    throw new CliError(
      'BUDGET_MIRROR_MISSING',
      `${sum.files} artifacts (${fileSize(sum.bytes)}) are beyond the budget of ${fileSize(blobBudgetBytes)}, and no mirror is signed that clients of ${url} ask`,
    );
  const asked = going.slice(0, ASKED);
  await requireServed(io, asked, mirrors);
  const gone = new Set(going.map(blobPath));
  const files = new Map([...tree].filter(([path]) => !gone.has(path)));
  return { files, leftOut: { ...sum, asked: asked.length, mirrors } };
}

const REGISTRY = 'v1/registry.json';
const MIRRORS = 'v1/mirrors.json';

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

async function requireServed(
  io: Pick<Io, 'fetch'>,
  artifacts: readonly ListedArtifact[],
  mirrors: readonly string[],
): Promise<void> {
  const wanted = artifacts.map((artifact) => ({
    name: `${artifact.plugin} ${artifact.version}`,
    path: blobPath(artifact),
    size: artifact.size,
  }));
  const missing = await askMirrors(io, wanted, mirrors);
  if (missing.length === 0) return;
  const [first] = missing;
  const more = missing.length === 1 ? '' : `; and ${missing.length - 1} more, if not others that were not asked for`;
  throw new CliError('BUDGET_UNSERVED', `${first?.name} is beyond the budget and on no mirror: ${first?.why}${more}`);
}

/** What was left out, and exactly what was looked at. */
export function sayLeftOut({ files, bytes, asked, mirrors }: WithinBudget['leftOut']): string {
  if (files === 0) return 'all artifacts are within the budget: nothing was left out, no mirror was asked';
  const which = asked === files ? 'all of them' : `the ${asked} nearest to its edge`;
  return [
    `left out: ${files} artifacts (${fileSize(bytes)}) beyond the budget`,
    `asked for by HEAD: ${which}; each is on ${mirrors.length === 1 ? mirrors[0] : `one of ${mirrors.length} mirrors`} in its size`,
    'not compared: their bytes (plugmark doctor --data --fetch compares the digests of all)',
  ].join('\n');
}

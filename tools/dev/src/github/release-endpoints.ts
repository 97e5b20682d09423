// Releases of a repository, their files, and files of the repository itself at a commit: what somebody reads who installs from it.

import { notFound, ok, page } from './answer.ts';
import { type Handler, mayWrite, reading } from './call.ts';
import { branchRef, type Repository, tagRef } from './github-state.ts';
import { type ReleaseShape, releaseShape } from './shapes.ts';

/** Assets are numbered through all releases of a repository, drafts too. */
function assetsOf(repository: Repository): { readonly id: number; readonly bytes: Uint8Array }[] {
  const all = [...repository.releases.values()].flatMap((assets) => [...assets.values()]);
  return all.map((bytes, i) => ({ id: repository.id * 1000 + i, bytes }));
}

function shapeOf(repository: Repository, tag: string): ReleaseShape | undefined {
  const assets = repository.releases.get(tag);
  if (assets === undefined) return undefined;
  const before = [...repository.releases].findIndex(([name]) => name === tag);
  const first = [...repository.releases.values()].slice(0, before).reduce((sum, { size }) => sum + size, 0);
  return releaseShape(repository, tag, assets, repository.id * 1000 + first);
}

const getRelease = reading(({ params }, repository) => {
  const shape = shapeOf(repository, params['tag'] ?? '');
  return shape === undefined || shape.draft ? notFound() : ok(shape);
});

const listReleases = reading(({ url, user }, repository) => {
  const shapes = [...repository.releases.keys()].reverse().flatMap((tag) => shapeOf(repository, tag) ?? []);
  return page(
    shapes.filter(({ draft }) => !draft || mayWrite(repository, user)),
    url,
  );
});

/** The newest that is neither a draft nor a prerelease. */
const getLatest = reading((_call, repository) => {
  const shapes = [...repository.releases.keys()].flatMap((tag) => shapeOf(repository, tag) ?? []);
  const latest = shapes.filter(({ draft, prerelease }) => !draft && !prerelease).at(-1);
  return latest === undefined ? notFound() : ok(latest);
});

/** The bytes lie elsewhere, as on GitHub. */
const getAsset = reading(({ params, url }, repository) => {
  const id = Number(params['asset_id']);
  if (!assetsOf(repository).some((asset) => asset.id === id)) return notFound();
  return { status: 302, headers: { location: new URL(`/objects/${repository.id}/${id}`, url).href } };
});

const assetBytes: Handler = ({ state, params }) => {
  const repository = state.repositories.get(Number(params['id']));
  const asset = repository && assetsOf(repository).find(({ id }) => id === Number(params['asset_id']));
  return asset === undefined
    ? notFound()
    : { status: 200, bytes: asset.bytes, headers: { 'content-type': 'application/octet-stream' } };
};

const getCommitOf = reading(async ({ state, params }, repository) => {
  const named = params['ref'] ?? '';
  const [, kind, name = ''] = /^(tags|heads)\/(.+)$/.exec(named) ?? [];
  const ref = kind === 'tags' ? tagRef(repository, name) : branchRef(repository, kind === 'heads' ? name : named);
  const sha = await state.git.readRef(ref);
  if (sha === undefined) return notFound();
  const { tree, parents, message } = await state.git.readCommit(sha);
  return ok({
    sha,
    commit: { message, tree: { sha: tree, url: '' } },
    parents: parents.map((parent) => ({ sha: parent, url: '', html_url: '' })),
  });
});

/** As it is, for those who ask for `application/vnd.github.raw+json`. */
const getContents = reading(async ({ state, params, url }) => {
  const ref = url.searchParams.get('ref') ?? '';
  const bytes = /^[0-9a-f]{40}$/.test(ref)
    ? await state.git.bytes(['cat-file', 'blob', `${ref}:${params['path'] ?? ''}`]).catch(() => undefined)
    : undefined;
  return bytes === undefined
    ? notFound()
    : { status: 200, bytes, headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' } };
});

export const RELEASE_ENDPOINTS: Readonly<Record<string, Handler>> = {
  'GET /repos/{owner}/{repo}/releases': listReleases,
  'GET /repos/{owner}/{repo}/releases/latest': getLatest,
  'GET /repos/{owner}/{repo}/releases/tags/{tag}': getRelease,
  'GET /repos/{owner}/{repo}/releases/assets/{asset_id}': getAsset,
  'GET /objects/{id}/{asset_id}': assetBytes,
  'GET /repos/{owner}/{repo}/commits/{ref}': getCommitOf,
  'GET /repos/{owner}/{repo}/contents/{path...}': getContents,
};

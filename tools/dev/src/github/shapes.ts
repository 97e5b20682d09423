// Answers as GitHub shapes them, with the members that are read here. test/github holds them to octokit's own types.

import { createHash } from 'node:crypto';
import type { TreeEntry } from './git-store.ts';
import type { CheckRun, Comment, Pull, Repository, Review, User } from './github-state.ts';

export interface UserShape {
  readonly login: string;
  readonly id: number;
  readonly type: string;
}

export const userShape = ({ login, id, type }: User): UserShape => ({ login, id, type });

export interface RepositoryShape {
  readonly id: number;
  readonly name: string;
  readonly full_name: string;
  readonly owner: UserShape;
  readonly fork: boolean;
  readonly default_branch: string;
  readonly html_url: string;
  /** To whoever signed in. */
  readonly permissions?: { readonly admin: boolean; readonly push: boolean; readonly pull: boolean };
}

export function repositoryShape({ id, name, owner, parent, defaultBranch }: Repository): RepositoryShape {
  return {
    id,
    name,
    full_name: `${owner.login}/${name}`,
    owner: userShape(owner),
    fork: parent !== undefined,
    default_branch: defaultBranch,
    html_url: `https://github.com/${owner.login}/${name}`,
  };
}

interface SideShape {
  readonly label: string;
  readonly ref: string;
  readonly sha: string;
  readonly user: UserShape;
  /** Octokit's types do not say so, but of a repository that is gone there is none. */
  readonly repo: RepositoryShape | null;
}

export interface PullShape {
  readonly id: number;
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly user: UserShape;
  readonly created_at: string;
  readonly updated_at: string;
  readonly html_url: string;
  readonly labels: readonly { readonly name: string }[];
  readonly head: SideShape;
  readonly base: SideShape;
  readonly merge_commit_sha: string | null;
}

export interface PullHeads {
  readonly head: string;
  readonly base: string;
  readonly mergeCommit: string | null;
}

export function pullShape(pull: Pull, { head, base, mergeCommit }: PullHeads): PullShape {
  const { number, state, title, body, draft, user, createdAt, updatedAt, labels } = pull;
  const side = ({ repository, branch }: Pull['head'], sha: string): SideShape => ({
    label: `${repository.owner.login}:${branch}`,
    ref: branch,
    sha,
    user: userShape(repository.owner),
    repo: repository.gone ? null : repositoryShape(repository),
  });
  return {
    id: 9_000_000 + number,
    number,
    state,
    title,
    body,
    draft,
    user: userShape(user),
    created_at: createdAt,
    updated_at: updatedAt,
    html_url: `https://github.com/${repositoryShape(pull.base.repository).full_name}/pull/${number}`,
    labels: [...labels].map((name) => ({ name })),
    head: side(pull.head, head),
    base: side(pull.base, base),
    merge_commit_sha: mergeCommit,
  };
}

export interface CommentShape {
  readonly id: number;
  readonly user: UserShape;
  readonly body: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly html_url: string;
}

export const commentShape = ({ id, user, body, createdAt, updatedAt, issue }: Comment): CommentShape => ({
  id,
  user: userShape(user),
  body,
  created_at: createdAt,
  updated_at: updatedAt,
  html_url: `https://github.com/comments/${issue}/${id}`,
});

export interface ReviewShape {
  readonly id: number;
  readonly user: UserShape;
  readonly state: string;
  readonly commit_id: string;
  readonly submitted_at: string;
  readonly body: string;
}

export const reviewShape = ({ id, user, state, commit, at }: Review): ReviewShape => ({
  id,
  user: userShape(user),
  state,
  commit_id: commit,
  submitted_at: at,
  body: '',
});

export interface CheckRunShape {
  readonly id: number;
  readonly name: string;
  readonly head_sha: string;
  readonly external_id: string;
  readonly status: CheckRun['status'];
  readonly conclusion: CheckRun['conclusion'];
  readonly started_at: string;
  readonly output: { readonly title: string | null; readonly summary: string | null };
  readonly app: { readonly id: number; readonly slug: string };
}

export const checkRunShape = (run: CheckRun): CheckRunShape => ({
  id: run.id,
  name: run.name,
  head_sha: run.head,
  external_id: run.externalId,
  status: run.status,
  conclusion: run.conclusion,
  started_at: run.startedAt,
  output: run.output,
  app: run.app,
});

export interface TreeShape {
  readonly sha: string;
  readonly url: string;
  readonly truncated: boolean;
  readonly tree: readonly TreeEntry[];
}

export interface ReleaseShape {
  readonly id: number;
  readonly tag_name: string;
  readonly name: string | null;
  readonly draft: boolean;
  readonly prerelease: boolean;
  readonly published_at: string | null;
  readonly assets: readonly {
    readonly id: number;
    readonly name: string;
    readonly size: number;
    readonly state: 'uploaded';
    readonly digest: string | null;
    readonly browser_download_url: string;
  }[];
}

export function releaseShape(
  repository: Repository,
  tag: string,
  assets: ReadonlyMap<string, Uint8Array>,
  firstAsset: number,
): ReleaseShape {
  const { full_name } = repositoryShape(repository);
  return {
    id: firstAsset,
    tag_name: tag,
    name: tag,
    draft: repository.drafts?.has(tag) === true,
    prerelease: repository.prereleases?.has(tag) === true,
    published_at: '2026-05-01T09:00:00Z',
    assets: [...assets].map(([name, bytes], i) => ({
      id: firstAsset + i,
      name,
      size: bytes.length,
      state: 'uploaded',
      digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      browser_download_url: `https://github.com/${full_name}/releases/download/${tag}/${name}`,
    })),
  };
}

// Identity tokens as GitHub Actions gets them: an RS256 JSON Web Token about one run of one workflow, and the check of one.

import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { DevError } from '../dev-error.ts';

/** What differs from run to run; the rest of a token follows from it. */
export interface WorkflowRun {
  readonly repository: string;
  readonly repositoryId: string;
  readonly owner: string;
  readonly ownerId: string;
  /** Path of the workflow file in the repository. */
  readonly workflow: string;
  readonly ref: string;
  readonly sha: string;
  readonly event: string;
  readonly runner: 'github-hosted' | 'self-hosted';
  /** `owner/repository/path@ref` of the reusable workflow that asks for the token; the workflow itself without one. */
  readonly jobWorkflow?: { readonly ref: string; readonly sha: string };
  readonly runId?: string;
  readonly visibility?: 'public' | 'private';
}

export interface GitHubClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly exp: number;
  readonly nbf: number;
  readonly iat: number;
  readonly ref: string;
  readonly sha: string;
  readonly repository: string;
  readonly repository_id: string;
  readonly repository_owner: string;
  readonly repository_owner_id: string;
  readonly repository_visibility: string;
  readonly run_id: string;
  readonly run_attempt: string;
  readonly workflow: string;
  readonly workflow_ref: string;
  readonly workflow_sha: string;
  readonly job_workflow_ref: string;
  readonly job_workflow_sha: string;
  readonly event_name: string;
  readonly runner_environment: string;
}

const AUDIENCE = 'sigstore';
const LIFETIME_SECONDS = 600;

const part = (value: object | Uint8Array): string =>
  Buffer.from(value instanceof Uint8Array ? value : JSON.stringify(value)).toString('base64url');

export function issueToken(
  run: WorkflowRun,
  issuer: { readonly url: string; readonly key: KeyObject },
  now: Date,
): string {
  const repository = `${run.owner}/${run.repository}`;
  const workflowRef = `${repository}/${run.workflow}@${run.ref}`;
  const issuedAt = Math.floor(now.getTime() / 1000);
  const claims: GitHubClaims = {
    iss: issuer.url,
    sub: `repo:${repository}:ref:${run.ref}`,
    aud: AUDIENCE,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + LIFETIME_SECONDS,
    ref: run.ref,
    sha: run.sha,
    repository,
    repository_id: run.repositoryId,
    repository_owner: run.owner,
    repository_owner_id: run.ownerId,
    repository_visibility: run.visibility ?? 'public',
    run_id: run.runId ?? '1',
    run_attempt: '1',
    workflow: run.workflow,
    workflow_ref: workflowRef,
    workflow_sha: run.sha,
    job_workflow_ref: run.jobWorkflow?.ref ?? workflowRef,
    job_workflow_sha: run.jobWorkflow?.sha ?? run.sha,
    event_name: run.event,
    runner_environment: run.runner,
  };
  const signed = `${part({ typ: 'JWT', alg: 'RS256', kid: 'loopback' })}.${part(claims)}`;
  return `${signed}.${part(new Uint8Array(sign('sha256', Buffer.from(signed), issuer.key)))}`;
}

/** The issuer's key as its /jwks lists it. */
export function publicJwk(key: KeyObject): object {
  return { ...createPublicKey(key).export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'loopback' };
}

/** The claims of a token this issuer signed and that counts now. Throws TOKEN_INVALID. */
export function checkToken(
  token: string,
  issuer: { readonly url: string; readonly key: KeyObject },
  now: Date,
): GitHubClaims {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  const { alg } = json<{ alg?: string }>(header);
  const isSigned =
    alg === 'RS256' &&
    more.length === 0 &&
    verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      createPublicKey(issuer.key),
      Buffer.from(signature, 'base64url'),
    );
  if (!isSigned) throw new DevError('TOKEN_INVALID', 'the token is not signed by the issuer');
  const claims = json<GitHubClaims>(payload);
  const seconds = now.getTime() / 1000;
  if (claims.iss !== issuer.url || claims.aud !== AUDIENCE || seconds < claims.nbf || seconds >= claims.exp)
    throw new DevError('TOKEN_INVALID', 'the token is of another issuer, audience or time');
  return claims;
}

function json<T>(text: string): T {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as T;
  } catch (cause) {
    throw new DevError('TOKEN_INVALID', 'the token is no JSON Web Token', cause);
  }
}

// The OCI distribution API (v1.1), the part that a file with signatures needs. Every answer is bounded and, where it was asked for by
// digest, compared with it: a registry is a place to fetch from and is believed in nothing.

import {
  isLoopbackRegistry,
  MAX_OCI_MANIFEST,
  mayAskForToken,
  OCI_MANIFEST,
  type OciRepository,
  ociBase,
  readToken,
  readTokenQuestion,
  tokenAddress,
} from '@plugmark/client';
import { sha256 } from '@plugmark/publish';
import { CliError } from '../cli-error.ts';
import { connectionProblem } from '../unreachable-words.ts';

export interface OciCredentials {
  readonly username: string;
  readonly password: string;
}

interface OciAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly headers: Headers;
}

interface OciCall {
  readonly method?: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: Uint8Array;
  readonly maxBytes?: number;
}

export interface OciRegistry {
  readonly repository: OciRepository;
  /** Throws OCI_REFUSED, OCI_AUTH, UNREACHABLE. Undefined where it is not there. */
  manifest(reference: string): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | undefined>;
  blob(digest: string, maxBytes: number): Promise<Uint8Array | undefined>;
  putBlob(bytes: Uint8Array): Promise<void>;
  /** `reference` is a tag or the digest; the answer is the digest. */
  putManifest(
    bytes: Uint8Array,
    mediaType: string,
    reference?: string,
  ): Promise<{ digest: string; referrersKnown: boolean }>;
  /** What the registry says refers to a manifest; undefined where it has no such API (before v1.1). */
  referrers(digest: string): Promise<Uint8Array | undefined>;
}

export const digestOf = (bytes: Uint8Array): string => `sha256:${sha256(bytes)}`;

const MANIFEST_TYPES = [OCI_MANIFEST, 'application/vnd.oci.image.index.v1+json'].join(', ');

export function ociRegistry(
  repository: OciRepository,
  {
    fetch,
    credentials,
  }: { readonly fetch: typeof globalThis.fetch; readonly credentials?: OciCredentials | undefined },
): OciRegistry {
  const call = caller(repository, { fetch, credentials });
  const base = `${ociBase(repository)}/v2/${repository.name}`;
  const get = async (path: string, options: OciCall): Promise<OciAnswer | undefined> => {
    const answer = await call(`${base}/${path}`, options);
    if (answer.status === 404) return undefined;
    return requireOk(answer, `${base}/${path}`);
  };
  return {
    repository,
    async manifest(reference) {
      const answer = await get(`manifests/${reference}`, { accept: MANIFEST_TYPES, maxBytes: MAX_OCI_MANIFEST });
      if (answer === undefined) return undefined;
      requireDigest(answer.bytes, reference);
      return { bytes: answer.bytes, mediaType: answer.headers.get('content-type') ?? '' };
    },
    async blob(digest, maxBytes) {
      const answer = await get(`blobs/${digest}`, { maxBytes });
      if (answer !== undefined) requireDigest(answer.bytes, digest);
      return answer?.bytes;
    },
    async putBlob(bytes) {
      const digest = digestOf(bytes);
      const known = await call(`${base}/blobs/${digest}`, { method: 'HEAD' });
      if (known.status === 200) return;
      const begun = requireOk(await call(`${base}/blobs/uploads/`, { method: 'POST' }), 'blob upload', 202);
      const location = new URL(begun.headers.get('location') ?? '', `${ociBase(repository)}/`);
      location.searchParams.set('digest', digest);
      const put = { method: 'PUT', contentType: 'application/octet-stream', body: bytes };
      requireOk(await call(location.href, put), 'blob upload', 201);
    },
    async putManifest(bytes, mediaType, reference = digestOf(bytes)) {
      const put = { method: 'PUT', contentType: mediaType, body: bytes };
      const answer = requireOk(await call(`${base}/manifests/${reference}`, put), `manifest ${reference}`, 201);
      return { digest: digestOf(bytes), referrersKnown: answer.headers.has('oci-subject') };
    },
    referrers: async (digest) => (await get(`referrers/${digest}`, { maxBytes: MAX_OCI_MANIFEST }))?.bytes,
  };
}

function requireDigest(bytes: Uint8Array, reference: string): void {
  if (!reference.startsWith('sha256:') || digestOf(bytes) === reference) return;
  throw new CliError('OCI_ARTIFACT', `${reference} is served with sha256 ${sha256(bytes)}`);
}

function requireOk(answer: OciAnswer, what: string, wanted = 200): OciAnswer {
  if (answer.status === wanted) return answer;
  const said = new TextDecoder().decode(answer.bytes.subarray(0, 200)).replace(/\s+/g, ' ');
  if (answer.status === 401 || answer.status === 403)
    throw new CliError('OCI_AUTH', `${what}: the registry asks for a sign-in (${answer.status})`);
  throw new CliError(
    'OCI_REFUSED',
    `${what}: the registry answered ${answer.status}${said === '' ? '' : ` (${said})`}`,
  );
}

type Caller = (url: string, call: OciCall) => Promise<OciAnswer>;

/** Signs in when it is asked to (Basic, or a bearer token from the realm it names), once. */
function caller(
  repository: OciRepository,
  { fetch, credentials }: { fetch: typeof globalThis.fetch; credentials?: OciCredentials | undefined },
): Caller {
  let authorization: string | undefined;
  return async (url, call) => {
    const first = await send(fetch, url, call, isSameHost(url, repository) ? authorization : undefined);
    const challenge = first.headers.get('www-authenticate');
    if (first.status !== 401 || challenge === null || authorization !== undefined) return first;
    authorization = await signIn(fetch, challenge, { repository, credentials });
    return authorization === undefined ? first : send(fetch, url, call, authorization);
  };
}

/** An upload may be sent elsewhere; what lets us in here is not told there. */
const isSameHost = (url: string, repository: OciRepository): boolean =>
  new URL(url).origin === new URL(ociBase(repository)).origin;

async function send(
  fetch: typeof globalThis.fetch,
  url: string,
  { method = 'GET', accept, contentType, body, maxBytes = 1_000_000 }: OciCall,
  authorization: string | undefined,
): Promise<OciAnswer> {
  const headers = new Headers();
  if (accept !== undefined) headers.set('accept', accept);
  if (contentType !== undefined) headers.set('content-type', contentType);
  if (authorization !== undefined) headers.set('authorization', authorization);
  try {
    const init = { method, headers, ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }) };
    const response = await fetch(url, init);
    return { status: response.status, headers: response.headers, bytes: await readUpTo(response, maxBytes, url) };
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError('UNREACHABLE', `${new URL(url).origin}: ${connectionProblem(cause)}`, { cause });
  }
}

async function readUpTo({ body }: Response, maxBytes: number, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw new CliError('OCI_ARTIFACT', `${url} is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/**
 * With a password wherever the registry says, since it was given one; without, only where a token is asked for unseen (`mayAskForToken`).
 * Never in the clear.
 */
async function signIn(
  fetch: typeof globalThis.fetch,
  challenge: string,
  { repository, credentials }: { repository: OciRepository; credentials: OciCredentials | undefined },
): Promise<string | undefined> {
  const basic =
    credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  if (!/^bearer /i.test(challenge)) return basic;
  const question = readTokenQuestion(challenge);
  if (question === undefined) return undefined;
  const isClosed = question.realm.protocol === 'https:' || isLoopbackRegistry(repository);
  if (basic === undefined ? !mayAskForToken(question, repository) : !isClosed) return undefined;
  const answer = await send(fetch, tokenAddress(question), {}, basic);
  return answer.status === 200 ? readToken(answer.bytes) : undefined;
}

// The bytes behind an `oci://` source that a stranger named, for the review of a release: fetched from public addresses only, and an
// anonymous token is asked for from public addresses only, since the registry names where to get one.

import {
  MAX_OCI_MANIFEST,
  MAX_TOKEN_ANSWER,
  OCI_MANIFEST,
  ociBase,
  readToken,
  readTokenQuestion,
  tokenAddress,
} from '@plugmark/client';
import { CliError } from '../cli-error.ts';
import type { Fetched, FetchLimits } from '../fetch-public.ts';
import { parseReference } from './oci-reference.ts';
import { pullWasm } from './wasm-artifact.ts';

type Get = (address: string, limits: FetchLimits) => Promise<Fetched>;

/** What a fetch that failed said; carried through the pull, which only knows bytes or none. */
class SourceFailure extends Error {
  readonly fetched: Exclude<Fetched, { readonly bytes: Uint8Array }>;

  constructor(fetched: Exclude<Fetched, { readonly bytes: Uint8Array }>) {
    super(fetched.reason);
    this.fetched = fetched;
  }
}

export async function fetchOciSource(source: string, limits: FetchLimits, get: Get): Promise<Fetched> {
  try {
    const reference = parseReference(source);
    const base = `${ociBase(reference)}/v2/${reference.name}`;
    const fetch = signedIn(get, limits);
    const registry = {
      manifest: async (digest: string) => {
        const limit = { maxBytes: MAX_OCI_MANIFEST, accept: OCI_MANIFEST };
        return { bytes: await fetch(`${base}/manifests/${digest}`, limit), mediaType: OCI_MANIFEST };
      },
      blob: (digest: string, maxBytes: number) => fetch(`${base}/blobs/${digest}`, { maxBytes }),
    };
    return { bytes: await pullWasm(registry, reference, limits.maxBytes) };
  } catch (error) {
    if (error instanceof SourceFailure) return error.fetched;
    if (error instanceof CliError) return { state: 'unreachable', reason: error.message };
    throw error;
  }
}

type Fetch = (address: string, options: { maxBytes: number; accept?: string }) => Promise<Uint8Array>;

/** Public registries let everybody read, with a token they give to everybody. */
function signedIn(get: Get, { timeoutMs }: FetchLimits): Fetch {
  let authorization: string | undefined;
  return async (address, options) => {
    const told = authorization === undefined ? {} : { authorization };
    const first = await get(address, { ...options, ...told, timeoutMs });
    if ('bytes' in first) return first.bytes;
    if (first.challenge === undefined || authorization !== undefined) throw new SourceFailure(first);
    authorization = await anonymousToken(get, first.challenge, timeoutMs);
    const second = await get(address, { ...options, authorization, timeoutMs });
    if ('bytes' in second) return second.bytes;
    throw new SourceFailure(second);
  };
}

/** Wherever the registry says: whoever fetches here looks at each address where the connection is made. */
async function anonymousToken(get: Get, challenge: string, timeoutMs: number): Promise<string> {
  const question = readTokenQuestion(challenge);
  if (question === undefined) throw new SourceFailure({ state: 'unreachable', reason: 'asks for a sign-in' });
  const limits = { maxBytes: MAX_TOKEN_ANSWER, timeoutMs, accept: 'application/json' };
  const answer = await get(tokenAddress(question), limits);
  if (!('bytes' in answer)) throw new SourceFailure(answer);
  const token = readToken(answer.bytes);
  if (token !== undefined) return token;
  throw new SourceFailure({ state: 'unreachable', reason: 'gives no token' });
}

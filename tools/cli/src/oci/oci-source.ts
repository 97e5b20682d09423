// The bytes behind an `oci://` source that a stranger named, for the review of a release: fetched from public addresses only, and an
// anonymous token is asked for from public addresses only, since the registry names where to get one.

import { CliError } from '../cli-error.ts';
import type { Fetched, FetchLimits } from '../fetch-public.ts';
import { parseReference, registryBase } from './oci-reference.ts';
import { digestOf } from './oci-registry.ts';
import { pullWasm } from './wasm-artifact.ts';

type Get = (address: string, limits: FetchLimits) => Promise<Fetched>;

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const MAX_MANIFEST_BYTES = 4_000_000;
const MAX_TOKEN_BYTES = 100_000;

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
    const base = `${registryBase(reference)}/v2/${reference.name}`;
    const fetch = signedIn(get, limits);
    const registry = {
      manifest: async (digest: string) => {
        const limit = { maxBytes: MAX_MANIFEST_BYTES, accept: MANIFEST_TYPE };
        return { bytes: named(await fetch(`${base}/manifests/${digest}`, limit), digest), mediaType: MANIFEST_TYPE };
      },
      blob: async (digest: string, maxBytes: number) =>
        named(await fetch(`${base}/blobs/${digest}`, { maxBytes }), digest),
    };
    return { bytes: await pullWasm(registry, reference.digest, limits.maxBytes) };
  } catch (error) {
    if (error instanceof SourceFailure) return error.fetched;
    if (error instanceof CliError) return { state: 'unreachable', reason: error.message };
    throw error;
  }
}

function named(bytes: Uint8Array, digest: string): Uint8Array {
  if (digestOf(bytes) === digest) return bytes;
  throw new CliError('OCI_ARTIFACT', `serves ${digestOf(bytes)} as ${digest}`);
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

async function anonymousToken(get: Get, challenge: string, timeoutMs: number): Promise<string> {
  const parameter = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = URL.parse(parameter('realm') ?? '');
  if (realm === null || !/^bearer /i.test(challenge))
    throw new SourceFailure({ state: 'unreachable', reason: 'asks for a sign-in' });
  for (const name of ['service', 'scope']) {
    const value = parameter(name);
    if (value !== undefined) realm.searchParams.set(name, value);
  }
  const answer = await get(realm.href, { maxBytes: MAX_TOKEN_BYTES, timeoutMs, accept: 'application/json' });
  if (!('bytes' in answer)) throw new SourceFailure(answer);
  const { token, access_token: other } = tokenIn(answer.bytes);
  const value = token ?? other;
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return `Bearer ${value}`;
  throw new SourceFailure({ state: 'unreachable', reason: 'gives no token' });
}

function tokenIn(bytes: Uint8Array): { token?: unknown; access_token?: unknown } {
  try {
    return Object(JSON.parse(new TextDecoder().decode(bytes))) as { token?: unknown; access_token?: unknown };
  } catch {
    return {};
  }
}

// What every use of a registry shares: its address, its requests, and its signed documents, brought up to date at most once at a time.
import type { FetchFile } from './attestation.ts';
import { ClientError } from './error.ts';
import { fetchBytes } from './fetch.ts';
import { askAhead } from './fetch-ahead.ts';
import { type SignedDocuments, signedDocuments } from './signed-documents.ts';
import { requireShortLife } from './timestamp-life.ts';
import type { TrustStore } from './trust/trust-store.ts';
import { refreshMetadata } from './trust/update.ts';
import type { LoadKeyless } from './verify-release.ts';

/** What it takes to reach a registry and to believe it. */
export interface CoreOptions {
  /** Where the registry is served, e.g. `https://plugins.example.org/registry/`. Any mirror will do: nothing rests on it. */
  readonly url: string;
  /** A root.json of the registry that the host ships; any version from which the present one can be reached. */
  readonly root: Uint8Array;
  /** What was verified is kept here, and what must not become older. */
  readonly store: TrustStore;
  /** The host’s own network: every request goes through it. */
  readonly fetch: typeof fetch;
  /** The host’s clock. Expiry and age are judged by it. */
  readonly now: () => Date;
  /**
   * Loads what checks bundles signed through a certificate, when the first one is met: `() => import('@plugmark/client/sigstore')`.
   * Without it such a release cannot be installed (BUNDLE_KEYLESS).
   */
  readonly keyless?: LoadKeyless;
  /** For each request, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface Core {
  readonly url: string;
  readonly timeoutMs: number;
  readonly fetchFile: FetchFile;
  /** The same by address. */
  readonly fetchAt: FetchFile;
  refresh(): Promise<SignedDocuments>;
  /** Refreshed once, by whoever asks first. */
  documents(): Promise<SignedDocuments>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** Throws REGISTRY_URL. */
export function openCore(options: CoreOptions): Core {
  const url = baseUrl(options.url);
  const { root, store, now, keyless, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const fetchAt: FetchFile = (at, maxBytes) => fetchBytes(options.fetch, at, { maxBytes, timeoutMs });
  const fetchFile: FetchFile = (path, maxBytes) => fetchAt(url + path, maxBytes);
  let current: Promise<SignedDocuments> | undefined;
  const open = async (): Promise<SignedDocuments> => {
    const tuf = await refreshMetadata({ root, store, fetchFile: askAhead(fetchFile), now: now() });
    requireShortLife(tuf.state, now());
    return signedDocuments(tuf, { store, keyless });
  };
  const refresh = (): Promise<SignedDocuments> => {
    const opened = open();
    current = opened;
    opened.catch(() => {
      if (current === opened) current = undefined;
    });
    return opened;
  };
  return { url, timeoutMs, fetchFile, fetchAt, refresh, documents: () => current ?? refresh() };
}

function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:')
    return url.href.endsWith('/') ? url.href : `${url.href}/`;
  throw new ClientError('REGISTRY_URL', { url: text });
}

// What every act on plugins shares: the signed view of the registry (recorded, so that proofs can be kept), the host's state, its
// profile, its log. One act at a time changes anything.
import type { FetchFile } from '../attestation.ts';
import { type Core, openCore } from '../core.ts';
import { type HostProfile, hostProfile } from '../documents/host-profile.ts';
import { ClientError } from '../error.ts';
import type { SignedDocuments } from '../signed-documents.ts';
import type { LockOptions } from '../store/plugin-store.ts';
import { equalBytes } from '../trust/bytes.ts';
import { canonicalJson } from '../trust/canonical.ts';
import { type Receipts, receiptsIn } from './consent.ts';
import { type HostState, openHostState } from './host-state.ts';
import type { PluginsOptions } from './plugins-options.ts';
import { hostProfileOf } from './profile-target.ts';
import { type RecordingStore, recordingStore } from './recording-store.ts';
import { openRunLog, type RunLog } from './run-log.ts';

export interface PluginsContext {
  readonly options: PluginsOptions;
  readonly core: Core;
  readonly recorded: RecordingStore;
  readonly state: HostState;
  readonly receipts: Receipts;
  readonly log: RunLog;
  /** Bundles that were read in this session, by digest. */
  readonly attestations: Map<string, Uint8Array>;
  readonly fetchAttestationFile: FetchFile;
  profile(documents: SignedDocuments): Promise<HostProfile>;
  /** The registry as it was at most an hour ago; `anew`: as it is now. */
  documents(how?: { readonly anew?: boolean }): Promise<SignedDocuments>;
}

/** A host runs for weeks; what it resolves must not be the list of the day it started. */
const FRESH_MS = 3_600_000;

export function openContext(options: PluginsOptions): PluginsContext {
  const { store, host, now } = options;
  const recorded = recordingStore(store);
  const core = openCore({ ...options, store: recorded });
  const state = openHostState(host.id, options);
  const attestations = new Map<string, Uint8Array>();
  let refreshedAt: number | undefined;
  return {
    options,
    core,
    recorded,
    state,
    receipts: receiptsIn(store, { folder: state.folder, host: host.id }),
    log: openRunLog({ store, host: host.id, now, folder: state.folder }),
    attestations,
    fetchAttestationFile: async (path, maxBytes) => {
      const digest = path.replace(/^attestations\/|\.json$/g, '');
      const bytes = attestations.get(digest) ?? (await core.fetchFile(path, maxBytes));
      if (bytes !== undefined) attestations.set(digest, bytes);
      return bytes;
    },
    profile: (documents) => profileFor(options, documents),
    documents({ anew = false } = {}) {
      const at = now().getTime();
      const isFresh = refreshedAt !== undefined && at >= refreshedAt && at - refreshedAt < FRESH_MS;
      if (!anew && isFresh) return core.documents();
      refreshedAt = at;
      return core.refresh();
    },
  };
}

/** The compiled one wins; the registry's is used where there is none. Throws HOST_UNKNOWN, DOCUMENT_MALFORMED. */
async function profileFor({ profile, host }: PluginsOptions, documents: SignedDocuments): Promise<HostProfile> {
  const at = { code: 'DOCUMENT_MALFORMED', path: 'profile' } as const;
  const own = profile === undefined ? await hostProfileOf(documents, host.id) : hostProfile(profile, at);
  if (own?.host === host.id) return own;
  throw new ClientError('HOST_UNKNOWN', { host: host.id, ...(own === undefined ? {} : { given: own.host }) });
}

/** Whether the registry words or ranks this host's capabilities differently than the host itself; undefined when it lists none. */
export async function profileDiffers(
  { options }: PluginsContext,
  documents: SignedDocuments,
): Promise<boolean | undefined> {
  const listed = await hostProfileOf(documents, options.host.id);
  if (listed === undefined || options.profile === undefined) return undefined;
  const own = hostProfile(options.profile, { code: 'DOCUMENT_MALFORMED', path: 'profile' });
  const said = ({ title, capabilities }: HostProfile): Uint8Array => canonicalJson({ title, capabilities });
  return !equalBytes(said(own), said(listed));
}

/** Runs `act` alone among everybody who changes this host's plugins, in this process or another. */
export function alone<T>({ options, state }: PluginsContext, act: () => Promise<T>, how?: LockOptions): Promise<T> {
  return options.store.lock(state.folder, act, how);
}

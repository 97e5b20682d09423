// The runner protocol of the client specification (appendix A) over our client: one request in, one answer out. No Node in here, the same
// lines run in a page. Nothing is added to the client's decisions, and nothing is kept between requests but what the client stores.
import {
  ClientError,
  type InstalledPlugin,
  type LoadKeyless,
  openRegistry,
  type RegistryClient,
  type TrustStore,
} from '@plugmark/client';
import { fromBase64, loadTrusted } from '@plugmark/client/trust';

export interface ClientRequest {
  readonly id: number;
  readonly action: string;
  /** Names what the client keeps: a folder, or anything else that two requests can share. */
  readonly state: string;
  readonly url?: string;
  readonly now?: string;
  readonly root?: string;
  readonly request?: string;
  readonly host?: { readonly id: string; readonly api?: string };
  readonly locked?: readonly string[];
  readonly minimumReleaseAgeMinutes?: number;
  readonly sha256?: string;
}

export type ClientAnswer = { readonly id: number } & (
  | { readonly result: object }
  | { readonly error: { readonly code: string; readonly message: string } }
  | { readonly unsupported: string }
);

export interface ClientPorts {
  readonly fetch: typeof fetch;
  readonly storeOf: (state: string) => TrustStore;
  readonly keyless: LoadKeyless;
}

const ROOT_FILE = 'host/root.json';

interface Session {
  readonly request: ClientRequest;
  readonly store: TrustStore;
  /** Opens the registry as a process would that has just started. */
  readonly open: () => Promise<RegistryClient>;
}

const ACTIONS: Readonly<Record<string, (session: Session) => Promise<object>>> = {
  async init({ request, store }) {
    const root = fromBase64(request.root ?? '') ?? new Uint8Array();
    await loadTrusted({ root, store, now: new Date(0) });
    await store.put(ROOT_FILE, root);
    return {};
  },
  async refresh({ open }) {
    const { registry, ...state } = await (await open()).refresh();
    const { rootVersion, timestampVersion, snapshotVersion, targetsVersion } = state;
    return { registry, rootVersion, timestampVersion, snapshotVersion, targetsVersion };
  },
  async resolve({ request, open }) {
    const { plugin, version, tier, standing, release, excluded } = await (await open()).resolve(...asked(request));
    const { sha256, size } = release.release.value.artifact;
    const reasons = excluded.map(({ version: left, code }) => ({ version: left, code }));
    return { plugin, version, sha256, size, tier, state: standing.state, excluded: reasons };
  },
  verify: async ({ request, open }) => marks(await (await open()).install(...asked(request))),
  async load({ request, open }) {
    const { sha256 = '' } = request;
    const bytes = await (await open()).load(sha256);
    return { sha256, size: bytes.length };
  },
};

function asked({ request = '', locked }: ClientRequest): Parameters<RegistryClient['install']> {
  return locked === undefined ? [request] : [request, { locked: new Set(locked) }];
}

function marks({ plugin, version, sha256, size, kind, tier, publisher, registry, standing }: InstalledPlugin): object {
  const { state, signer } = publisher;
  return { plugin, version, sha256, size, kind, tier, state: standing.state, publisher: { state, signer }, registry };
}

/** Anything but a ClientError is a fault of the client, and is thrown on. */
export async function answerRequest(request: ClientRequest, ports: ClientPorts): Promise<ClientAnswer> {
  const { id, action } = request;
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (act === undefined) return { id, unsupported: `the action ${action}` };
  const store = ports.storeOf(request.state);
  try {
    return { id, result: await act({ request, store, open: () => openSession(request, store, ports) }) };
  } catch (error) {
    if (error instanceof ClientError) return { id, error: { code: error.code, message: error.message } };
    throw error;
  }
}

async function openSession(request: ClientRequest, store: TrustStore, ports: ClientPorts): Promise<RegistryClient> {
  const { url = 'http://offline.invalid/', now = '', host, minimumReleaseAgeMinutes } = request;
  return openRegistry({
    url,
    root: (await store.get(ROOT_FILE)) ?? new Uint8Array(),
    store,
    fetch: ports.fetch,
    now: () => new Date(now),
    keyless: ports.keyless,
    ...(host === undefined ? {} : { host }),
    ...(minimumReleaseAgeMinutes === undefined ? {} : { policy: { minimumReleaseAgeMinutes } }),
  });
}

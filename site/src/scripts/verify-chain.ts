// A verification by the client, told step by step. The client decides everything; this file only watches what it asks for, what it
// keeps (it keeps nothing unverified) and what it refuses. It touches no page, so tests run it anywhere.

import {
  ClientError,
  type InstalledPlugin,
  type LoadKeyless,
  memoryStore,
  openRegistry,
  type TrustStore,
} from '@plugmark/client';
import { fetchBytes, sha256, toHex } from '@plugmark/client/trust';
import { ArtifactLookup, parseJson } from '@plugmark/schemas';
import {
  CHAIN_STEPS,
  type ChainStep,
  type StepState,
  type StepView,
  sayRefusal,
  stateOfRefusal,
  stepOfPath,
  stepOfRefusal,
} from '../data/chain-steps.ts';
import {
  documentValues,
  metadataValues,
  publisherValues,
  registryValues,
  rootValues,
  type Values,
} from '../data/chain-values.ts';
import { sayBytes, sayMany } from '../data/say-numbers.ts';

export interface ChainRequest {
  readonly url: string;
  readonly root: Uint8Array;
  /** `publisher/name` or `publisher/name@range`; or a file that somebody has. */
  readonly subject: { readonly plugin: string } | { readonly file: Uint8Array };
}

export interface ChainPorts {
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly keyless: LoadKeyless;
  readonly onChange: (steps: readonly StepView[]) => void;
}

export interface ChainResult {
  readonly state: 'pass' | 'fail' | 'inconclusive';
  readonly steps: readonly StepView[];
  readonly installed?: InstalledPlugin;
}

const MAX_VIEW_BYTES = 1_000_000;
const TIMEOUT_MS = 30_000;

/** Never throws for what a registry serves: a refusal is a step that failed. */
export async function verifyChain(request: ChainRequest, ports: ChainPorts): Promise<ChainResult> {
  const url = request.url.endsWith('/') ? request.url : `${request.url}/`;
  const record = chainRecord('file' in request.subject, ports.onChange);
  try {
    const installed = await install({ ...request, url }, ports, record);
    return { state: 'pass', steps: record.steps(), installed };
  } catch (error) {
    const state = record.refuse(error, url);
    return { state, steps: record.steps() };
  }
}

type Record = ReturnType<typeof chainRecord>;

async function install(
  { url, root, subject }: ChainRequest,
  ports: ChainPorts,
  record: Record,
): Promise<InstalledPlugin> {
  const { request, locked } =
    'plugin' in subject ? { request: subject.plugin } : await lookUp(subject.file, url, ports, record);
  const fetched = new Map<string, string>();
  record.begin('root', rootValues(root));
  const client = openRegistry({
    url,
    root,
    store: watchedStore(record, fetched),
    fetch: watchedFetch(ports.fetch, { url, record, fetched }),
    now: ports.now,
    keyless: ports.keyless,
    policy: { minimumReleaseAgeMinutes: 0 },
    onVerified: (part) => record.pass(PARTS[part], []),
  });
  await client.refresh();
  const resolved = await client.resolve(request, locked === undefined ? {} : { locked: new Set([locked]) });
  const { attestations, release } = resolved.release;
  record.pass('document', documentValues(resolved.document));
  record.pass('release', [
    { name: 'Version', value: `${resolved.plugin} ${resolved.version}` },
    { name: 'Tier', value: resolved.tier },
    { name: 'Not taken', value: sayMany(resolved.excluded.length, 'other version') },
  ]);
  record.name(attestations.publisher.sha256, 'publisher');
  if (attestations.registry !== undefined) record.name(attestations.registry.sha256, 'registry');
  record.begin('bytes', []);
  // Exactly this one: between two questions a registry could answer differently.
  const exact = `${resolved.plugin}@${resolved.version}`;
  const installed = await client.install(exact, { locked: new Set([release.value.artifact.sha256]) });
  if (locked !== undefined && installed.sha256 !== locked)
    throw new ClientError('ARTIFACT_DIGEST', { expected: installed.sha256, actual: locked });
  record.pass('bytes', [
    { name: 'SHA-256', value: installed.sha256 },
    { name: 'Size', value: sayBytes(installed.size) },
  ]);
  record.pass('publisher', publisherValues(installed.publisher));
  if (installed.registry.state === 'verified') record.pass('registry', registryValues(installed.registry));
  else record.skip('registry');
  return installed;
}

const PARTS = { artifact: 'bytes', publisher: 'publisher', registry: 'registry' } as const;

/** The registry has no release with the digest of a file. The client has no word for it: it never starts from a file. */
class UnknownDigest extends Error {
  override readonly name = 'UnknownDigest';
  readonly code = 'DIGEST_UNKNOWN';
}

/** Whose bytes these are, by a list nobody signed: it only says what to ask for. */
async function lookUp(
  file: Uint8Array,
  url: string,
  ports: ChainPorts,
  record: Record,
): Promise<{ readonly request: string; readonly locked: string }> {
  const digest = toHex(await sha256(file));
  record.begin('file', [
    { name: 'SHA-256', value: digest },
    { name: 'Size', value: sayBytes(file.length) },
  ]);
  const path = `v1/artifacts/${digest}.json`;
  const bytes = await fetchBytes(ports.fetch, `${url}${path}`, { maxBytes: MAX_VIEW_BYTES, timeoutMs: TIMEOUT_MS });
  if (bytes === undefined) throw new UnknownDigest();
  const [found] = parseJson(ArtifactLookup, bytes, path);
  if (found === undefined) throw new UnknownDigest();
  record.pass('file', [{ name: 'Said to be', value: `${found.plugin} ${found.version}` }]);
  return { request: `${found.plugin}@${found.version}`, locked: digest };
}

function watchedFetch(
  fetch: ChainPorts['fetch'],
  { url, record, fetched }: { readonly url: string; readonly record: Record; readonly fetched: Map<string, string> },
): typeof globalThis.fetch {
  return async (input, init) => {
    const asked = String(input);
    // A mirror, which is asked for artifacts alone.
    const path = asked.startsWith(url) ? asked.slice(url.length) : asked.slice(asked.lastIndexOf('blobs/'));
    const digest = /[0-9a-f]{64}/.exec(path)?.[0];
    if (digest !== undefined) fetched.set(digest, path);
    record.ask(path);
    return fetch(input, init);
  };
}

/** The client puts a file into its store when it has verified it, and not before. */
function watchedStore(record: Record, fetched: ReadonlyMap<string, string>): TrustStore {
  const store = memoryStore();
  return {
    ...store,
    async put(name, bytes) {
      await store.put(name, bytes);
      const path = /^targets\/([0-9a-f]{64})$/.exec(name)?.[1];
      const step = path === undefined ? storedStep(name) : stepOfPath(fetched.get(path) ?? '');
      if (step !== undefined && step !== 'publisher' && step !== 'registry')
        record.pass(step, metadataValues(name, bytes));
    },
  };
}

function storedStep(name: string): ChainStep | undefined {
  const role = /^metadata\/(?:roles\/)?(?:\d+\.)?([^/]+)\.json$/.exec(name)?.[1];
  return role === undefined ? undefined : stepOfPath(`metadata/${role === 'timestamp' ? '' : '1.'}${role}.json`);
}

/** What is known of each step, and what to say to whoever watches. */
function chainRecord(hasFile: boolean, onChange: ChainPorts['onChange']) {
  const order = (Object.keys(CHAIN_STEPS) as ChainStep[]).filter((step) => hasFile || step !== 'file');
  const views = new Map<ChainStep, StepView>(order.map((step) => [step, { step, state: 'waiting', values: [] }]));
  const named = new Map<string, ChainStep>();
  let current: ChainStep = order[0] ?? 'root';
  const steps = (): StepView[] => [...views.values()];
  const set = (step: ChainStep, state: StepState, values: Values, refusal?: StepView['refusal']): void => {
    const known = views.get(step)?.values.filter(({ name }) => !values.some((value) => value.name === name)) ?? [];
    views.set(step, { step, state, values: [...known, ...values], ...(refusal === undefined ? {} : { refusal }) });
    onChange(steps());
  };
  const stepOf = (path: string): ChainStep | undefined =>
    stepOfPath(path) ?? named.get(/^attestations\/([0-9a-f]{64})\.json$/.exec(path)?.[1] ?? '');
  const stop = (step: ChainStep, state: 'fail' | 'inconclusive', refusal: StepView['refusal']): typeof state => {
    for (const view of steps())
      if (view.state !== 'pass' && view.step !== step) set(view.step, 'notReached', view.values);
    set(step, state, [], refusal);
    return state;
  };
  return {
    steps,
    begin: (step: ChainStep, values: Values) => {
      current = step;
      set(step, 'working', values);
    },
    /** The client asks for a file; the root is done when it asks for something else. */
    ask(path: string) {
      const step = stepOf(path);
      if (step === undefined) return;
      if (step !== 'root' && views.get('root')?.state === 'working') set('root', 'pass', []);
      if (views.get(step)?.state !== 'waiting') return;
      current = step;
      set(step, 'working', []);
    },
    pass(step: ChainStep, values: Values) {
      set(step, step === 'root' ? 'working' : 'pass', values);
      if (step === 'bytes') current = 'publisher';
      if (step === 'publisher') current = 'registry';
    },
    skip: (step: ChainStep) => set(step, 'notApplicable', []),
    /** The digest of a bundle, so that its refusal finds its mark. */
    name: (digest: string, step: ChainStep) => void named.set(digest, step),
    refuse(error: unknown, url: string): 'fail' | 'inconclusive' {
      if (error instanceof UnknownDigest) return stop('file', 'fail', { code: error.code, says: NOT_A_RELEASE });
      const refusal = error instanceof ClientError ? error : undefined;
      const digest = String(refusal?.details['sha256'] ?? refusal?.details['expected'] ?? '');
      const step = refusal === undefined ? current : (named.get(digest) ?? stepOfRefusal(refusal, { url, current }));
      const state = refusal === undefined ? 'inconclusive' : stateOfRefusal(refusal);
      const says = refusal === undefined ? String(error) : sayRefusal(refusal);
      return stop(step, state, { code: refusal?.code ?? 'UNEXPECTED', says });
    },
  };
}

const NOT_A_RELEASE =
  'no release of this registry has these bytes: the file was changed, was damaged, or was never released here';

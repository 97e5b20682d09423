// What a host keeps in its store beside plugins: the lockfile, the lockfiles before it, a trial that is not over, versions that failed.
// The lockfile is what is true; it is written last, in one step, so a power cut before that step leaves everything as it was.
import { array, type Decoder, mapOf, object, oneOf } from '../decode.ts';
import { decodeLockfile, encodeLockfile, type Lockfile, lockfile as lockfileShape } from '../documents/lockfile.ts';
import { instant, sha256 as sha256Word } from '../documents/words.ts';
import { ClientError } from '../error.ts';
import { VERSION } from '../semver.ts';
import type { PluginStore } from '../store/plugin-store.ts';
import { fromUtf8 } from '../trust/bytes.ts';
import { canonicalJson } from '../trust/canonical.ts';
import { readJson } from '../trust/shape.ts';
import type { LockfilePort } from './plugins-options.ts';

const MAX_FORMER = 10;

const schemaVersion = oneOf(1);
const trial = object({ schemaVersion, former: lockfileShape });
const history = object({ schemaVersion, former: array(lockfileShape, { max: MAX_FORMER }) });
const failed = object({ schemaVersion, digests: array(sha256Word) });
const pins = object({ schemaVersion, digests: array(sha256Word) });
const seen = object({ schemaVersion, versions: mapOf(VERSION, instant) });

export interface HostState {
  /** Ends with a slash. */
  readonly folder: string;
  /** Empty where there is none yet. Throws LOCKFILE_MALFORMED, LOCKFILE_MISMATCH when it is another host's. */
  lockfile(): Promise<Lockfile>;
  /** Makes `next` what is true. Files of both are pinned before. */
  commit(next: Lockfile, options?: { readonly remember?: boolean }): Promise<void>;
  /** Former lockfiles, newest first. */
  history(): Promise<readonly Lockfile[]>;
  /** A lockfile that is not known to work yet: until `endTrial`, opening goes back to `former`. */
  beginTrial(former: Lockfile): Promise<void>;
  endTrial(): Promise<void>;
  trial(): Promise<Lockfile | undefined>;
  failed(): Promise<ReadonlySet<string>>;
  fail(digest: string): Promise<void>;
  /** When versions were first seen here. */
  seen(plugin: string): Promise<ReadonlyMap<string, string> | undefined>;
  see(plugin: string, versions: ReadonlyMap<string, string>): Promise<void>;
}

export function openHostState(
  host: string,
  {
    store,
    lockfile,
    pinName = host,
  }: { store: PluginStore; lockfile?: LockfilePort | undefined; pinName?: string | undefined },
): HostState {
  const folder = `hosts/${host}/`;
  // Two lockfiles of one host share what a person agreed to and the log, and nothing else.
  const own = pinName === host ? folder : `${folder}of/${encodeURIComponent(pinName)}/`;
  const port = lockfile ?? portIn(store, `${own}plugmark.lock`);
  const memory = <T>(name: string, decode: Decoder<T>): Promise<T | undefined> => recallJson(store, own + name, decode);
  const write = (name: string, value: object): Promise<void> =>
    store.put(own + name, canonicalJson({ schemaVersion: 1, ...value }));
  const state: HostState = {
    folder,
    async lockfile() {
      const bytes = await port.read();
      const read = bytes === undefined ? { host, registries: [], plugins: [] } : decodeLockfile(bytes);
      if (read.host === host) return read;
      throw new ClientError('LOCKFILE_MISMATCH', { what: 'host', actual: read.host, expected: host });
    },
    async commit(next, { remember = true } = {}) {
      const bytes = encodeLockfile(next);
      // One that could not be read again would lock the host out of its plugins.
      decodeLockfile(bytes);
      const before = await state.lockfile();
      const former = [...(remember ? [before] : []), ...(await state.history())].slice(0, MAX_FORMER);
      const digests = new Set([next, before, ...former].flatMap(({ plugins }) => plugins.map(({ sha256 }) => sha256)));
      await store.put(pinsName(pinName), canonicalJson({ schemaVersion: 1, digests: [...digests].sort() }));
      if (remember) await write('history.json', { former: former.map(plain) });
      await port.write(bytes);
    },
    history: async () => (await memory('history.json', history))?.former ?? [],
    beginTrial: (former) => write('trial.json', { former: plain(former) }),
    endTrial: () => store.delete(`${own}trial.json`),
    trial: async () => (await memory('trial.json', trial))?.former,
    failed: async () => new Set((await memory('failed.json', failed))?.digests),
    fail: async (digest) => write('failed.json', { digests: [...new Set([...(await state.failed()), digest])].sort() }),
    seen: async (plugin) => (await memory(`seen/${plugin}.json`, seen))?.versions,
    see: (plugin, versions) => write(`seen/${plugin}.json`, { versions: Object.fromEntries(versions) }),
  };
  return state;
}

const pinsName = (name: string): string => `pins/${encodeURIComponent(name)}.json`;

/** Every digest that some lockfile over this store uses or may go back to. Throws STORE when one cannot be read: then nothing is safe to delete. */
export async function pinnedDigests(
  store: PluginStore,
  { except }: { readonly except?: string } = {},
): Promise<ReadonlySet<string>> {
  const all = new Set<string>();
  for (const { name } of await store.list('pins/')) {
    if (except !== undefined && name === pinsName(except)) continue;
    const bytes = (await store.get(name)) ?? new Uint8Array();
    for (const digest of readJson(bytes, { code: 'STORE', path: name }, pins).digests) all.add(digest);
  }
  return all;
}

/** As JSON, through the one form it has. */
function plain(value: Lockfile): unknown {
  return JSON.parse(fromUtf8(encodeLockfile(value)));
}

/** These are conveniences: damaged, they are as good as absent. */
async function recallJson<T>(store: PluginStore, name: string, decode: Decoder<T>): Promise<T | undefined> {
  const bytes = await store.get(name);
  try {
    return bytes && readJson(bytes, { code: 'STORE', path: name }, decode);
  } catch (error) {
    if (error instanceof ClientError) return undefined;
    throw error;
  }
}

function portIn(store: PluginStore, name: string): LockfilePort {
  return { read: () => store.get(name), write: (bytes) => store.put(name, bytes) };
}

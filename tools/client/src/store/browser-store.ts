// A store for pages and workers: bytes in IndexedDB, whose transactions are all or nothing, and locks that hold between the tabs of an
// origin. Plugins must run in a worker of another origin or without any of these objects: whoever runs in this origin can write here.
import { ClientError } from '../error.ts';
import { type PluginStore, queue, type StoredFile } from './plugin-store.ts';

interface Row {
  readonly bytes: Uint8Array;
  readonly written: number;
}

const TABLE = 'files';

/** Which database, and the clock that says when a file was written. */
export interface BrowserStoreOptions {
  /** Name of the database; hosts of one origin need one each. */
  readonly name: string;
  readonly now: () => Date;
}

/** Its methods throw STORE: `errno` is the browser’s name for the problem (QuotaExceededError is a full disk). */
export function browserStore({ name: database, now }: BrowserStoreOptions): PluginStore {
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opened ??= openDatabase(database).catch((cause: unknown) => {
      opened = undefined;
      throw cause;
    });
    return opened;
  };
  const run = async <T>(name: string, mode: IDBTransactionMode, act: (table: IDBObjectStore) => IDBRequest<T>) => {
    try {
      return await inTransaction(await open(), mode, act);
    } catch (cause) {
      if (cause instanceof ClientError) throw cause;
      throw new ClientError('STORE', { name, errno: (cause as { name?: string }).name }, cause);
    }
  };
  return {
    get: async (name) => ((await run(name, 'readonly', (table) => table.get(name))) as Row | undefined)?.bytes,
    put: async (name, bytes) => {
      const row: Row = { bytes: bytes.slice(), written: now().getTime() };
      await run(name, 'readwrite', (table) => table.put(row, name));
    },
    delete: async (name) => void (await run(name, 'readwrite', (table) => table.delete(name))),
    async list(prefix) {
      // Above every name that begins so: no name holds U+FFFF.
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const [names, rows] = await Promise.all([
        run(prefix, 'readonly', (table) => table.getAllKeys(range)),
        run(prefix, 'readonly', (table) => table.getAll(range)),
      ]);
      return names.map((name, i): StoredFile => {
        const { bytes, written } = rows[i] as Row;
        return { name: String(name), size: bytes.length, written };
      });
    },
    lock: lockOf(database),
  };
}

/** Web Locks end with the tab that holds them, so none outlives its holder. Where there are none, one tab is all there is. */
function lockOf(database: string): PluginStore['lock'] {
  const own = queue();
  const { locks } = navigator as { readonly locks?: LockManager };
  return (name, act, options) => {
    if (locks === undefined) return own(name, act, options);
    const held = async (lock: Lock | null) => {
      if (lock === null) throw new ClientError('STORE_BUSY', { name });
      return act();
    };
    return locks.request(`${database}/${name}`, { ifAvailable: options?.waits === false }, held) as never;
  };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
  return settled(request);
}

/** Done only when the transaction is: a request that succeeded can still be undone by a full disk. */
async function inTransaction<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  act: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const transaction = database.transaction(TABLE, mode, { durability: 'strict' });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () =>
      reject(transaction.error ?? new ClientError('STORE', { errno: 'AbortError' }));
  });
  const request = act(transaction.objectStore(TABLE));
  await done;
  return request.result;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Where a host keeps plugins: what the trust core asks of a store, and what managing plugins asks beyond it.
import { ClientError } from '../error.ts';
import type { TrustStore } from '../trust/trust-store.ts';

/** A file of the store, as `list` names it. */
export interface StoredFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Greater is later: milliseconds since 1970 where the store has a clock, else a number that counts up. */
  readonly written: number;
}

/** Keep it where no plugin can reach: a plugin with access to it could put itself there. */
export interface PluginStore extends TrustStore {
  /** Every file whose name begins so. Throws STORE. */
  list(prefix: string): Promise<readonly StoredFile[]>;
  /**
   * Runs `act` while nobody else, in this process or another, runs something under the same name. A lock whose holder died is taken
   * over. Throws STORE_BUSY when somebody holds it too long, or at once where `waits` is false.
   */
  lock<T>(name: string, act: () => Promise<T>, options?: LockOptions): Promise<T>;
}

/** How to wait for a lock. */
export interface LockOptions {
  /** Default: yes. */
  readonly waits?: boolean;
}

/** One after another within this program, by name. */
export function queue(): PluginStore['lock'] {
  const last = new Map<string, Promise<unknown>>();
  return (name, act, { waits = true } = {}) => {
    if (!waits && last.has(name)) return Promise.reject(new ClientError('STORE_BUSY', { name }));
    const turn = (last.get(name) ?? Promise.resolve()).then(act, act);
    last.set(name, turn);
    const forget = (): void => {
      if (last.get(name) === turn) last.delete(name);
    };
    turn.then(forget, forget);
    return turn;
  };
}

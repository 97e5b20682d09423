// Bytes by digest from a server that may break off. What has come is kept beside the store's files and asked for no second time, also
// by the next process. The digest decides in the end, whoever sent which part.
import { ClientError } from '../error.ts';
import { REQUEST } from '../fetch.ts';
import { concatBytes, sha256, toHex } from '../trust/bytes.ts';
import type { PluginStore } from './plugin-store.ts';

/** How far a download is, in bytes. Said after each chunk. */
export interface DownloadProgress {
  /** Empty where nobody has said what it will be. */
  readonly sha256: string;
  readonly received: number;
  readonly size: number;
  /** Bytes that were there already. */
  readonly resumedFrom: number;
}

export interface DownloadPorts {
  readonly store: PluginStore;
  readonly fetch: typeof fetch;
  /** Without a byte for so long, the connection counts as dead. */
  readonly timeoutMs: number;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** Kept when so much has come; a power cut loses less than this. */
const CHECKPOINT_BYTES = 1_048_576;
/** A server that breaks off again and again without ever sending anything is given up. */
const MAX_TRIES = 4;

interface Wanted {
  readonly url: string;
  readonly sha256: string;
  readonly size: number;
}

/** Undefined when the server has no such file. Throws NETWORK, TOO_LARGE, STORE; whoever gets the bytes compares the digest. */
export async function download(wanted: Wanted, ports: DownloadPorts): Promise<Uint8Array | undefined> {
  const folder = `partial/${wanted.sha256}/`;
  const kept = await readParts(ports.store, folder, wanted.size);
  const bytes = await receive(wanted, ports, kept);
  const isWhole = bytes === undefined || toHex(await sha256(bytes)) === wanted.sha256;
  if (!isWhole && kept.length > 0) {
    // Parts of an earlier day may be of a file that was wrong then. Once more, from nothing.
    await forgetParts(ports.store, wanted.sha256);
    return receive(wanted, ports, new Uint8Array());
  }
  if (!isWhole) await forgetParts(ports.store, wanted.sha256);
  return bytes;
}

/** After the bytes were stored under their own name, or found wrong. */
export async function forgetParts(store: PluginStore, digest: string): Promise<void> {
  for (const { name } of await store.list(`partial/${digest}/`)) await store.delete(name);
}

async function receive(wanted: Wanted, ports: DownloadPorts, kept: Uint8Array): Promise<Uint8Array | undefined> {
  const body = new PartialBody(wanted, ports, kept);
  for (let failed = 0; body.length < wanted.size || wanted.size === 0; ) {
    const before = body.length;
    try {
      if (!(await body.ask())) return undefined;
      break;
    } catch (error) {
      await body.keep();
      if (!isInterruption(error)) throw error;
      failed = body.length > before ? 0 : failed + 1;
      if (failed === MAX_TRIES) throw error;
    }
  }
  return body.bytes();
}

/** A broken connection; an answer that is no file (a sign-in page, a server error) will be the same in a second. */
function isInterruption(error: unknown): boolean {
  return error instanceof ClientError && error.code === 'NETWORK' && error.details['status'] === undefined;
}

class PartialBody {
  #parts: Uint8Array[];
  #kept: number;
  length: number;
  readonly #wanted: Wanted;
  readonly #ports: DownloadPorts;
  readonly #resumedFrom: number;

  constructor(wanted: Wanted, ports: DownloadPorts, kept: Uint8Array) {
    this.#wanted = wanted;
    this.#ports = ports;
    this.#parts = [kept];
    this.#kept = this.length = this.#resumedFrom = kept.length;
  }

  bytes(): Uint8Array {
    return concatBytes(...this.#parts);
  }

  /** One request for what is missing. False when there is no such file. */
  async ask(): Promise<boolean> {
    const { url } = this.#wanted;
    const stop = new AbortController();
    const clock = idleClock(stop, this.#ports.timeoutMs);
    try {
      const headers = this.length > 0 ? { range: `bytes=${this.length}-` } : {};
      const response = await this.#ports.fetch(url, { ...REQUEST, headers, signal: stop.signal });
      const { status } = response;
      if (status === 404 || status === 403) return cancelled(response, false);
      const contentType = response.headers.get('content-type') ?? undefined;
      if ((status !== 200 && status !== 206 && status !== 416) || /^\s*text\/html\b/i.test(contentType ?? '')) {
        await response.body?.cancel();
        throw new ClientError('NETWORK', { url, status, contentType });
      }
      const follows = status === 206 && startsAt(response, this.length);
      // The whole again, or a part that does not follow: what was kept is of no use.
      if (!follows && this.length > 0) this.#startAgain();
      else if (!follows && status !== 200) throw new ClientError('NETWORK', { url, status });
      if (!follows && status !== 200) return cancelled(response, await this.ask());
      await this.#read(response, clock);
      if (this.length < this.#wanted.size) throw new ClientError('NETWORK', { url, received: this.length });
      return true;
    } catch (cause) {
      if (cause instanceof ClientError) throw cause;
      throw new ClientError(
        'NETWORK',
        { url, received: this.length, ...(stop.signal.aborted ? { timeoutMs: this.#ports.timeoutMs } : {}) },
        cause,
      );
    } finally {
      clock.stop();
    }
  }

  #startAgain(): void {
    this.#parts = [];
    this.#kept = this.length = 0;
  }

  async #read(response: Response, clock: IdleClock): Promise<void> {
    const { url, sha256: digest, size } = this.#wanted;
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      clock.restart();
      if (this.length + part.value.length > size) {
        await reader?.cancel();
        throw new ClientError('TOO_LARGE', { url, maxBytes: size });
      }
      this.#parts.push(part.value);
      this.length += part.value.length;
      this.#ports.onProgress?.({ sha256: digest, received: this.length, size, resumedFrom: this.#resumedFrom });
      if (this.length - this.#kept >= CHECKPOINT_BYTES && this.length < size) await this.keep();
    }
  }

  /** Writes what has come since the last time. */
  async keep(): Promise<void> {
    if (this.length === this.#kept) return;
    const whole = this.bytes();
    const name = `partial/${this.#wanted.sha256}/${String(this.#kept).padStart(12, '0')}`;
    await this.#ports.store.put(name, whole.subarray(this.#kept));
    this.#parts = [whole];
    this.#kept = this.length;
  }
}

async function cancelled<T>(response: Response, answer: T): Promise<T> {
  await response.body?.cancel();
  return answer;
}

function startsAt(response: Response, offset: number): boolean {
  return new RegExp(`^bytes ${offset}-`).test(response.headers.get('content-range') ?? '');
}

/** Parts that follow each other from the beginning; what does not is left alone and overwritten. */
async function readParts(store: PluginStore, folder: string, size: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const names = (await store.list(folder)).map(({ name }) => name).sort();
  for (const name of names) {
    const bytes = Number(name.slice(folder.length)) === length ? await store.get(name) : undefined;
    if (bytes === undefined || length + bytes.length > size) break;
    parts.push(bytes);
    length += bytes.length;
  }
  return concatBytes(...parts);
}

export interface IdleClock {
  restart(): void;
  stop(): void;
}

/** Ends the exchange when nothing has come for so long. */
export function idleClock(controller: AbortController, timeoutMs: number): IdleClock {
  const start = (): ReturnType<typeof setTimeout> => setTimeout(() => controller.abort(), timeoutMs);
  let timer = start();
  return {
    restart() {
      clearTimeout(timer);
      timer = start();
    },
    stop: () => clearTimeout(timer),
  };
}

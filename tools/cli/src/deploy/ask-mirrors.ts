// Whether mirrors have files, asked without fetching them: a server that says 200 and another length has another file.

import type { Io } from '../io.ts';
import { connectionProblem } from '../unreachable-words.ts';

export interface WantedFile {
  /** For people. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

/** With what each mirror said. */
export type MissingFile<T extends WantedFile = WantedFile> = T & { readonly why: string };

/** A mirror is a server like others: not asked for everything at once. */
const AT_ONCE = 8;
const TIMEOUT_MS = 20_000;

export interface Asking {
  /** Each ends with a slash. */
  readonly mirrors: readonly string[];
  /** When so much is missing nobody is asked any more: a mirror that is down would cost a time limit for every file. */
  readonly enoughBytes: number;
}

/** The files that none of the mirrors has, in the order in which they were given; not all of them where more than `enoughBytes` are. */
export async function askMirrors<T extends WantedFile>(
  io: Pick<Io, 'fetch'>,
  files: readonly T[],
  { mirrors, enoughBytes }: Asking,
): Promise<MissingFile<T>[]> {
  const missing = new Map<number, MissingFile<T>>();
  let [next, bytes] = [0, 0];
  const work = async (): Promise<void> => {
    for (let at = next++; at < files.length && bytes <= enoughBytes; at = next++) {
      const file = files[at] as T;
      const why = await nowhere(io, file, mirrors);
      if (why === undefined) continue;
      bytes += file.size;
      missing.set(at, { ...file, why });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return [...missing].sort(([a], [b]) => a - b).map(([, file]) => file);
}

/** Undefined where one of the mirrors has it. */
async function nowhere(
  io: Pick<Io, 'fetch'>,
  { path, size }: WantedFile,
  mirrors: readonly string[],
): Promise<string | undefined> {
  const said: string[] = [];
  for (const mirror of mirrors) {
    const problem = await problemAt(io, mirror + path, size);
    if (problem === undefined) return undefined;
    said.push(`${mirror + path} ${problem}`);
  }
  return said.join('; ');
}

async function problemAt({ fetch }: Pick<Io, 'fetch'>, address: string, size: number): Promise<string | undefined> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    // Compressed on the way it would have another length.
    const headers = { 'accept-encoding': 'identity' };
    // As clients ask: what redirects them is no mirror.
    const response = await fetch(address, { method: 'HEAD', redirect: 'error', credentials: 'omit', headers, signal });
    await response.body?.cancel();
    if (response.status !== 200) return `answers ${response.status}`;
    if (/^\s*text\/html\b/i.test(response.headers.get('content-type') ?? '')) return 'is a web page';
    const length = response.headers.get('content-length');
    if (length === null) return 'does not say how long it is';
    return length === String(size) ? undefined : `is ${length} bytes long instead of ${size}`;
  } catch (cause) {
    return signal.aborted ? `does not answer within ${TIMEOUT_MS / 1000} s` : connectionProblem(cause);
  }
}

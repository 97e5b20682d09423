// A registry that lies in a folder: a network share, a stick, a tree that was just built. To the client it is a server like any other;
// what the folder says is verified from the same root.
import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What to give to `openPlugins` or `openRegistry`. */
export interface FolderRegistry {
  /** Nothing is ever sent there: the folder's files answer. */
  readonly url: string;
  readonly fetch: typeof fetch;
}

const ADDRESS = 'http://folder.invalid/';
/** As those of object stores: a file that is not there, whatever kept it from being read. */
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

/** `folder` as a path or a `file:` URL. Ranges are answered, so that a download that broke off goes on. */
export function folderRegistry(folder: string | URL): FolderRegistry {
  const named = folder instanceof URL || folder.startsWith('file:') ? fileURLToPath(folder) : folder;
  return {
    url: ADDRESS,
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : String(input));
      const bytes = await fileInside(named, decodeURIComponent(url.pathname));
      if (bytes === undefined) return new Response(null, { status: 404 });
      return answer(bytes, new Headers(init?.headers).get('range'));
    },
  };
}

/** Undefined for whatever is not a file below the folder, links that lead out of it among them. */
async function fileInside(folder: string, path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    return file.startsWith(root + sep) ? new Uint8Array(await readFile(file)) : undefined;
  } catch (cause) {
    if (ABSENT.has((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw cause;
  }
}

function answer(bytes: Uint8Array<ArrayBuffer>, range: string | null): Response {
  const headers = { 'content-type': 'application/octet-stream' };
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) return new Response(bytes, { headers });
  if (start >= bytes.length) return new Response(null, { status: 416 });
  const part = { ...headers, 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
  return new Response(bytes.subarray(start), { status: 206, headers: part });
}

// A loopback server over a tree in memory that a test can change, and whose answers it can spoil: a connection that breaks off, a
// sign-in page, a server error. Answers ranges, as every static server does.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Fault =
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly times: number }
  | { readonly kind: 'page' | 'error' | 'noRanges' | 'wrongRange' }
  /** A byte now and then, without an end. */
  | { readonly kind: 'drip' };

export interface RegistryServer {
  readonly url: string;
  /** What is served from now on. */
  tree: ReadonlyMap<string, Uint8Array>;
  /** Path -> what goes wrong with it. */
  readonly faults: Map<string, Fault>;
  /** Every request: path, and the range that was asked for. */
  readonly requests: { readonly path: string; readonly range?: string | undefined }[];
  close(): Promise<void>;
}

export async function serveTree(tree: ReadonlyMap<string, Uint8Array>): Promise<RegistryServer> {
  const server = createServer((request, response) => answer(served, request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const served: RegistryServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    tree,
    faults: new Map(),
    requests: [],
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return served;
}

/** What a page needs to be one. */
const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

function answer({ tree, faults, requests }: RegistryServer, request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent((request.url ?? '').slice(1));
  const { range } = request.headers;
  requests.push({ path, range });
  const [fault, bytes] = [faults.get(path) ?? faults.get('*'), tree.get(path)];
  if (fault?.kind === 'error') return void response.writeHead(503).end();
  if (fault?.kind === 'page')
    return void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>sign in</p>');
  if (fault?.kind === 'drip') {
    drip(response);
    return;
  }
  if (bytes === undefined) return void response.writeHead(404).end();
  const start = fault?.kind === 'noRanges' ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const isPart = range !== undefined && fault?.kind !== 'noRanges';
  if (isPart && start >= bytes.length) return void response.writeHead(416).end();
  const named = fault?.kind === 'wrongRange' ? start + 1 : start;
  response.writeHead(isPart ? 206 : 200, {
    'content-type': TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    ...(isPart ? { 'content-range': `bytes ${named}-${bytes.length - 1}/${bytes.length}` } : {}),
    'content-length': bytes.length - start,
  });
  if (fault?.kind !== 'cut' || fault.times === 0) return void response.end(bytes.subarray(start));
  faults.set(path, { ...fault, times: fault.times - 1 });
  response.write(bytes.subarray(start, start + fault.afterBytes), () => setTimeout(() => response.destroy(), 20));
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write('.'), 20);
  response.on('close', () => clearInterval(timer));
}

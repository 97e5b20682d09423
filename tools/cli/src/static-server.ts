// A static server that answers as GitHub Pages does: ten minutes of caching, CORS for everyone, text compressed, no listing, folder ->
// index.html, 404.html, a base path. What works here works there; nothing is done that Pages would not do.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CliError } from './cli-error.ts';

export const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
};

/** What the network in front of Pages compresses (Fastly’s default policy); artifacts are not among it. */
const COMPRESSED: ReadonlySet<string> = new Set(['.css', '.html', '.ico', '.js', '.json', '.svg', '.txt', '.xml']);
/** Less than this fits into one packet either way. */
const LEAST_COMPRESSED = 1_000;

export interface StaticServerOptions {
  readonly folder: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Path under which the tree is served, e.g. `/plugmark/`. */
  readonly base: string;
}

export interface RunningServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Listens on the loopback address only. Throws PORT_IN_USE. */
export async function serveFolder({ folder, port, base }: StaticServerOptions): Promise<RunningServer> {
  const root = await realpath(folder);
  const site: Site = { root, base, compressed: new Map() };
  const server = createServer((request, response) => {
    answer(request, response, site).catch(() => response.destroy());
  });
  await listen(server, port);
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${actual}${base}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      failed(cause.code === 'EADDRINUSE' ? new CliError('PORT_IN_USE', `port ${port} is taken`, { cause }) : cause),
    );
    server.listen(port, '127.0.0.1', done);
  });
}

interface Site {
  readonly root: string;
  readonly base: string;
  /** By tag. */
  readonly compressed: Map<string, Uint8Array>;
}

async function answer(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('x-content-type-options', 'nosniff');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return end(response, 405);
  }
  const path = requestPath(request.url ?? '/', site.base);
  if (path === undefined && `${decodedPath(request.url ?? '/')}/` === site.base) return redirect(response, site.base);
  if (path === undefined) return notFound(request, response, site);
  const found = await locate(site.root, path);
  if (found === 'folder')
    return redirect(response, `${site.base}${path.split('/').map(encodeURIComponent).join('/')}/`);
  if (found === undefined) return notFound(request, response, site);
  await sendFile(request, response, { site, path: found, status: 200 });
}

function redirect(response: ServerResponse, location: string): void {
  response.setHeader('location', location);
  end(response, 301);
}

// Put behind a host rather than resolved against one: `//name/` would be taken for another host.
function decodedPath(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url.startsWith('/') ? `http://localhost${url}` : url).pathname);
  } catch {
    return undefined;
  }
}

/** Segments that no file of a tree has, and that some system would read as a way out. */
const NOT_A_PATH = /[\\\0]|(?:^|\/)(?:\.{1,2})?\/|(?:^|\/)\.{1,2}$/;

/** The path below the base, decoded; undefined when it is outside it or malformed. */
function requestPath(url: string, base: string): string | undefined {
  const path = decodedPath(url);
  if (path === undefined || !path.startsWith(base)) return undefined;
  const below = path.slice(base.length);
  return NOT_A_PATH.test(below) ? undefined : below;
}

/** A file inside the root (links that lead out are not followed), or that the path is a folder asked for without its slash. */
async function locate(root: string, path: string): Promise<string | 'folder' | undefined> {
  const target = await realpath(join(root, path.endsWith('/') || path === '' ? `${path}index.html` : path)).catch(
    () => undefined,
  );
  if (target === undefined || (target !== root && !target.startsWith(root + sep))) return undefined;
  const kind = await stat(target);
  if (kind.isFile()) return target;
  return kind.isDirectory() && (await stat(join(target, 'index.html')).catch(() => undefined))?.isFile()
    ? 'folder'
    : undefined;
}

async function notFound(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  const page = join(site.root, '404.html');
  if ((await stat(page).catch(() => undefined))?.isFile())
    return sendFile(request, response, { site, path: page, status: 404 });
  return end(response, 404);
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { site, path, status }: { readonly site: Site; readonly path: string; readonly status: number },
): Promise<void> {
  const { size, mtimeMs } = await stat(path);
  const tag = `"${createHash('sha256').update(`${path}\0${size}\0${mtimeMs}`).digest('hex').slice(0, 20)}"`;
  const isText = COMPRESSED.has(extname(path)) && size >= LEAST_COMPRESSED;
  const zips = isText && wantsGzip(request.headers);
  response.setHeader('cache-control', 'max-age=600');
  // RFC 9110 8.8.1: other bytes for the same content, so the tag is a weak one.
  response.setHeader('etag', zips ? `W/${tag}` : tag);
  response.setHeader('content-type', CONTENT_TYPES[extname(path)] ?? 'application/octet-stream');
  if (isText) response.setHeader('vary', 'accept-encoding');
  if (status === 200 && isNamed(request.headers['if-none-match'], tag)) return end(response, 304);
  if (zips) response.setHeader('content-encoding', 'gzip');
  response.statusCode = status;
  const body = zips ? await zipped(site, path, tag) : size < SMALL_FILE ? await readFile(path) : undefined;
  response.setHeader('content-length', body?.length ?? size);
  if (request.method === 'HEAD') return void response.end();
  if (body !== undefined) return void response.end(body);
  // A reader that goes away ends the reading too; an open file for each would stay behind otherwise.
  await pipeline(createReadStream(path), response).catch(() => response.destroy());
}

const compress = promisify(gzip);
const MOST_ZIPPED = 500;

/** Once for as long as a file stays what it is, as the network in front of Pages does. */
async function zipped({ compressed }: Site, path: string, tag: string): Promise<Uint8Array> {
  const known = compressed.get(tag);
  if (known !== undefined) return known;
  const bytes = await compress(await readFile(path));
  if (compressed.size >= MOST_ZIPPED) compressed.clear();
  compressed.set(tag, bytes);
  return bytes;
}

/** RFC 9110 12.5.3. Whoever asks for a part means a part of the file, and gets it whole as it is. */
function wantsGzip({ range, 'accept-encoding': accepted }: IncomingMessage['headers']): boolean {
  const codings = String(accepted ?? '')
    .toLowerCase()
    .split(',')
    .map((coding): [string, number] => {
      const [, name = '', weight = '1'] = /^\s*([^\s;]+)\s*(?:;\s*q\s*=\s*([\d.]+)\s*)?$/.exec(coding) ?? [];
      return [name, Number(weight)];
    });
  const weights = new Map(codings);
  return range === undefined && (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}

/** RFC 9110 13.1.2: a list of tags, weak ones count; `*` is whatever there is. */
function isNamed(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

const SMALL_FILE = 1_000_000;

function end(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}

// The server of the runner: the files of the step that runs now, on loopback. What it answers with is data of a case.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServedFile } from '../client-vectors/served-file.ts';
import type { Served } from './client-case.ts';

export interface ClientVectorServer {
  readonly url: string;
  serve(files: Served): void;
  close(): Promise<void>;
}

export async function openClientVectorServer(): Promise<ClientVectorServer> {
  let files: Served = new Map();
  const server = createServer(({ url = '/' }, response) => answer(response, files.get(pathOf(url))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    serve(next) {
      files = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pathOf(url: string): string {
  try {
    return decodeURIComponent(url.slice(1));
  } catch {
    return '';
  }
}

const CHUNK = 65_536;

function answer(response: ServerResponse, file: ServedFile | undefined): void {
  if (file === undefined) return void response.writeHead(404).end();
  if (file instanceof Uint8Array) {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.length }).end(file);
    return;
  }
  if ('status' in file) return void response.writeHead(file.status, { 'content-type': 'text/plain' }).end('no');
  if ('redirect' in file) return void response.writeHead(302, { location: `/${file.redirect}` }).end();
  if ('text' in file) return void response.writeHead(200, { 'content-type': file.contentType }).end(file.text);
  // Without a length: a client that believes headers must not be spared.
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  for (let rest = file.length; rest > 0; rest -= CHUNK) response.write(file.fill.repeat(Math.min(rest, CHUNK)));
  response.end();
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LoopbackSigstore } from './loopback-sigstore.ts';

const MAX_BODY_BYTES = 1_000_000;

export interface Served {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  close(): Promise<void>;
}

/** Listens on the loopback interface alone, on a free port. */
export async function serveSigstore({ handle }: Pick<LoopbackSigstore, 'handle'>): Promise<Served> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return void response.writeHead(413).end();
      chunks.push(chunk);
    }
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { status, contentType, body, location } = handle(request.method ?? 'GET', pathname, Buffer.concat(chunks));
    response
      .writeHead(status, { 'content-type': contentType, ...(location === undefined ? {} : { location }) })
      .end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    close: () => new Promise((done) => server.close(() => done())),
  };
}

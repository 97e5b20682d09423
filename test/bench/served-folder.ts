// A folder on a loopback server in a process of its own, so that neither client pays for serving; and the same folder as answers.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Answer } from './slow-link.ts';

export interface ServedFolder {
  /** With a slash at its end. */
  readonly url: string;
  close(): Promise<unknown>;
}

const SERVER = `
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
const folder = process.argv[1];
createServer((request, response) => {
  try {
    const bytes = readFileSync(join(folder, normalize(decodeURIComponent(request.url))));
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}).listen(0, '127.0.0.1', function () { process.stdout.write(String(this.address().port)); });
`;

export async function serveFolder(folder: string): Promise<ServedFolder> {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', SERVER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data')) as [Buffer];
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      const ended = once(child, 'exit');
      child.kill();
      return ended;
    },
  };
}

/** What a server that compresses would send. */
export function answersFrom(folder: string): (path: string) => Answer {
  return (path) => {
    try {
      const body = new Uint8Array(readFileSync(join(folder, normalize(path))));
      return { body, bytes: Math.min(body.length, gzipSync(body, { level: 9 }).length) };
    } catch {
      return { body: undefined, bytes: 0 };
    }
  };
}

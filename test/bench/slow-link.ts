// A server behind a slow line, simulated: every request waits one round trip, all bytes share the line, a connection costs two round
// trips before its first request (TCP, TLS 1.3). Real time passes, real bytes are read; only the distance is made up.
import { setTimeout as wait } from 'node:timers/promises';

export interface SlowLink {
  readonly roundTripMs: number;
  readonly bitsPerSecond: number;
  /** One connection for everything, or as many as there are requests at once, as HTTP/1.1 has it. */
  readonly connections: 'shared' | 'many';
}

export interface Answer {
  readonly body: Uint8Array | undefined;
  /** What crosses the line, after compression. */
  readonly bytes: number;
}

export interface Traffic {
  readonly fetch: typeof fetch;
  /** The longest chain of requests each of which began after the one before had ended. */
  trips(): number;
  requests(): number;
  bytes(): number;
}

const SET_UP_TRIPS = 2;

interface Request {
  readonly depth: number;
  ended: boolean;
}

export function overSlowLink(
  serve: (path: string) => Answer,
  { roundTripMs, bitsPerSecond, connections }: SlowLink,
): Traffic {
  const requests: Request[] = [];
  let bytes = 0;
  let lineFreeAt = 0;
  let idle = 0;
  let shared: Promise<unknown> | undefined;

  const connect = async (): Promise<void> => {
    const open = (): Promise<unknown> => wait(SET_UP_TRIPS * roundTripMs);
    if (connections === 'shared') {
      shared ??= open();
      await shared;
    } else if (idle > 0) idle -= 1;
    else await open();
  };
  const send = async (size: number): Promise<void> => {
    lineFreeAt = Math.max(performance.now() + roundTripMs, lineFreeAt) + (size * 8000) / bitsPerSecond;
    await wait(lineFreeAt - performance.now());
  };
  return {
    async fetch(input) {
      const before = requests.filter(({ ended }) => ended).map(({ depth }) => depth);
      const request = { depth: 1 + Math.max(0, ...before), ended: false };
      requests.push(request);
      await connect();
      const { body, bytes: size } = serve(decodeURIComponent(new URL(String(input)).pathname.slice(1)));
      bytes += size;
      await send(size);
      request.ended = true;
      idle += 1;
      return new Response((body ?? null) as Uint8Array<ArrayBuffer> | null, { status: body === undefined ? 404 : 200 });
    },
    trips: () => Math.max(0, ...requests.map(({ depth }) => depth)),
    requests: () => requests.length,
    bytes: () => bytes,
  };
}

// Fetching from an address that a stranger named: https only, to public addresses only, at most so many bytes in so much time. The
// address is judged where the connection is made, so that a name that resolves differently the second time gains nothing (DNS
// rebinding), and again at every redirect.

import { type LookupAddress, lookup as resolveName } from 'node:dns';
import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { type RequestOptions, request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPrivateAddress, isPrivateHost } from '@plugmark/analysis';
import { CliError } from './cli-error.ts';

export interface FetchLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Instead of any kind of file; and what lets us in, told to the host that was asked and to none it redirects to. */
  readonly accept?: string;
  readonly authorization?: string;
}

/** `forbidden`: not an address that is fetched from, or one that does not keep to the limits. `unreachable`: may be there later. */
export type Fetched =
  | { readonly bytes: Uint8Array }
  | {
      readonly state: 'forbidden' | 'unreachable';
      readonly reason: string;
      /** How the server asks for a sign-in. */
      readonly challenge?: string;
    };

/** What a test on loopback has to allow; nobody else. */
export interface Unsafely {
  readonly allowHost: (hostname: string) => boolean;
  readonly allowAddress: (address: string) => boolean;
  readonly allowPlainHttp: true;
  readonly resolve?: (hostname: string) => readonly LookupAddress[];
}

const REDIRECTS = 5;

export async function fetchPublic(address: string, limits: FetchLimits, unsafely?: Unsafely): Promise<Fetched> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  let next = address;
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const refused = refuseAddress(next, unsafely);
    if (refused !== undefined) return forbidden(hop === 0 ? refused : `redirects to ${next}, which is ${refused}`);
    const isFirst = new URL(next).host === new URL(address).host;
    const { authorization, ...others } = limits;
    const told = isFirst && authorization !== undefined ? { ...others, authorization } : others;
    const answer = await getOnce(next, { ...told, signal, unsafely });
    if (!('location' in answer)) return answer;
    const target = URL.parse(answer.location, next);
    if (target === null) return forbidden('redirects to what is no address');
    next = target.href;
  }
  return forbidden(`redirects more than ${REDIRECTS} times`);
}

const forbidden = (reason: string): Fetched => ({ state: 'forbidden', reason });
const unreachable = (reason: string): Fetched => ({ state: 'unreachable', reason });

function refuseAddress(address: string, unsafely: Unsafely | undefined): string | undefined {
  const url = URL.parse(address);
  if (url === null) return 'no address';
  const isPlain = url.protocol === 'http:' && unsafely?.allowPlainHttp === true;
  if (url.protocol !== 'https:' && !isPlain) return 'not https';
  if (url.username !== '' || url.password !== '') return 'an address with a password';
  const isPublic = unsafely?.allowHost(url.hostname) ?? !isPrivateHost(url.hostname);
  return isPublic ? undefined : 'not on the public internet';
}

interface Single extends FetchLimits {
  readonly signal: AbortSignal;
  readonly unsafely: Unsafely | undefined;
}

async function getOnce(address: string, options: Single): Promise<Fetched | { readonly location: string }> {
  const { signal, unsafely, timeoutMs, accept = 'application/octet-stream', authorization } = options;
  const guard = guardedLookup(unsafely);
  try {
    const headers = { accept, ...(authorization === undefined ? {} : { authorization }) };
    const response = await connect(address, { signal, lookup: guard.lookup, agent: false, headers });
    const { statusCode = 0, headers: said } = response;
    if (statusCode >= 300 && statusCode < 400 && said.location !== undefined) {
      response.destroy();
      return { location: said.location };
    }
    if (statusCode === 200) return await readAll(response, options);
    response.destroy();
    const challenge = said['www-authenticate'];
    return { ...unreachable(`answers ${statusCode}`), ...(statusCode === 401 && challenge ? { challenge } : {}) };
  } catch (error) {
    if (guard.refused()) return forbidden('its name leads to an address that is not public');
    if (signal.aborted) return forbidden(`does not end within ${Math.round(timeoutMs / 1000)} seconds`);
    return unreachable(`cannot be reached (${(error as { code?: string }).code ?? 'no connection'})`);
  }
}

type ConnectOptions = RequestOptions & { readonly headers: Readonly<Record<string, string>> };

function connect(address: string, options: ConnectOptions): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    const request = address.startsWith('https:') ? secureRequest : plainRequest;
    const headers = { 'user-agent': 'plugmark', 'accept-encoding': 'identity', ...options.headers };
    const sent: ClientRequest = request(address, { ...options, headers }, done);
    sent.on('error', fail).end();
  });
}

async function readAll(response: IncomingMessage, { maxBytes }: FetchLimits): Promise<Fetched> {
  const chunks: Buffer[] = [];
  let size = 0;
  const whole = Number(response.headers['content-length'] ?? Number.NaN);
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes || whole > maxBytes) {
      response.destroy();
      return forbidden(`is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return { bytes: new Uint8Array(Buffer.concat(chunks)) };
}

interface Guard {
  readonly lookup: LookupFunction;
  /** Whether a name led to an address that is not public. */
  readonly refused: () => boolean;
}

/** Asked by the connection itself. All addresses of the name have to be public: any of them may be taken. */
function guardedLookup(unsafely: Unsafely | undefined): Guard {
  const isAllowed = unsafely?.allowAddress ?? ((address: string) => !isPrivateAddress(address));
  let refused = false;
  const lookup: LookupFunction = (hostname, options, answer) => {
    // Node gives no list at all when a name does not resolve.
    const judge = (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[] = []): void => {
      const [first] = addresses;
      refused ||= !addresses.every(({ address }) => isAllowed(address));
      if (error !== null || first === undefined || refused)
        answer(error ?? new CliError('UNREACHABLE', `${hostname} has no public address`), []);
      else if (options.all) answer(null, [...addresses]);
      else answer(null, first.address, first.family);
    };
    if (unsafely?.resolve === undefined) resolveName(hostname, { all: true }, judge);
    else judge(null, unsafely.resolve(hostname));
  };
  return { lookup, refused: () => refused };
}

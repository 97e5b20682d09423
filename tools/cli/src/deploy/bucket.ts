// An S3-compatible bucket: put, get, delete, list. Path-style addresses, which every such service understands.

import { CliError } from '../cli-error.ts';
import { connectionProblem } from '../unreachable-words.ts';
import { type BucketKeys, encoded, signRequest } from './sign-request.ts';

export interface BucketPlace {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

export interface Bucket {
  put(key: string, bytes: Uint8Array, headers: Readonly<Record<string, string>>): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  remove(key: string): Promise<void>;
  /** Every key below the prefix, with the entity tag it has. */
  list(): Promise<ReadonlyMap<string, string>>;
}

/** `s3://bucket/prefix`. Throws USAGE. */
export function bucketPlace(
  text: string,
  { endpoint, region }: { readonly endpoint?: string | undefined; readonly region: string },
): BucketPlace {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([A-Za-z0-9._/-]*))?$/.exec(text) ?? [];
  const address = endpoint ?? `https://s3.${region}.amazonaws.com`;
  if (bucket === undefined) throw new CliError('USAGE', `${text} is not s3://bucket or s3://bucket/prefix`);
  if (!/^https?:\/\/[^/?#]+\/?$/.test(address) || !URL.canParse(address))
    throw new CliError('USAGE', `--endpoint ${address} is not the address of a server`);
  const prefix = path.replace(/^\/+|\/+$/g, '');
  return { endpoint: address.replace(/\/$/, ''), region, bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

/** How the place may be called by whoever reads from it, as far as the bucket's name tells: a name of one's own is not known here. */
export function addressesOf({ endpoint, bucket, prefix }: BucketPlace): string[] {
  const { protocol, host } = new URL(endpoint);
  return [`${endpoint}/${bucket}/${prefix}`, `${protocol}//${bucket}.${host}/${prefix}`];
}

/** Throws BUCKET_KEYS. */
export function bucketKeys(env: Readonly<Record<string, string | undefined>>): BucketKeys {
  const [id, secret, session] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY'], env['AWS_SESSION_TOKEN']];
  if (id === undefined || secret === undefined) throw new CliError('BUCKET_KEYS', 'there are no keys for the bucket');
  return { id, secret, session };
}

interface Ports {
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly keys: BucketKeys;
}

interface Call {
  readonly method?: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Its methods throw BUCKET_REFUSED, UNREACHABLE. */
export function openBucket(place: BucketPlace, ports: Ports): Bucket {
  const call = async (options: Call): Promise<Response> => send(place, ports, options);
  return {
    async put(key, body, headers) {
      await requireOk(await call({ method: 'PUT', key, body, headers }), key);
    },
    async get(key) {
      const response = await call({ key });
      if (response.status === 404) return undefined;
      await requireOk(response, key);
      return new Uint8Array(await response.arrayBuffer());
    },
    async remove(key) {
      await requireOk(await call({ method: 'DELETE', key }), key);
    },
    async list() {
      const found = new Map<string, string>();
      for (let after: string | undefined = ''; after !== undefined; ) {
        const from: Record<string, string> = after === '' ? {} : { 'continuation-token': after };
        const response = await call({ query: { 'list-type': '2', prefix: place.prefix, ...from } });
        await requireOk(response, `the list of ${place.bucket}`);
        const text = await response.text();
        for (const [, entry = ''] of text.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g))
          found.set(
            (member(entry, 'Key') ?? '').slice(place.prefix.length),
            (member(entry, 'ETag') ?? '').replaceAll('"', ''),
          );
        after = member(text, 'IsTruncated') === 'true' ? member(text, 'NextContinuationToken') : undefined;
      }
      return found;
    },
  };
}

function member(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
  return text?.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

async function send(
  { endpoint, region, bucket, prefix }: BucketPlace,
  { fetch, now, keys }: Ports,
  options: Call,
): Promise<Response> {
  const { method = 'GET', key, query = {}, body = new Uint8Array(), headers = {} } = options;
  const path = key === undefined ? '' : `/${(prefix + key).split('/').map(encoded).join('/')}`;
  const url = new URL(`${endpoint}/${bucket}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const signed = signRequest({ method, url, body, headers, keys, region, service: 's3', now: now() });
  const init = method === 'PUT' ? { body: body as Uint8Array<ArrayBuffer> } : {};
  try {
    return await fetch(url, { method, headers: signed, redirect: 'error', ...init });
  } catch (cause) {
    throw new CliError('UNREACHABLE', `${url.origin}: ${connectionProblem(cause)}`, { cause });
  }
}

async function requireOk(response: Response, what: string): Promise<void> {
  if (response.ok) return;
  const code = member(await response.text(), 'Code') ?? 'no reason';
  throw new CliError('BUCKET_REFUSED', `${what}: the bucket answered ${response.status} (${code})`);
}

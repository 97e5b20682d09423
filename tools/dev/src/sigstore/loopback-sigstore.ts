// All services of Sigstore for one machine: real protocol, throwaway keys. `handle` answers requests without a network; serve.ts puts
// it behind a port of the loopback interface.

import { DevError } from '../dev-error.ts';
import { type Fulcio, openFulcio } from './fulcio.ts';
import { issueToken, publicJwk, type WorkflowRun } from './github-token.ts';
import { digest, type ServiceKeys, spkiOf } from './keys.ts';
import { type Log, openLog } from './log.ts';
import { openRekorV1, type RekorV1 } from './rekor-v1.ts';
import { createEntryV2 } from './rekor-v2.ts';
import { openTimestampAuthority, type TimestampAuthority } from './timestamp-authority.ts';

/** Names end in .invalid: nothing can ever answer there, so nothing outside this machine is meant. */
export const ISSUER = 'https://oidc.plugmark.invalid';
const NAMES = { v1: 'rekor.plugmark.invalid', v2: 'log2026-1.rekor.plugmark.invalid' } as const;

export interface LoopbackOptions {
  readonly keys: ServiceKeys;
  /** Since when the services exist: start of every window in the trusted root. */
  readonly from: Date;
  readonly now: () => Date;
  /** The authorities' certificates where they exist already. */
  readonly chains?: Chains;
  /** What the logs hold already. */
  readonly logged?: { readonly v1: readonly Uint8Array[]; readonly v2: readonly Uint8Array[] };
}

/** From the lowest certificate to the root, DER. */
interface Chains {
  readonly fulcio: readonly Uint8Array[];
  readonly timestamps: readonly Uint8Array[];
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly location?: string;
}

export interface LoopbackSigstore {
  readonly chains: Chains;
  readonly logs: { readonly v1: Log; readonly v2: Log };
  /** trusted_root.json: what a registry signs and a client judges by. */
  readonly trustedRoot: Uint8Array;
  /** signing_config.v0.2.json for services behind this address; Rekor v2 and timestamps, or v1 alone. */
  signingConfig(address: string, rekor: 1 | 2): Uint8Array;
  /** A token as GitHub would give it to this run. */
  token(run: WorkflowRun): string;
  handle(method: string, path: string, body: Uint8Array): Answer;
}

export function openLoopbackSigstore({ keys, from, now, chains, logged }: LoopbackOptions): LoopbackSigstore {
  const fulcio = openFulcio({ keys, issuer: ISSUER, from, now, chain: chains?.fulcio });
  const timestamps = openTimestampAuthority({ keys, from, now, chain: chains?.timestamps });
  const v1 = openLog({ name: NAMES.v1, origin: `${NAMES.v1} - 1`, key: keys['rekor-v1'], bodies: logged?.v1 ?? [] });
  const v2 = openLog({ name: NAMES.v2, origin: NAMES.v2, key: keys['rekor-v2'], bodies: logged?.v2 ?? [] });
  const services = { fulcio, timestamps, rekor: openRekorV1(v1, now), v2, keys };
  return {
    chains: { fulcio: fulcio.chain, timestamps: timestamps.chain },
    logs: { v1, v2 },
    trustedRoot: trustedRoot(services, from),
    signingConfig: (address, rekor) => signingConfig(address, rekor, from),
    token: (run) => issueToken(run, { url: ISSUER, key: keys.oidc }, now()),
    handle: (method, path, body) => handle(services, { method, path, body }),
  };
}

interface Services {
  readonly fulcio: Fulcio;
  readonly timestamps: TimestampAuthority;
  readonly rekor: RekorV1;
  readonly v2: Log;
  readonly keys: ServiceKeys;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const jsonBytes = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(`${JSON.stringify(value)}\n`));

function trustedRoot({ fulcio, timestamps, rekor, v2, keys }: Services, from: Date): Uint8Array {
  const validFor = { start: from.toISOString() };
  const log = (name: string, spki: Uint8Array, keyDetails: string, id: Uint8Array): object => ({
    baseUrl: `https://${name}`,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: base64(spki), keyDetails, validFor },
    logId: { keyId: base64(id) },
  });
  const authority = (uri: string, chain: readonly Uint8Array[]): object => ({
    subject: { organization: 'plugmark loopback', commonName: uri },
    uri,
    certChain: { certificates: chain.map((certificate) => ({ rawBytes: base64(certificate) })) },
    validFor,
  });
  const ctfe = spkiOf(keys['certificate-log']);
  return jsonBytes({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      log(NAMES.v1, spkiOf(rekor.log.key), 'PKIX_ECDSA_P256_SHA_256', rekor.log.id),
      log(NAMES.v2, spkiOf(v2.key), 'PKIX_ED25519', v2.id),
    ],
    certificateAuthorities: [authority('https://fulcio.plugmark.invalid', fulcio.chain)],
    ctlogs: [log('ctfe.plugmark.invalid', ctfe, 'PKIX_ECDSA_P256_SHA_256', digest(ctfe))],
    timestampAuthorities: [authority('https://timestamp.plugmark.invalid', timestamps.chain)],
  });
}

function signingConfig(address: string, rekor: 1 | 2, from: Date): Uint8Array {
  const service = (url: string, majorApiVersion: number): object => ({
    url,
    majorApiVersion,
    validFor: { start: from.toISOString() },
    operator: 'plugmark loopback',
  });
  return jsonBytes({
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: [service(address, 1)],
    oidcUrls: [service(address, 1)],
    rekorTlogUrls: [service(address, rekor)],
    rekorTlogConfig: { selector: 'ANY' },
    ...(rekor === 2
      ? { tsaUrls: [service(`${address}/api/v1/timestamp`, 1)], tsaConfig: { selector: 'ANY' } }
      : { tsaUrls: [] }),
  });
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
}

type Route = readonly [
  method: string,
  path: RegExp,
  answer: (services: Services, input: unknown, path: string) => Answer,
];

const json = (value: object, status = 200): Answer => ({
  status,
  contentType: 'application/json',
  body: jsonBytes(value),
});

const ROUTES: readonly Route[] = [
  ['POST', /^\/api\/v2\/signingCert$/, ({ fulcio }, input) => json(fulcio.sign(input), 201)],
  ['POST', /^\/api\/v1\/log\/entries$/, ({ rekor }, input) => createV1(rekor, input)],
  [
    'GET',
    /^\/api\/v1\/log\/entries\/[0-9a-f]+$/,
    ({ rekor }, _, path) => json(rekor.get(path.split('/').at(-1) ?? '')),
  ],
  ['POST', /^\/api\/v2\/log\/entries$/, ({ v2 }, input) => json(createEntryV2(v2, input), 201)],
  [
    'POST',
    /^\/api\/v1\/timestamp$/,
    ({ timestamps }, input) => ({
      status: 201,
      contentType: 'application/timestamp-reply',
      body: timestamps.stamp(input),
    }),
  ],
  [
    'GET',
    /^\/\.well-known\/openid-configuration$/,
    () => json({ issuer: ISSUER, jwks_uri: `${ISSUER}/jwks`, id_token_signing_alg_values_supported: ['RS256'] }),
  ],
  ['GET', /^\/jwks$/, ({ keys }) => json({ keys: [publicJwk(keys.oidc)] })],
];

function createV1(rekor: RekorV1, input: unknown): Answer {
  const { uuid, isNew, entry } = rekor.create(input);
  if (isNew) return json(entry, 201);
  return {
    ...json({ code: 409, message: 'an equivalent entry already exists' }, 409),
    location: `/api/v1/log/entries/${uuid}`,
  };
}

const STATUS: Readonly<Partial<Record<DevError['code'], number>>> = { NOT_FOUND: 404, TOKEN_INVALID: 401 };

function handle(services: Services, { method, path, body }: Request): Answer {
  try {
    const route = ROUTES.find(([verb, pattern]) => verb === method && pattern.test(path));
    if (route === undefined) throw new DevError('NOT_FOUND', `${method} ${path} is no service here`);
    return route[2](services, parse(body), path);
  } catch (error) {
    if (!(error instanceof DevError)) throw error;
    return json({ code: error.code, message: error.message }, STATUS[error.code] ?? 400);
  }
}

function parse(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch (cause) {
    throw new DevError('REQUEST_INVALID', 'the body is not JSON', cause);
  }
}

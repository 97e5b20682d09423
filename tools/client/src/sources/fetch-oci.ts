// A plugin from an OCI registry, for Node and for pages. Without credentials: a host that has some adds them in its own fetch, and is then
// not asked for a token.
import { ClientError } from '../error.ts';
import { fetchSource, limited, type SourcePorts, type SourceRequest, unexpected } from './fetch-source.ts';
import { MAX_OCI_MANIFEST, OCI_MANIFEST, type PulledWasm, pullWasmArtifact } from './oci-artifact.ts';
import { type OciReference, ociBase } from './oci-reference.ts';
import { MAX_TOKEN_ANSWER, mayAskForToken, readToken, readTokenQuestion, tokenAddress } from './oci-token.ts';

export interface OciLimits {
  readonly maxBytes: number;
  readonly onLength?: (length: number, size: number) => void;
}

/** Throws SOURCE_MISSING, SOURCE_LIMITED, ARTIFACT_DIGEST, ARTIFACT_LAYOUT, TOO_LARGE, NETWORK. */
export function fetchOci(
  reference: OciReference,
  { maxBytes, onLength }: OciLimits,
  ports: SourcePorts,
): Promise<PulledWasm> {
  const get = asEverybody(reference, ports);
  return pullWasmArtifact(
    {
      manifest: (digest) => get(`manifests/${digest}`, { accept: OCI_MANIFEST, maxBytes: MAX_OCI_MANIFEST }),
      blob: (digest, size) =>
        get(`blobs/${digest}`, {
          accept: 'application/octet-stream',
          maxBytes: size,
          isLong: true,
          onLength: (length) => onLength?.(length, size),
        }),
    },
    reference,
    { maxBytes },
  );
}

type Asked = Pick<SourceRequest<unknown>, 'maxBytes' | 'isLong' | 'onLength'> & { readonly accept: string };
type Get = (path: string, asked: Asked) => Promise<Uint8Array | undefined>;

/** How a registry asks for a token. */
interface Challenge {
  readonly challenge: string;
}

function asEverybody(reference: OciReference, ports: SourcePorts): Get {
  const base = ociBase(reference);
  const { origin } = new URL(base);
  let authorization: string | undefined;
  const send = (path: string, { accept, ...limits }: Asked): Promise<Uint8Array | Challenge | undefined> =>
    fetchSource(
      {
        ...limits,
        url: `${base}/v2/${reference.name}/${path}`,
        headersFor: (url) =>
          authorization !== undefined && new URL(url).origin === origin ? { accept, authorization } : { accept },
        mayFollow: (target) => mayFollow(target, origin),
        refused,
      },
      ports,
    );
  return async (path, asked) => {
    const first = await send(path, asked);
    if (first === undefined || first instanceof Uint8Array) return first;
    if (authorization !== undefined) return undefined;
    authorization = await askForToken(first, reference, ports);
    const second = authorization === undefined ? undefined : await send(path, asked);
    return second instanceof Uint8Array ? second : undefined;
  };
}

/** Not there, and not for everybody: registries say either for both. */
const ABSENT: ReadonlySet<number> = new Set([401, 403, 404, 410]);

function refused(response: Response, url: string): Challenge | undefined {
  const { status, headers } = response;
  const challenge = headers.get('www-authenticate');
  if (status === 401 && challenge !== null) return { challenge };
  if (status === 429) limited(url, { who: new URL(url).host });
  return ABSENT.has(status) ? undefined : unexpected(response, url);
}

async function askForToken(
  { challenge }: Challenge,
  reference: OciReference,
  ports: SourcePorts,
): Promise<string | undefined> {
  const question = readTokenQuestion(challenge);
  if (question === undefined) return undefined;
  const url = ociBase(reference);
  if (!mayAskForToken(question, reference)) throw new ClientError('NETWORK', { url, realm: question.realm.href });
  // The least that will do, whatever the registry would have us ask for.
  const address = tokenAddress({ ...question, scope: `repository:${reference.name}:pull` });
  const bytes = await fetchSource(
    {
      url: address,
      headersFor: () => ({ accept: 'application/json' }),
      mayFollow: ({ origin }) => origin === question.realm.origin,
      maxBytes: MAX_TOKEN_ANSWER,
      refused: (response) => void refused(response, address),
    },
    ports,
  );
  if (!bytes) return undefined;
  const given = readToken(bytes);
  if (given === undefined) throw new ClientError('NETWORK', { url: address, answer: 'token' });
  return given;
}

/**
 * Registries keep large files at hosts of others (GHCR, Docker Hub, the clouds), which nobody can list. So any public name over https is
 * followed to, a few times, and the digest decides about what comes. What is left of the risk: a registry can make this computer send a
 * GET without cookies, referrer or token, with a path of its choosing, to a server whose name only looks public and that has a certificate
 * for it; of the answer nothing is shown to anybody unless it has the digest that was asked for.
 */
function mayFollow(target: URL, own: string): boolean {
  if (target.username !== '' || target.password !== '') return false;
  return target.origin === own || (target.protocol === 'https:' && isPublicName(target.hostname));
}

/** Names that no public DNS answers for. Addresses are left out whole: `URL` writes every spelling of one in the same way. */
const LOCAL = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private|test|invalid|home\.arpa)$/;

function isPublicName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  return name.includes('.') && !/^\[|^[\d.]+$/.test(name) && !LOCAL.test(name);
}

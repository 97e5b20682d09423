// Who vouches for a certificate at a given time. The authorities come from the trusted root alone: what a bundle brings along
// besides its own certificate counts for nothing.
import { ClientError } from '../error.ts';
import { equalBytes } from '../trust/bytes.ts';
import { type Certificate, usageOf } from './certificate.ts';
import { importPublicKey } from './public-key.ts';
import { type Authority, isWithin } from './trusted-root.ts';

export const PURPOSE = { codeSigning: '1.3.6.1.5.5.7.3.3', timeStamping: '1.3.6.1.5.5.7.3.8' } as const;

export interface ChainRequest {
  readonly authorities: readonly Authority[];
  /** Milliseconds since 1970. Every certificate of the chain and the authority's own window must hold then. */
  readonly at: number;
  readonly purpose: string;
}

/**
 * The certificate that issued `leaf`, after the whole chain held at `at`. Throws CERTIFICATE_EXPIRED when the leaf itself was not
 * valid then, CERTIFICATE_UNTRUSTED when no listed authority vouches for it, CERTIFICATE_MALFORMED.
 */
export async function verifyChain(leaf: Certificate, { authorities, at, purpose }: ChainRequest): Promise<Certificate> {
  const { isAuthority, signsData, purposes } = usageOf(leaf);
  if (isAuthority || !signsData || !purposes.includes(purpose))
    throw new ClientError('CERTIFICATE_UNTRUSTED', { what: 'not a certificate for this purpose' });
  const details = { at: new Date(at).toISOString(), notBefore: iso(leaf.notBefore), notAfter: iso(leaf.notAfter) };
  if (!isValid(leaf, at)) throw new ClientError('CERTIFICATE_EXPIRED', details);
  for (const authority of authorities) {
    if (!isWithin(authority.window, at)) continue;
    const issuer = await issuerIn(leaf, authority.chain, at);
    if (issuer !== undefined) return issuer;
  }
  throw new ClientError('CERTIFICATE_UNTRUSTED', { what: 'no listed authority', ...details });
}

const iso = (time: number): string => new Date(time).toISOString();

function isValid({ notBefore, notAfter }: Certificate, at: number): boolean {
  return notBefore <= at && at <= notAfter;
}

/** Walks up to the last certificate of the list, its anchor. Each step takes one certificate away, so it ends. */
async function issuerIn(
  leaf: Certificate,
  chain: readonly Certificate[],
  at: number,
): Promise<Certificate | undefined> {
  const anchor = chain.at(-1);
  let below = leaf;
  let first: Certificate | undefined;
  for (let depth = 0; depth < chain.length; depth++) {
    const issuer = await findIssuer(below, chain, { at, depth });
    if (issuer === undefined) return undefined;
    first ??= issuer;
    if (issuer === anchor) return first;
    below = issuer;
  }
  return undefined;
}

async function findIssuer(
  certificate: Certificate,
  chain: readonly Certificate[],
  { at, depth }: { at: number; depth: number },
): Promise<Certificate | undefined> {
  for (const candidate of chain) {
    if (candidate === certificate || !equalBytes(candidate.subject, certificate.issuer) || !isValid(candidate, at))
      continue;
    const { isAuthority, signsCertificates, pathLength } = usageOf(candidate);
    if (!isAuthority || !signsCertificates || (pathLength ?? depth) < depth) continue;
    const key = await importPublicKey(candidate.spki);
    if (await key.verify(certificate.signature, certificate.signed, certificate.hash)) return candidate;
  }
  return undefined;
}

// Signing without a key of one's own: an identity token buys a certificate for ten minutes, a log and a timestamp authority say that
// it was used in that time. Addresses come from a signing configuration, never from the registry that is signed for.

import { SigningConfig } from '@sigstore/protobuf-specs';
import type { IdentityProvider } from '@sigstore/sign';
import { PublishError } from './error.ts';

export interface KeylessSigner {
  readonly kind: 'keyless';
  readonly config: SigningConfig;
  readonly identity: IdentityProvider;
}

export interface KeylessOptions {
  /** signing_config.v0.2.json. */
  readonly config: Uint8Array;
  /** What the file is called where it is refused. */
  readonly where: string;
  /** An identity token; without it the one the surrounding CI job gives. */
  readonly token?: string | undefined;
}

const MEDIA_TYPE = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';
/** The audience that Fulcio asks tokens to be for. */
const AUDIENCE = 'sigstore';

/** Throws SIGNING_CONFIG, TOKEN_INVALID. Nothing is fetched before the first signature. */
export function keylessSigner({ config, where, token }: KeylessOptions): KeylessSigner {
  const services = readConfig(config, where);
  if (token !== undefined) requireToken(token);
  const identity = { getToken: async () => token ?? (await tokenOfJob()) };
  return { kind: 'keyless', config: services, identity };
}

async function tokenOfJob(): Promise<string> {
  const { CIContextProvider } = await import('@sigstore/sign');
  return new CIContextProvider(AUDIENCE).getToken();
}

/** A token's form only; who issued it is for the certificate authority to judge. The token itself is never repeated. */
function requireToken(token: string): void {
  const [, payload = '', signature] = token.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (signature !== undefined && typeof claims === 'object' && claims !== null && 'sub' in claims) return;
  } catch {
    // Said below: the cause would repeat parts of the token.
  }
  throw new PublishError('TOKEN_INVALID', 'identity token', 'is not a JSON Web Token with a subject');
}

function readConfig(bytes: Uint8Array, where: string): SigningConfig {
  let value: { mediaType?: unknown };
  try {
    value = JSON.parse(new TextDecoder().decode(bytes)) as typeof value;
    if (value.mediaType !== MEDIA_TYPE)
      throw new PublishError('SIGNING_CONFIG', where, `its mediaType is not ${MEDIA_TYPE}`);
    const config = SigningConfig.fromJSON(value);
    if (config.caUrls.length === 0 || config.rekorTlogUrls.length === 0 || !config.rekorTlogConfig)
      throw new PublishError('SIGNING_CONFIG', where, 'names no certificate authority or no log');
    return config;
  } catch (cause) {
    if (cause instanceof PublishError) throw cause;
    throw new PublishError('SIGNING_CONFIG', where, 'is not a signing configuration', { cause });
  }
}

/** TOKEN_MISSING or SIGNING_FAILED: what the Sigstore library reports, without its texts: one of them repeats the whole token. */
export function refusedSigning(cause: unknown): PublishError {
  const { code } = cause as { code?: unknown };
  if (code === 'IDENTITY_TOKEN_READ_ERROR')
    return new PublishError(
      'TOKEN_MISSING',
      'keyless signature',
      'this is no CI job that may ask for a token, and none was given',
    );
  const known = typeof code === 'string' ? SIGNING_PROBLEMS[code] : undefined;
  const safe = code === 'IDENTITY_TOKEN_PARSE_ERROR' ? undefined : { cause };
  return new PublishError('SIGNING_FAILED', 'keyless signature', known ?? 'could not be made', safe);
}

const SIGNING_PROBLEMS: Readonly<Record<string, string>> = {
  IDENTITY_TOKEN_PARSE_ERROR: 'the identity token cannot be read',
  CA_CREATE_SIGNING_CERTIFICATE_ERROR: 'the certificate authority refused the identity token, or cannot be reached',
  TLOG_CREATE_ENTRY_ERROR: 'the transparency log refused the entry, or cannot be reached',
  TLOG_FETCH_ENTRY_ERROR: 'the transparency log does not give back its entry',
  TSA_CREATE_TIMESTAMP_ERROR: 'the timestamp authority refused, or cannot be reached',
};

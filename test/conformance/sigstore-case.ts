// One case of the sigstore conformance suite for our own verifier. No Node in here: the same code runs in a page.
import { ClientError } from '@plugmark/client';
import { parseTrustedRoot, verifySigstoreBundle } from '@plugmark/client/sigstore';

export interface SigstoreCase {
  readonly bundle: Uint8Array;
  readonly trustedRoot: Uint8Array;
  readonly artifact: { readonly bytes: Uint8Array } | { readonly sha256: Uint8Array };
  /** PEM, for bundles signed by a key. */
  readonly key?: string | undefined;
  readonly identity: string;
  readonly issuer: string;
}

/** `accepted`, or the code of the refusal. Any other error is a fault of the verifier and passes through. */
export async function verifyCase({
  bundle,
  trustedRoot,
  artifact,
  key,
  identity,
  issuer,
}: SigstoreCase): Promise<string> {
  try {
    const root = await parseTrustedRoot(trustedRoot);
    const { claims } = await verifySigstoreBundle(bundle, {
      trustedRoot: root,
      artifact,
      key: (key && spki(key)) || undefined,
    });
    const isExpected = key !== undefined || (claims?.subject === identity && claims.issuer === issuer);
    return isExpected ? 'accepted' : 'IDENTITY_SUBJECT';
  } catch (error) {
    if (error instanceof ClientError) return error.code;
    throw error;
  }
}

function spki(pem: string): Uint8Array {
  const base64 = pem.replace(/-----[A-Z ]+-----|\s/g, '');
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Cases as JSON texts, bytes as `{base64}`: what can be handed to a page. */
export async function verifyEncoded(texts: readonly string[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const text of texts) outcomes.push(await verifyCase(JSON.parse(text, revive) as SigstoreCase));
  return outcomes;
}

function revive(_: string, value: unknown): unknown {
  const { base64 } = (value ?? {}) as { base64?: unknown };
  return typeof base64 === 'string' ? Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)) : value;
}

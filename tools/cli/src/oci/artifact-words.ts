// What is wrong with an OCI artifact, for a person. Decides on the client's codes.

import type { ClientError, ClientErrorCode, ClientErrorDetails } from '@plugmark/client';

const WORDS: { readonly [C in ClientErrorCode]?: (facts: ClientErrorDetails, named: string) => string } = {
  SOURCE_MISSING: ({ digest }) => `${digest} is not there`,
  ARTIFACT_DIGEST: ({ expected, actual }) => `sha256:${expected} is served with sha256 ${actual}`,
  ARTIFACT_LAYOUT: ({ path }, named) => `${named} is not a Wasm OCI artifact with one layer (${path})`,
  TOO_LARGE: ({ size, maxBytes }, named) => `${named} holds ${size} bytes; ${maxBytes} are taken at most`,
};

export function artifactWords({ code, details }: ClientError, { digest }: { readonly digest: string }): string {
  return WORDS[code]?.(details, digest) ?? `${digest} cannot be taken (${code})`;
}

// The steps of a verification as a table: what each one is, in words for people, which files belong to it, and which refusals of the
// client are its. Pure; scripts/verify-chain.ts walks it.

import { CLIENT_ERROR_CODES, type ClientErrorCode, type ClientErrorDetails } from '@plugmark/client';

export type ChainStep =
  | ('file' | 'root' | 'timestamp' | 'snapshot' | 'targets' | 'publishers' | 'revocations' | 'documents' | 'document')
  | ('release' | 'bytes' | 'publisher' | 'registry');

/** In the order they are taken. */
export const CHAIN_STEPS: Readonly<Record<ChainStep, { readonly title: string; readonly says: string }>> = {
  file: { title: 'The file', says: 'Hashed here; the registry is asked whose bytes these are.' },
  root: {
    title: 'The root',
    says: 'Where trust starts: the keys that everything else has to answer to. Newer roots must be signed by it.',
  },
  timestamp: {
    title: 'The timestamp',
    says: 'Signed anew every few hours, so that nobody can hold back what happened since.',
  },
  snapshot: { title: 'The snapshot', says: 'Which versions of the signed lists belong together.' },
  targets: { title: 'What was signed offline', says: 'Publishers, hosts and keys, by people and not by a server.' },
  publishers: { title: 'The known publishers', says: 'Whose keys and workflows may sign which names.' },
  revocations: { title: 'What was revoked', says: 'Digests that no host may load, signed by keys of their own.' },
  documents: { title: 'The list of plugins', says: 'The digest of every plugin’s document.' },
  document: { title: 'The plugin’s document', says: 'All its releases; its digest must be the listed one.' },
  release: { title: 'The release', says: 'Chosen as a host would: not revoked, not withdrawn.' },
  bytes: { title: 'The bytes', says: 'Fetched and hashed here; the digest must be the one in the release.' },
  publisher: {
    title: 'The publisher’s mark',
    says: 'A signature over this digest, name and version, by an identity that is listed.',
  },
  registry: { title: 'The registry’s mark', says: 'A second signature: what the registry checked about these bytes.' },
};

export type StepState = 'waiting' | 'working' | 'pass' | 'fail' | 'inconclusive' | 'notReached' | 'notApplicable';

export interface StepView {
  readonly step: ChainStep;
  readonly state: StepState;
  readonly values: readonly { readonly name: string; readonly value: string }[];
  /** Why it did not pass: the client's code, its line, and the facts beside it. */
  readonly refusal?: { readonly code: string; readonly says: string };
}

/** Paths below a registry, the step that needs them first. */
const PATHS: readonly (readonly [RegExp, ChainStep])[] = [
  [/^v1\/artifacts\//, 'file'],
  [/^metadata\/\d+\.root\.json$/, 'root'],
  [/^metadata\/timestamp\.json$/, 'timestamp'],
  [/^metadata\/\d+\.snapshot\.json$/, 'snapshot'],
  [/^metadata\/\d+\.targets\.json$/, 'targets'],
  [/^metadata\/\d+\.revocations\.json$|^(?:targets\/[0-9a-f]{64}\.)?revocations\.json$/, 'revocations'],
  [/^(?:targets\/[0-9a-f]{64}\.)?(?:publishers|policy)\.json$/, 'publishers'],
  [/^metadata\/\d+\.[^/]+\.json$/, 'documents'],
  [/^(?:targets\/)?plugins\//, 'document'],
  [/^(?:targets\/[0-9a-f]{64}\.)?(?:trusted_root|upstreams)\.json$/, 'publisher'],
  [/^(?:targets\/[0-9a-f]{64}\.)?cosign-keys\.json$/, 'registry'],
  [/^blobs\/|^(?:targets\/[0-9a-f]{64}\.)?mirrors\.json$/, 'bytes'],
];

export function stepOfPath(path: string): ChainStep | undefined {
  return PATHS.find(([pattern]) => pattern.test(path))?.[1];
}

const ROLES: Readonly<Record<string, ChainStep>> = {
  root: 'root',
  timestamp: 'timestamp',
  snapshot: 'snapshot',
  targets: 'targets',
  revocations: 'revocations',
};

/** Where the code alone says it. What is not here is about a file or a role, or about the mark that was being checked. */
const CODES: { readonly [C in ClientErrorCode]?: ChainStep } = {
  ROOT_INVALID: 'root',
  METADATA_LIFETIME: 'timestamp',
  PLUGIN_UNKNOWN: 'document',
  DOCUMENT_VERSION: 'document',
  MANIFEST_MISMATCH: 'document',
  REQUEST_MALFORMED: 'document',
  NO_RELEASE: 'release',
  REVOKED: 'release',
  ARTIFACT_MISSING: 'bytes',
  ARTIFACT_DIGEST: 'bytes',
  ORIGIN_UNKNOWN: 'publisher',
  COSIGNATURE_INVALID: 'registry',
};

/** Not a refusal: nothing was shown to be wrong, and nothing to be right. */
const UNDECIDED: ReadonlySet<ClientErrorCode> = new Set(['NETWORK', 'ABORTED', 'KEY_UNSUPPORTED', 'STORE']);

export interface Refusal {
  readonly code: ClientErrorCode;
  readonly details: ClientErrorDetails;
}

/** Which step a refusal belongs to; `current` is the one that was being taken. */
export function stepOfRefusal(
  { code, details }: Refusal,
  { url, current }: { readonly url: string; readonly current: ChainStep },
): ChainStep {
  const { path, role, url: asked } = details;
  const known = CODES[code];
  const file =
    typeof path === 'string'
      ? path
      : typeof asked === 'string' && asked.startsWith(url)
        ? asked.slice(url.length)
        : undefined;
  const byFile = file === undefined ? undefined : stepOfPath(file);
  const byRole = typeof role === 'string' ? (ROLES[role] ?? 'documents') : undefined;
  return byFile ?? known ?? byRole ?? current;
}

export const stateOfRefusal = ({ code }: Pick<Refusal, 'code'>): 'fail' | 'inconclusive' =>
  UNDECIDED.has(code) ? 'inconclusive' : 'fail';

/** The client's line for the code, then the facts it gave. */
export function sayRefusal({ code, details }: Refusal): string {
  const facts = Object.entries(details).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
  return `${CLIENT_ERROR_CODES[code]}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

// A proposed release and the one before it, analysed and verified against the registry as it is on main. Nothing is run: what takes
// running is left to jobs without a token, and this process holds one.

import { type ArtifactSearch, type ReleaseReview, reviewRelease, type SignatureResult } from '@plugmark/analysis';
import { satisfies } from '@plugmark/client';
import { keylessVerifier } from '@plugmark/client/node';
import { checkSignature, type RegistrySource, type ReleaseSource, sha256 } from '@plugmark/publish';
import type { AnalysisReport } from '@plugmark/schemas';

export interface SubmittedRelease {
  readonly main: RegistrySource;
  /** The head the files are from. */
  readonly head: string;
  readonly release: ReleaseSource;
  readonly artifact: ArtifactBytes;
  /** The release it is compared with, where its bytes were found. */
  readonly previous?: { readonly release: ReleaseSource; readonly bytes: Uint8Array };
  readonly now: Date;
}

type ArtifactBytes = { readonly bytes: Uint8Array } | Exclude<ArtifactSearch, { state: 'found' }>;

export async function reviewSubmitted(submitted: SubmittedRelease): Promise<ReleaseReview> {
  const { head, release, artifact, previous } = submitted;
  if (!('bytes' in artifact)) return { head, artifact, reports: [] };
  const earlier = previous && (await signatureOf(submitted, previous.release, previous.bytes));
  const signature = await signatureOf(submitted, release, artifact.bytes);
  const reports = await Promise.all(
    release.release.targets.map(async ({ host }) => {
      const before = previous && (await reportOf(submitted, { ...previous, host, signature: earlier }));
      const report = await reportOf(submitted, { release, bytes: artifact.bytes, host, signature, before });
      return { report, ...(before === undefined ? {} : { previous: before }) };
    }),
  );
  return {
    head,
    artifact: { state: 'found' },
    reports,
    ...signerOf('signer', signature),
    ...signerOf('previousSigner', earlier),
  };
}

type Signature = SignatureResult | 'missing' | undefined;

function signerOf<N extends string>(name: N, signature: Signature): { readonly [K in N]?: string } {
  const signer = typeof signature === 'object' && signature.outcome === 'pass' ? { [name]: signature.signer } : {};
  return signer as { readonly [K in N]?: string };
}

/** By the identities that main lists for the publisher, whatever the release says. */
export async function signatureOf(
  { main }: Pick<SubmittedRelease, 'main'>,
  source: ReleaseSource,
  artifact?: Uint8Array,
): Promise<SignatureResult | 'missing'> {
  const [publisher = ''] = source.release.plugin.split('/');
  const identities = main.publishers.get(publisher)?.identities ?? [];
  const keyless = main.trustedRoot && (await keylessVerifier(main.trustedRoot));
  return checkSignature({ ...source, registry: main.registry.id, identities, keyless, artifact });
}

interface Subject {
  readonly release: ReleaseSource;
  readonly bytes: Uint8Array;
  readonly host: string;
  readonly signature: Signature;
  readonly before?: AnalysisReport | undefined;
}

function reportOf(
  { main, now }: SubmittedRelease,
  { release, bytes, host, signature, before }: Subject,
): Promise<AnalysisReport> {
  const { release: value, manifestSha256 } = release;
  const exceptions = main.plugins.get(value.plugin)?.exceptions;
  const previous =
    before?.subject.version === undefined ? undefined : { version: before.subject.version, report: before };
  return reviewRelease(
    {
      host,
      profile: main.hosts.get(host),
      policy: main.policy,
      release: { value, sha256: manifestSha256 },
      ...(exceptions === undefined ? {} : { exceptions }),
      ...(previous === undefined ? {} : { previous }),
    },
    {
      artifact: async () => bytes,
      files: async () => filesOf(release),
      signature: async () => signature ?? 'missing',
      names: async () => ({ reserved: main.reservedNames, listed: [...main.plugins.keys()] }),
      satisfies,
      now,
    },
  );
}

function filesOf({ release, readme, vectors }: ReleaseSource) {
  const seen = (file: string, expected: string, bytes: Uint8Array | undefined) => ({
    file,
    expected,
    ...(bytes === undefined ? {} : { actual: sha256(bytes) }),
  });
  return [
    ...(release.readme === undefined ? [] : [seen('README.md', release.readme.sha256, readme)]),
    ...release.vectors.map(({ name, sha256: expected }) => seen(`vectors/${name}.json`, expected, vectors.get(name))),
  ];
}

// The marks on a release, worded for people who never heard of signatures. States are four, never a yes or no, and only "verified"
// counts. The check ran when pages were made, so the panel never speaks of the visitor's browser. Pure.

import { fileEnding } from '@plugmark/client';
import { type DocumentRelease, type Identity, VERIFIED_LEVELS } from '@plugmark/schemas';
import type { ReleaseCheck } from './release-check.ts';
import { sayBytes, sayInstant } from './say-numbers.ts';

export type MarkState = ReleaseCheck['publisher'];

interface Mark {
  readonly title: string;
  readonly state: MarkState;
  readonly word: string;
  readonly says: string;
  /** Key ids and digests, in full. */
  readonly values: readonly { readonly name: string; readonly value: string }[];
  readonly points: readonly string[];
}

export interface VerificationPanel {
  readonly marks: readonly Mark[];
  readonly checkedAt: string;
  readonly command: string;
  /** The same check on this site. */
  readonly here: string;
  readonly code?: string;
}

export const STATE_WORDS: Readonly<Record<MarkState, { readonly word: string; readonly means: string }>> = {
  verified: { word: 'Verified', means: 'The mark was checked and fits these bytes under this name.' },
  notChecked: { word: 'Not checked', means: 'Nobody looked at this mark here, so it counts for nothing.' },
  notSigned: { word: 'Not signed', means: 'There is no such mark.' },
  verificationFailed: { word: 'Failed', means: 'The check was made and refused it. Do not install it.' },
};

export interface VerificationInput {
  readonly release: DocumentRelease;
  readonly check: ReleaseCheck;
  readonly publisher: { readonly title: string; readonly identities: readonly Identity[] };
  readonly registry: { readonly title: string; readonly url: string };
  readonly generatedAt: string;
}

export function verificationPanel({
  release,
  check,
  publisher,
  registry,
  generatedAt,
}: VerificationInput): VerificationPanel {
  const { artifact } = release.release;
  return {
    marks: [
      bytesMark(release, check),
      publisherMark(check, publisher, artifact),
      registryMark(check, registry.title, artifact),
    ],
    checkedAt: sayInstant(generatedAt),
    command: `npx plugmark verify ${artifact.sha256}.${fileEnding(artifact)} --registry ${registry.url} --root ROOT`,
    here: `verify/?plugin=${release.release.plugin}@${release.release.version}`,
    ...(check.code === undefined ? {} : { code: check.code }),
  };
}

/** Of a large registry not every release is verified again for its page. */
const LEFT_OUT_SAYS =
  'The registry verified it when it was listed; for this page it was not looked at again. Your browser can do it now.';

const leftOut = ({ isLeftOut }: ReleaseCheck): string | undefined => (isLeftOut === true ? LEFT_OUT_SAYS : undefined);

const mark = (title: string, state: MarkState, rest: Omit<Mark, 'title' | 'state' | 'word'>): Mark => ({
  title,
  state,
  word: STATE_WORDS[state].word,
  ...rest,
});

/** A digest that differs is a refusal; a release that was not looked at was not hashed either. */
function bytesMark({ release, manifestSha256 }: DocumentRelease, check: ReleaseCheck): Mark {
  const { publisher } = check;
  const { sha256, size } = release.artifact;
  const says =
    publisher === 'verified'
      ? `The file served here is ${sayBytes(size)} long and has this SHA-256.`
      : (leftOut(check) ?? STATE_WORDS[publisher].means);
  return mark('The bytes', publisher, {
    says,
    values: [
      { name: 'SHA-256', value: sha256 },
      { name: 'SHA-256 of the signed release', value: manifestSha256 },
    ],
    points: [],
  });
}

function publisherMark(
  { publisher: state, tier, signer, keyless }: ReleaseCheck,
  publisher: VerificationInput['publisher'],
  { kind }: Artifact,
): Mark {
  const means = keyless === undefined ? 'key' : 'workflow';
  const isListed = tier === 'verified' || tier === 'built-in';
  const trust = isListed
    ? `The ${means} is on the list of known publishers, which is signed offline.`
    : kind === 'process'
      ? `The tier of a process says nothing of who holds the ${means}.`
      : `Nobody here has checked who holds the ${means}.`;
  const says =
    state === 'verified'
      ? `${publisher.title} signed this release, under this name, for this registry. ${trust}`
      : STATE_WORDS[state].means;
  return mark('The publisher’s mark', state, {
    says,
    values:
      signer === undefined
        ? []
        : keyless === undefined
          ? [{ name: keyName(publisher.identities, signer), value: signer }]
          : workflowValues(signer, keyless),
    points: [],
  });
}

function workflowValues(
  signer: string,
  { run, signedAt, entries }: NonNullable<ReleaseCheck['keyless']>,
): Mark['values'] {
  return [
    { name: 'Workflow', value: signer },
    ...(run === undefined ? [] : [{ name: 'Its run', value: run }]),
    ...(signedAt === undefined ? [] : [{ name: 'Signed, by trusted time', value: sayInstant(signedAt) }]),
    ...entries.map((value) => ({ name: 'Public log entry', value })),
  ];
}

function keyName(identities: readonly Identity[], signer: string): string {
  const found = identities.find((identity) => identity.kind === 'key' && identity.keyId === signer);
  if (found?.kind !== 'key') return 'Signer';
  return found.algorithm === 'ed25519' ? 'Ed25519 key' : 'P-256 key';
}

type Artifact = DocumentRelease['release']['artifact'];

function registryMark({ registry: state, levels }: ReleaseCheck, title: string, { kind }: Artifact): Mark {
  const says: Readonly<Record<MarkState, string>> = {
    verified: `${title} struck its own mark beside it. It confirms this and no more:`,
    notSigned:
      kind === 'process'
        ? `${title} marks no plugin that runs as a process: there are no imports or bounds to confirm.`
        : `${title} marks the releases of verified publishers only. The analysis below was made all the same.`,
    notChecked: STATE_WORDS.notChecked.means,
    verificationFailed: STATE_WORDS.verificationFailed.means,
  };
  const known: Readonly<Record<string, string>> = VERIFIED_LEVELS;
  return mark('The registry’s mark', state, {
    says: says[state],
    values: [],
    points: levels.map((level) => known[level] ?? level),
  });
}

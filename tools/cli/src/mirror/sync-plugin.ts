// One plugin of an upstream: which of its releases are approved, which verify, which pass here. Everything refused has its code and what
// was found; what was taken over before stays unless upstream takes trust away from it.

import {
  ClientError,
  compareVersions,
  type DocumentRelease,
  type PackageDocument,
  type Revocations,
} from '@plugmark/client';
import {
  type Admission,
  type ApprovalAnswer,
  approvalOf,
  checkSignature,
  type FileTree,
  type PluginSource,
  type ReleaseSource,
  sha256,
} from '@plugmark/publish';
import {
  type Approval,
  type MirrorRefusal,
  type MirrorReport,
  type MirrorTaken,
  type Publisher,
  parse,
  Release,
} from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import { describeError } from '../describe-error.ts';
import type { OpenUpstream } from './open-upstream.ts';
import { objection, type Previous, type Rules, reviewTaken } from './review-mirrored.ts';
import { isRevoked, type TakenOver, takeOver } from './take-over.ts';

export type Refused = MirrorReport['refused'][number];

export interface PluginTurn {
  readonly open: OpenUpstream;
  readonly approval: Approval;
  readonly document: PackageDocument;
  readonly revocations: Revocations;
  /** As upstream lists it now. */
  readonly publisher: Publisher;
  /** Whose signatures counted here until now; undefined where nothing of the publisher was taken over. */
  readonly known: Publisher['identities'] | undefined;
  /** What was taken over before. */
  readonly before: PluginSource | undefined;
  /** Registry, policy, profiles; and the plugin's own files as they would be now. */
  readonly base: FileTree;
  readonly rules: Rules;
  /** When a digest was first seen here; remembers new ones. */
  readonly firstSeen: (digest: string) => string;
  readonly artifact: (digest: string) => Promise<Uint8Array | undefined>;
  readonly now: Date;
}

export interface PluginWork {
  /** By version: files relative to the version's folder, and the bytes. */
  readonly taken: Map<string, TakenOver>;
  readonly rows: MirrorTaken[];
  readonly refused: Refused[];
  /** A kept release no longer verifies: whoever it was signed by, upstream does not list them any more. */
  readonly signerChanged: boolean;
}

/** Throws UNREACHABLE, NETWORK, STORE: then nothing of this upstream is changed. */
export async function syncPlugin(turn: PluginTurn): Promise<PluginWork> {
  const { document, approval, before } = turn;
  const work: PluginWork = { taken: new Map(), rows: [], refused: notListed(approval, document), signerChanged: false };
  const changed = await unverifiedNow(turn);
  if (changed.length > 0) return { ...work, refused: changed, signerChanged: true, rows: keptRows(turn) };
  let previous: Previous;
  const ascending = [...document.releases].sort((a, b) =>
    compareVersions(a.release.value.version, b.release.value.version),
  );
  for (const release of ascending) {
    const kept = before?.releases.get(release.release.value.version);
    const candidate = await consider(turn, release, kept);
    if (candidate === undefined) continue;
    if ('code' in candidate) {
      work.refused.push(refusal(release, candidate.code, candidate.reason));
      continue;
    }
    const admission = await review(turn, release, candidate, previous);
    const why = kept === undefined ? await whyNot(turn, candidate, { release, admission, previous }) : undefined;
    if (why !== undefined) {
      work.refused.push(refusal(release, why.code, why.reason));
      continue;
    }
    const { version, artifact } = release.release.value;
    if (candidate.change !== 'kept') work.taken.set(version, candidate.taken);
    work.rows.push({
      plugin: document.plugin,
      version,
      sha256: artifact.sha256,
      change: candidate.change,
      verdict: admission.verdict,
      state: isRevoked(release, turn.revocations) ? 'revoked' : release.status.state,
    });
    previous = { version, reports: admission.reports.map(({ report }) => report) };
  }
  return work;
}

interface Candidate {
  readonly kind: 'exact' | 'range';
  readonly change: MirrorTaken['change'];
  readonly taken: TakenOver;
}

type Why = { readonly code: MirrorRefusal; readonly reason: string };

/** Undefined where nobody asked for it. */
async function consider(
  turn: PluginTurn,
  release: DocumentRelease,
  kept: ReleaseSource | undefined,
): Promise<Candidate | Why | undefined> {
  const { version, artifact } = release.release.value;
  if (kept !== undefined && kept.manifestSha256 !== release.manifestSha256)
    return {
      code: 'release-changed',
      reason: `manifest ${release.manifestSha256}, taken over was ${kept.manifestSha256}`,
    };
  const { publishedAt } = release;
  const firstSeen = kept?.mirror?.record.firstSeen ?? turn.firstSeen(artifact.sha256);
  const answer = approvalOf({ version, sha256: artifact.sha256, publishedAt, firstSeen }, turn.approval, turn.now);
  if (kept === undefined && answer.state !== 'inForce') return notNow(answer);
  const kind = answer.state === 'inForce' ? answer.approval.kind : 'exact';
  const bytes = await turn.artifact(artifact.sha256);
  if (kept !== undefined && bytes !== undefined && isSame(kept, release))
    return { kind, change: 'kept', taken: { files: new Map(), bytes } };
  // A revoked release is given to nobody, so there is nothing new to take over of it.
  const standing = standingAgainst(release, turn.revocations);
  if (standing !== undefined) return kept === undefined || bytes === undefined ? standing : undefined;
  try {
    return {
      kind,
      change: kept === undefined ? 'new' : 'updated',
      taken: await takeOver(turn.open, release, firstSeen),
    };
  } catch (error) {
    if (isOutage(error)) throw error;
    const { code, message } = describeError(error);
    return { code: 'unverified', reason: `${code}: ${message}` };
  }
}

/** What keeps the whole sync from being done, as against what is wrong with one release. */
export function isOutage(error: unknown): boolean {
  if (error instanceof ClientError) return error.code === 'NETWORK' || error.code.startsWith('STORE');
  return !(error instanceof CliError) || error.code === 'UNREACHABLE';
}

function notNow(answer: Exclude<ApprovalAnswer, { state: 'inForce' }>): Why | undefined {
  if (answer.state === 'tooYoung') return { code: 'too-young', reason: `waits until ${answer.until}` };
  return answer.state === 'ended' ? { code: 'approval-ended', reason: `it ended ${answer.at}` } : undefined;
}

function standingAgainst(release: DocumentRelease, revocations: Revocations): Why | undefined {
  const { state, reason = state } = release.status;
  if (isRevoked(release, revocations) || state === 'revoked') return { code: 'revoked', reason };
  return state === 'yanked' || state === 'quarantined' ? { code: state, reason } : undefined;
}

function isSame({ bundle, mirror }: ReleaseSource, { attestations }: DocumentRelease): boolean {
  const same = (bytes: Uint8Array | undefined, ref: { readonly sha256: string } | undefined): boolean =>
    (bytes && sha256(bytes)) === ref?.sha256;
  const keptMark = mirror?.cosignature;
  // Upstream may stop co-signing; what it once said stays what it once said.
  return (
    same(bundle, attestations.publisher) &&
    (attestations.registry === undefined || same(keptMark, attestations.registry))
  );
}

/** Exact approvals of what upstream does not list, or lists with other bytes. */
function notListed({ plugin, approvals }: Approval, { releases }: PackageDocument): Refused[] {
  return approvals.flatMap((approval): Refused[] => {
    if (approval.kind !== 'exact') return [];
    const { version, sha256: digest } = approval;
    const found = releases.find(({ release }) => release.value.version === version)?.release.value.artifact.sha256;
    if (found === digest) return [];
    return found === undefined
      ? [{ plugin, version, code: 'release-missing', reason: `sha256 ${digest}` }]
      : [{ plugin, version, code: 'digest-differs', reason: `listed ${found}, approved ${digest}` }];
  });
}

/** Kept releases whose signature upstream's present keys do not verify, unless upstream has signed them anew. */
async function unverifiedNow({ open, document, before, publisher, rules }: PluginTurn): Promise<Refused[]> {
  const refused: Refused[] = [];
  for (const kept of before?.releases.values() ?? []) {
    const { version } = kept.release;
    const listed = document.releases.find(({ release }) => release.value.version === version);
    if (listed !== undefined && !isSame(kept, listed)) continue;
    const { identities } = publisher;
    const { release, manifestSha256, bundle } = kept;
    const { keyless } = rules;
    const claim = { release, manifestSha256, bundle, identities, keyless, registry: open.upstream.id };
    const result = await checkSignature(claim);
    if (result === 'missing' || result.outcome === 'pass') continue;
    refused.push({
      plugin: document.plugin,
      version,
      code: 'signer-changed',
      reason: 'code' in result ? result.code : result.reason,
    });
  }
  return refused;
}

function keptRows({ before, document }: PluginTurn): MirrorTaken[] {
  return [...(before?.releases.values() ?? [])].map(({ release }) => ({
    plugin: document.plugin,
    version: release.version,
    sha256: release.artifact.sha256,
    change: 'kept',
    verdict: 'review',
    state: 'active',
  }));
}

interface Reviewed {
  readonly release: DocumentRelease;
  readonly admission: Admission;
  readonly previous: Previous;
}

/** Against something that is new here. A range speaks of what comes after something a person has looked at, from the same hands. */
async function whyNot(turn: PluginTurn, { kind, taken }: Candidate, reviewed: Reviewed): Promise<Why | undefined> {
  const why = objection(reviewed.admission, kind);
  if (why !== undefined || kind === 'exact') return why;
  if (reviewed.previous === undefined)
    return { code: 'person-needed', reason: 'no lower release was approved by its digest' };
  // Upstream's online key alone says who a publisher is that its offline keys do not list: somebody who stole it could add a key.
  if (turn.publisher.verified !== undefined) return undefined;
  const { value, json } = reviewed.release.release;
  const result = await checkSignature({
    bundle: taken.files.get('publisher.sigstore.json'),
    release: parse(Release, json, `${value.plugin} ${value.version}`),
    manifestSha256: reviewed.release.manifestSha256,
    registry: turn.open.upstream.id,
    identities: turn.known ?? [],
    keyless: turn.rules.keyless,
  });
  if (result !== 'missing' && result.outcome === 'pass') return undefined;
  return {
    code: 'person-needed',
    reason: 'it is signed by a key that is new here, and upstream does not verify the publisher',
  };
}

function review(
  turn: PluginTurn,
  release: DocumentRelease,
  { taken }: Candidate,
  previous: Previous,
): Promise<Admission> {
  const { base, open, now, rules } = turn;
  const { plugin, version } = release.release.value;
  return reviewTaken({ base, upstream: open.upstream.id, plugin, version, taken, previous, now }, rules);
}

function refusal({ release }: DocumentRelease, code: MirrorRefusal, reason: string): Refused {
  const { plugin, version } = release.value;
  return { plugin, version, code, reason: oneLine(reason) };
}

/** Upstream's words may have several lines. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 600) || 'no reason given';

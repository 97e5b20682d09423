// Writing an approval. A release is resolved, verified and reviewed first, so that the digest in the file is that of bytes that were
// verified here, and whoever approves reads what they can do before somebody runs them.

import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileStore } from '@plugmark/client/node';
import {
  type Admission,
  completeWrite,
  type OneApproval,
  publisherIdOf,
  type RegistrySource,
  readFolder,
  readRegistrySource,
  withLock,
} from '@plugmark/publish';
import { Approval, ApproveResult, type Approver, parse, SemVer, SemVerRange, type Upstream } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { replaceFile } from '../replace-file.ts';
import { mirrorBase, publisherFile } from './mirror-base.ts';
import { instantOf, type MirrorPlaces, readArtifact } from './mirror-folder.ts';
import { openUpstream, upstreamUnknown } from './open-upstream.ts';
import { localRules, objection, reviewTaken } from './review-mirrored.ts';
import { isRevoked, takeOver } from './take-over.ts';

export interface ApproveInput {
  readonly upstream: string;
  readonly plugin: string;
  /** One of the two. */
  readonly version?: string;
  readonly range?: { readonly range: string; readonly minimumAgeMinutes: number };
  readonly expires?: string;
  readonly approvedBy: Approver;
  readonly reason: string;
  /** Where the upstream is served instead. */
  readonly from?: string;
  readonly asOf?: Date;
}

/** Throws UPSTREAM_*, APPROVAL_REFUSED, RELEASE_UNKNOWN, and what the client throws; then nothing was written. */
export async function approve(io: Io, places: MirrorPlaces, input: ApproveInput): Promise<ApproveResult> {
  return withLock(places.lock, async () => {
    await completeWrite(places.mirrors);
    const files = await readFolder(places.data);
    const source = readRegistrySource(files);
    const upstream = source.registry.upstreams.find(({ id }) => id === input.upstream);
    if (upstream === undefined) throw upstreamUnknown(input.upstream, source.registry.upstreams);
    requireForeign(input.plugin, upstream, source);
    const found =
      input.version === undefined ? undefined : await resolve({ io, places, input, files, source, upstream });
    const approval = approvalFor(io, input, found?.sha256);
    const file = `approvals/${upstream.id}/${input.plugin}.json`;
    await writeApproval(join(places.data, file), approval, { upstream: upstream.id, plugin: input.plugin, source });
    const { plugin, version, range, reason, approvedBy, expires } = input;
    const about = {
      ...(version === undefined ? {} : { version }),
      ...(found === undefined ? {} : { sha256: found.sha256 }),
      ...(range === undefined ? {} : { range: range.range }),
      ...(expires === undefined ? {} : { expires }),
    };
    const reviews = found === undefined ? [] : reviewsOf(found.admission);
    return parse(
      ApproveResult,
      { upstream: upstream.id, plugin, ...about, approvedBy, reason, reviews, file },
      'result',
    );
  });
}

function requireForeign(plugin: string, { id, namespaces }: Upstream, { publishers, plugins }: RegistrySource): void {
  const publisher = publisherIdOf(plugin);
  const mirrored = [...plugins.values()].find(
    (own) => publisherIdOf(own.plugin) === publisher && own.origin !== undefined,
  );
  const problem =
    publishers.has(publisher) && mirrored === undefined
      ? `${publisher} is a namespace of this registry and never comes from upstream`
      : mirrored !== undefined && mirrored.origin?.registryId !== id
        ? `${publisher} comes from ${mirrored.origin?.registryId}`
        : namespaces.length > 0 && !namespaces.includes(publisher)
          ? `registry.json does not list ${id} for ${publisher}`
          : undefined;
  if (problem !== undefined) throw new CliError('APPROVAL_REFUSED', problem);
}

interface Resolving {
  readonly io: Io;
  readonly places: MirrorPlaces;
  readonly input: ApproveInput;
  readonly files: Awaited<ReturnType<typeof readFolder>>;
  readonly source: RegistrySource;
  readonly upstream: Upstream;
}

async function resolve({
  io,
  places,
  input,
  files,
  source,
  upstream,
}: Resolving): Promise<{ sha256: string; admission: Admission }> {
  const { plugin, version, from } = input;
  const open = await openUpstream(io, upstream, {
    files,
    store: fileStore(join(places.state, upstream.id)),
    from,
    now: () => input.asOf ?? io.now(),
    artifact: (digest) => readArtifact(places.artifacts, digest),
  });
  const document = await open.client.document(plugin);
  const release = document.releases.find((listed) => listed.release.value.version === version);
  if (release === undefined) throw new CliError('RELEASE_UNKNOWN', `${upstream.id} lists no ${plugin} ${version}`);
  if (isRevoked(release, await open.client.revocations()))
    throw new CliError('APPROVAL_REFUSED', `${upstream.id} has revoked ${plugin} ${version}`);
  const taken = await takeOver(open, release, instantOf(io));
  const { publishers } = await open.client.publishers();
  const publisher = publisherFile(publisherIdOf(plugin), document, publishers.get(publisherIdOf(plugin)), upstream.id);
  const base = mirrorBase(files, { upstream: upstream.id, document, publisher });
  const about = {
    base,
    upstream: upstream.id,
    plugin,
    version: version ?? '',
    taken,
    previous: undefined,
    now: io.now(),
  };
  const admission = await reviewTaken(about, await localRules(source));
  const why = objection(admission, 'exact');
  if (why !== undefined)
    throw new CliError('APPROVAL_REFUSED', `${plugin} ${version} does not pass here: ${why.reason}`, {
      hint: 'a rule exception for it goes into its folder below registry/mirrors, or the policy decides otherwise',
    });
  return { sha256: release.release.value.artifact.sha256, admission };
}

function approvalFor(io: Io, input: ApproveInput, digest: string | undefined): OneApproval {
  const { version, range, expires, approvedBy, reason } = input;
  const given = { approvedAt: instantOf(io), approvedBy, reason };
  if (version !== undefined && digest !== undefined) {
    const end = expires === undefined ? {} : { expires };
    return { kind: 'exact', version: parse(SemVer, version, 'version'), sha256: digest, ...given, ...end };
  }
  if (range === undefined || expires === undefined)
    throw new CliError('USAGE', 'a range needs an end: it approves what nobody has seen', {
      hint: 'give it with --days',
    });
  const { minimumAgeMinutes } = range;
  return { kind: 'range', range: parse(SemVerRange, range.range, '--range'), minimumAgeMinutes, ...given, expires };
}

async function writeApproval(
  path: string,
  approval: OneApproval,
  { upstream, plugin, source }: { upstream: string; plugin: string; source: RegistrySource },
): Promise<void> {
  const before = source.approvals.get(`${upstream}/${plugin}`)?.approvals ?? [];
  const isSame = (other: OneApproval): boolean =>
    approval.kind === 'exact'
      ? other.kind === 'exact' && other.version === approval.version
      : other.kind === 'range' && other.range === approval.range;
  const approvals = [...before.filter((other) => !isSame(other)), approval];
  const file = parse(Approval, { schemaVersion: 1, upstream, plugin, approvals }, 'approval');
  await mkdir(dirname(path), { recursive: true });
  // Laid out for people: approvals are read in review.
  await replaceFile(path, `${JSON.stringify(file, null, 2)}\n`);
}

function reviewsOf({ reports }: Admission): ApproveResult['reviews'] {
  return reports.flatMap(({ report }) => {
    const { host, verdict, capabilities, outcomes } = report;
    if (host === undefined) return [];
    const findings = outcomes.flatMap((outcome) => outcome.findings).filter(({ effect }) => effect !== 'note');
    return [
      {
        host: host.id,
        verdict,
        capabilities: (capabilities?.derived ?? []).map(({ id, risk }) => ({ id, risk })),
        findings: [...new Set(findings.map(({ ruleId }) => ruleId))],
      },
    ];
  });
}

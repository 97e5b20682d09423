// Audit: the lockfile against everything that is known to be wrong now. Revocations are those of the signed list and of this store's
// memory; where the registry cannot be reached, what was seen last counts, and the answer says how old that is.

import type { LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import { ClientError, type ClientErrorCode } from '../error.ts';
import { loadBytes, requireNotRevoked } from '../load-bytes.ts';
import { type SignedDocuments, signedDocuments } from '../signed-documents.ts';
import { sourceWords } from '../sources/plugin-source.ts';
import { standingOf } from '../standing.ts';
import { together } from '../together.ts';
import { loadTrusted } from '../trust/update.ts';
import { isDirect } from './direct-entry.ts';
import { askForAll, viewOf } from './install-plugins.ts';
import { grantsOf, lastNews } from './load-plugin.ts';
import type { PluginsContext } from './plugins-context.ts';
import { proveDirect } from './prove-direct.ts';
import { proveEntry } from './prove-lockfile.ts';

/**
 * What can be wrong with an installed plugin. `unlisted`: the registry no longer has this release; `unproved`: nothing beside the bytes
 * shows how they were verified; `consent`: nobody agrees to it any more.
 */
export type AuditKind =
  | 'revoked'
  | 'advisory'
  | 'quarantined'
  | 'yanked'
  | 'deprecated'
  | 'unlisted'
  | 'damaged'
  | 'unproved'
  | 'consent'
  | 'unwatched';

/** One thing that is wrong with one installed plugin. `code` is what `load` would refuse it with, where it would. */
export interface AuditFinding {
  readonly plugin: string;
  readonly version: string;
  readonly sha256: string;
  readonly kind: AuditKind;
  /** `error`: it must not or cannot run. */
  readonly severity: 'error' | 'warning';
  readonly reason: string;
  /** Of an advisory. */
  readonly id?: string;
  readonly url?: string;
  readonly code?: ClientErrorCode;
}

/** All that is wrong; no findings means nothing known is. */
export interface AuditResult {
  readonly plugins: number;
  readonly findings: readonly AuditFinding[];
  /** What it was compared with: the registry now, what this store saw last, or nothing where no plugin is of a registry. */
  readonly against: 'registry' | 'memory' | 'nothing';
  /** When the newest word of the registry came here. */
  readonly news?: string;
}

/** Throws only what concerns the whole: REGISTRY_CHANGED, METADATA_*, LOCKFILE_*, STORE. */
export async function auditPlugins(context: PluginsContext): Promise<AuditResult> {
  const present = await context.state.lockfile();
  const isAsked = present.plugins.length === 0 || !present.plugins.every(isDirect);
  const { documents, lockfile, against } = isAsked
    ? await newest(context)
    : { documents: undefined, lockfile: present, against: 'nothing' as const };
  if (documents !== undefined) await askForAll({ documents, lockfile });
  const findings: AuditFinding[] = [];
  for (const entry of lockfile.plugins) findings.push(...(await auditEntry(context, entry, { documents, lockfile })));
  const news = await lastNews(context);
  return { plugins: lockfile.plugins.length, findings, against, ...(news && { news: news.toISOString() }) };
}

interface Newest {
  readonly documents: SignedDocuments | undefined;
  readonly lockfile: Lockfile;
  readonly against: AuditResult['against'];
}

async function newest(context: PluginsContext): Promise<Newest> {
  try {
    return { ...(await viewOf(context, { anew: true })), against: 'registry' };
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'NETWORK') throw error;
    const { root, store, now, keyless } = context.options;
    const tuf = await loadTrusted({ root, store, now: now() });
    const documents = tuf && signedDocuments(tuf, { store, keyless });
    return { documents, lockfile: await context.state.lockfile(), against: 'memory' };
  }
}

type Report = Omit<AuditFinding, 'plugin' | 'version' | 'sha256'>;

async function auditEntry(
  context: PluginsContext,
  entry: LockedPlugin,
  { documents, lockfile }: Pick<Newest, 'documents' | 'lockfile'>,
): Promise<AuditFinding[]> {
  const { plugin, version, sha256 } = entry;
  const { store } = context.options;
  const reports: Report[] = [
    ...(await refusal(() => requireNotRevoked(sha256, store), 'revoked')),
    ...(isDirect(entry)
      ? [unwatched(entry)]
      : documents === undefined
        ? []
        : await listedReports(context, entry, documents)),
    ...(await refusal(() => intact(sha256, context), 'damaged')),
    ...(await refusal(
      () => (isDirect(entry) ? proveDirect(context, entry, lockfile) : proveEntry(context, entry, lockfile)),
      'unproved',
    )),
    ...(await refusal(() => grantsOf(context, entry), 'consent')),
  ];
  return reports.map((report) => ({ plugin, version, sha256, ...report }));
}

/** Being revoked is reported once, by the line above. */
async function intact(digest: string, { options }: PluginsContext): Promise<void> {
  await loadBytes(digest, options.store).catch((error: unknown) => {
    if (!(error instanceof ClientError) || error.code !== 'REVOKED') throw error;
  });
}

const SAID_BEFORE: ReadonlySet<ClientErrorCode> = new Set(['ARTIFACT_DIGEST', 'NOT_INSTALLED', 'REVOKED']);

async function refusal(check: () => Promise<unknown>, kind: AuditKind): Promise<Report[]> {
  try {
    await check();
    return [];
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === 'STORE') throw error;
    // Damaged bytes cannot be proved either: the damage is the finding.
    if (kind === 'unproved' && SAID_BEFORE.has(error.code)) return [];
    const reason = String(error.details['reason'] ?? error.message);
    return [{ kind, severity: 'error', reason, code: error.code }];
  }
}

async function listedReports(
  context: PluginsContext,
  entry: LockedPlugin,
  documents: SignedDocuments,
): Promise<Report[]> {
  try {
    const [document, revocations] = await together([documents.plugin(entry.plugin), documents.revocations()]);
    const release = document.releases.find(({ release: { value } }) => value.artifact.sha256 === entry.sha256);
    if (release === undefined) return [unlisted(`${entry.version} is not listed any more`)];
    const { state, reason = state } = standingOf(release, revocations, context.options.now());
    const advisories = (document.advisories ?? []).filter(({ versions }) => versions.includes(entry.version));
    return [
      ...(state === 'active' || state === 'revoked' ? [] : [{ kind: state, severity: 'warning', reason } as const]),
      ...advisories.map(
        ({ id, summary, url }): Report => ({
          kind: 'advisory',
          severity: 'error',
          reason: summary,
          id,
          ...(url === undefined ? {} : { url }),
        }),
      ),
    ];
  } catch (error) {
    if (error instanceof ClientError && error.code === 'PLUGIN_UNKNOWN')
      return [unlisted('the plugin is not listed any more')];
    // Offline, a document may never have come here.
    if (error instanceof ClientError && (error.code === 'FILE_MISSING' || error.code === 'NETWORK')) return [];
    throw error;
  }
}

/** What an audit cannot know is said, not passed over. */
const unwatched = ({ source }: LockedPlugin): Report => ({
  kind: 'unwatched',
  severity: 'warning',
  reason: `from ${sourceWords(source)}: no registry revokes it, and nobody writes advisories about it here`,
});

const unlisted = (reason: string): Report => ({ kind: 'unlisted', severity: 'warning', reason });

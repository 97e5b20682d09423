// A lost ledger, from what is served: everything a client verifies is in the tree, so a registry goes on where it stopped and no client
// is taken back. What the tree does not say, the inputs that a report was made from, the next build finds out by analysing again.

import { ClientError, memoryStore, openWatch } from '@plugmark/client';
import {
  type AttestationRef,
  type DocumentRelease,
  LedgerEntry,
  type LedgerHead,
  PackageDocument,
  parse,
  parseJson,
} from '@plugmark/schemas';
import { worst } from './admit.ts';
import { listDigest } from './content-sum.ts';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import { type FileTree, jsonFile } from './file-tree.ts';
import { instant } from './instant.ts';
import { attestationPath } from './ledger.ts';
import { previousOnline } from './metadata-history.ts';
import { refsIn } from './packs.ts';
import { fetchFrom } from './self-check.ts';
import { consistentName, readRole } from './tuf/role.ts';

export interface RecoverInput {
  readonly registry: string;
  /** The tree as it is served, without its blobs if need be. */
  readonly tree: FileTree;
  /** The root that the registry's clients were given, or a later one. */
  readonly root: Uint8Array;
  readonly now: Date;
}

export interface RecoveredLedger {
  readonly files: FileTree;
  readonly entries: number;
  /** Whether the lists had run out: they were verified as of their last second. */
  readonly expired: boolean;
}

/**
 * The files of a ledger. Throws LEDGER_INVALID with what a client refuses or what is missing, SchemaError.
 *
 * Digests of inputs are zero, so that the next build takes over no report and no co-signature unseen.
 */
export async function recoverLedger({ registry, tree, root, now }: RecoverInput): Promise<RecoveredLedger> {
  const { at, expired } = verifiedTime(tree, now);
  const documents = await verifiedDocuments({ registry, tree, root, now: at });
  const files: FileTree = new Map();
  for (const document of documents)
    for (const release of document.releases) addRelease(files, tree, document.plugin, release);
  for (const [path, bytes] of tree)
    if ((path.startsWith('metadata/') && !path.endsWith('.root.json')) || path.startsWith('targets/'))
      files.set(path, bytes);
  const entries = [...files.keys()].filter((path) => path.startsWith('entries/')).length;
  const head: LedgerHead = {
    schemaVersion: 1,
    registry,
    sequence: 1,
    generatedAt: instant(at),
    contentSha256: listDigest(files),
    entries,
    refusals: [],
  };
  return { files: files.set('head.json', jsonFile(head)), entries, expired };
}

/** Lists that ran out while the ledger was missing are still the registry's: only their age is not asked. */
function verifiedTime(tree: FileTree, now: Date): { readonly at: Date; readonly expired: boolean } {
  const { expires } = readRole(served(tree, 'metadata/timestamp.json'), 'timestamp', 'metadata/timestamp.json');
  const last = new Date(new Date(expires).getTime() - 1000);
  return last < now ? { at: last, expired: true } : { at: now, expired: false };
}

/** Every package document that the newest lists name, each one accepted by a client that has nothing but the root. */
async function verifiedDocuments({ registry, tree, root, now }: RecoverInput): Promise<PackageDocument[]> {
  const asked = new Set<Uint8Array | undefined>();
  const client = openWatch({
    url: 'https://recover.invalid/',
    root,
    store: memoryStore(),
    fetch: fetchFrom({
      get: (path) => {
        asked.add(tree.get(path));
        return tree.get(path);
      },
    }),
    now: () => now,
  });
  const documents: PackageDocument[] = [];
  const roles = documentRoles(tree);
  for (const [path, digest] of listedIn(roles)) {
    const name = `targets/${consistentName(path, digest)}`;
    const document = parseJson(PackageDocument, served(tree, name), name);
    await accepted(client.document(document.plugin), name);
    if (document.registry !== registry || !asked.has(tree.get(name)))
      throw new PublishError('LEDGER_INVALID', name, `is not what the lists of ${registry} name`);
    documents.push(document);
  }
  if (documents.length === 0) await accepted(client.document('nobody/nothing'), 'metadata', 'PLUGIN_UNKNOWN');
  // What the client verified is what it asked for; a newer list that lies beside the signed one it never reads.
  for (const [role, bytes] of roles)
    if (documents.length > 0 && Object.keys(readRole(bytes, 'targets', role).targets).length > 0 && !asked.has(bytes))
      throw new PublishError('LEDGER_INVALID', `metadata: ${role}`, 'its newest file is not the one in force');
  return documents;
}

function documentRoles(tree: FileTree): ReadonlyMap<string, Uint8Array> {
  const metadata = [...tree].flatMap(([path, bytes]) =>
    path.startsWith('metadata/') ? [[path.slice('metadata/'.length), bytes] as const] : [],
  );
  const online = previousOnline(new Map(metadata));
  return new Map(
    [...(online?.versions.keys() ?? [])].map((role) => [role, online?.roles.get(role) ?? new Uint8Array()]),
  );
}

/** Path -> digest. */
function listedIn(roles: ReadonlyMap<string, Uint8Array>): Map<string, string> {
  const listed = [...roles].flatMap(([role, bytes]) => Object.entries(readRole(bytes, 'targets', role).targets));
  return new Map(listed.map(([path, { hashes }]) => [path, hashes.sha256]));
}

async function accepted(attempt: Promise<unknown>, where: string, expected?: string): Promise<void> {
  try {
    await attempt;
  } catch (cause) {
    if (cause instanceof ClientError && cause.code === expected) return;
    const code = cause instanceof ClientError ? cause.message : String(cause);
    throw new PublishError('LEDGER_INVALID', where, `a client refuses it: ${code}`, { cause });
  }
}

function addRelease(files: FileTree, tree: FileTree, plugin: string, listed: DocumentRelease): void {
  const { release, publishedAt, manifestSha256, levels, attestations, analysis } = listed;
  const { publisher, registry, upstream, analyses, runs } = attestations;
  for (const reference of refsIn(attestations))
    files.set(attestationPath(reference.sha256), attestationIn(tree, reference));
  const entry: LedgerEntry = {
    schemaVersion: 1,
    sequence: 1,
    plugin,
    version: release.version,
    publishedAt,
    artifactSha256: release.artifact.sha256,
    manifestSha256,
    inputsSha256: '0'.repeat(64),
    verdict: worst(analysis.map(({ verdict }) => verdict)),
    levels: [...levels],
    publisher: loose(publisher),
    analyses: analyses.map(loose),
    runs: runs.map(loose),
    ...(registry === undefined ? {} : { registry: loose(registry) }),
    ...(upstream === undefined ? {} : { upstream: loose(upstream) }),
  };
  const path = `entries/${plugin}/${release.version}.json`;
  files.set(path, jsonFile(parse(LedgerEntry, entry, path)));
}

/** The ledger keeps each by itself; what a tree puts together in packs is decided when it is built. */
const loose = ({ sha256: digest, size }: AttestationRef): AttestationRef => ({ sha256: digest, size });

function attestationIn(tree: FileTree, { sha256: digest, size, pack }: AttestationRef): Uint8Array {
  const path = pack === undefined ? `attestations/${digest}.json` : `attestations/packs/${pack.sha256}`;
  const file = served(tree, path);
  const bytes = pack === undefined ? file : file.subarray(pack.offset, pack.offset + size);
  if (sha256(bytes) === digest) return Uint8Array.from(bytes);
  throw new PublishError('LEDGER_INVALID', path, `holds other bytes than those with sha256 ${digest}`);
}

function served(tree: FileTree, path: string): Uint8Array {
  const bytes = tree.get(path);
  if (bytes === undefined) throw new PublishError('LEDGER_INVALID', path, 'is not in the tree that is served');
  return bytes;
}

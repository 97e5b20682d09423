// A lab with its own registry, and the small registry as its upstream: folders on disk as the commands want them. The upstream is built by
// the office and may be built again, by the office or by whoever stole its keys; the lab syncs from the folder it is served from.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileTree, readFolder, sha256 } from '@plugmark/publish';
import type { Approval, MirrorReport, Registry, Upstream } from '@plugmark/schemas';
import { Approval as ApprovalFile, parseJson } from '@plugmark/schemas';
import type { Io } from '../../tools/cli/src/io.ts';
import { mirrorPlaces } from '../../tools/cli/src/mirror/mirror-folder.ts';
import { type SyncOptions, syncMirrors } from '../../tools/cli/src/mirror/sync-mirrors.ts';
import { type Built, build, NOW, rootOf, serving, type Work } from './office.ts';
import { editJson, type Json, REGISTRY_ID, type SmallRegistry, smallRegistry, writeFiles } from './registry-folder.ts';
import { ed25519Key } from './test-keys.ts';

export const LAB = 'lab.example';
export const UPSTREAM = REGISTRY_ID;

const LAB_KEYS = {
  root: ed25519Key('lab root'),
  targets: ed25519Key('lab targets'),
  revocations: ed25519Key('lab revocations'),
  online: ed25519Key('lab online'),
  cosign: ed25519Key('lab cosign'),
} as const;

export interface Lab {
  readonly folder: string;
  /** registry/ of the lab. */
  readonly data: string;
  /** What the upstream serves from now on. */
  served: FileTree;
  /** Upstream's release digests by `plugin@version`. */
  readonly digests: Map<string, string>;
  approve(
    plugin: string,
    approval: Partial<Approval['approvals'][number]> & { kind: 'exact' | 'range' },
  ): Promise<void>;
  sync(now?: Date, options?: Partial<SyncOptions>): Promise<MirrorReport>;
  build(work?: Work): Promise<Built>;
  remove(): Promise<void>;
  /** The same lab in a folder of its own, as it is now. */
  copy(): Promise<Lab>;
}

const quietIo = (cwd: string, now: Date, tree: () => FileTree): Io => {
  const stream = { write: () => undefined };
  return { stdout: stream, stderr: stream, cwd, env: {}, now: () => now, fetch: serving((path) => tree().get(path)) };
};

/** `upstream`: what registry.json says of it, beside its root. */
export async function makeLab(first: Built, upstream: Partial<Upstream> = {}): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'plugmark-lab-'));
  const root = rootOf(first);
  const lab = labIn(folder, first.tree, digestsOf(first));
  await writeFiles(lab.data, await labFiles(root, upstream));
  return lab;
}

function labIn(folder: string, tree: FileTree, digests: Map<string, string>): Lab {
  const data = join(folder, 'registry');
  const lab: Lab = {
    folder,
    data,
    served: tree,
    digests,
    approve: (plugin, approval) => addApproval(data, plugin, approval, digests),
    sync: async (now = NOW, options = {}) => {
      const io = quietIo(folder, now, () => lab.served);
      const { upstreams } = await syncMirrors(io, mirrorPlaces(data), { from: new Map(), ...options });
      return upstreams[0] as MirrorReport;
    },
    build: async (work = {}) => build(await readLab({ data, folder }), { registry: LAB, keys: LAB_KEYS, ...work }),
    remove: () => rm(folder, { recursive: true, force: true }),
    copy: async () => {
      const copy = await mkdtemp(join(tmpdir(), 'plugmark-lab-'));
      await cp(folder, copy, { recursive: true });
      return labIn(copy, lab.served, digests);
    },
  };
  return lab;
}

async function labFiles(root: Uint8Array, upstream: Partial<Upstream> = {}): Promise<FileTree> {
  const { files } = await smallRegistry();
  for (const path of files.keys()) if (/^(?:plugins|publishers)\//.test(path)) files.delete(path);
  const listed = {
    id: UPSTREAM,
    url: 'https://small.example/',
    root: { version: 1, sha256: sha256(root) },
    namespaces: [],
  };
  editJson(files, 'registry.json', (registry: Registry) => ({
    ...registry,
    id: LAB,
    title: 'Lab',
    url: 'https://lab.example/',
    upstreams: [{ ...listed, ...upstream }],
  }));
  files.set(`upstreams/${UPSTREAM}.root.json`, root);
  return files;
}

async function readLab({ data, folder }: Pick<Lab, 'data' | 'folder'>): Promise<SmallRegistry> {
  const artifacts = [...(await readFolder(join(folder, 'artifacts')))];
  return {
    files: await readFolder(data),
    artifacts: new Map(artifacts.map(([name, bytes]) => [name.slice(0, 64), bytes])),
  };
}

function digestsOf({ documents }: Built): Map<string, string> {
  return new Map(
    documents.flatMap(({ plugin, releases }) =>
      releases.map(({ release }) => [`${plugin}@${release.version}`, release.artifact.sha256] as const),
    ),
  );
}

async function addApproval(
  data: string,
  plugin: string,
  approval: Partial<Json> & { kind: 'exact' | 'range' },
  digests: ReadonlyMap<string, string>,
): Promise<void> {
  const path = `approvals/${UPSTREAM}/${plugin}.json`;
  const bytes = (await readFolder(data)).get(path);
  const before = bytes === undefined ? [] : parseJson(ApprovalFile, bytes, path).approvals;
  const common = { approvedAt: '2026-05-31T12:00:00Z', approvedBy: { name: 'the lab' }, reason: 'Reviewed.' };
  const one =
    approval.kind === 'exact'
      ? { version: '1.0.0', sha256: digests.get(`${plugin}@${approval['version'] ?? '1.0.0'}`), ...common, ...approval }
      : { range: '^1.0.0', minimumAgeMinutes: 60, expires: '2027-01-01T00:00:00Z', ...common, ...approval };
  const file = { schemaVersion: 1, upstream: UPSTREAM, plugin, approvals: [...before, one] };
  await writeFiles(data, [[path, JSON.stringify(file)]]);
}

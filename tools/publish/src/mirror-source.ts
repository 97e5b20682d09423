// What was taken over from upstream registries, as it lies in `mirrors/<upstream>/`: the layout of a registry of its own, and beside each
// release what upstream said of it. A namespace comes from one place only: this registry, or one upstream.

import { Approval, MirrorRecord, type Origin, type Publisher, parseJson, type Upstream } from '@plugmark/schemas';
import { PublishError } from './error.ts';
import type { FileTree } from './file-tree.ts';
import type { PluginSource, RegistrySource, ReleaseSource, Take } from './source-types.ts';

interface Readers {
  readonly readPlugins: (files: FileTree, take: Take) => ReadonlyMap<string, PluginSource>;
  readonly readPublishers: (files: FileTree, take: Take) => ReadonlyMap<string, Publisher>;
}

type Mirrored = Pick<RegistrySource, 'plugins' | 'publishers'>;

const UPSTREAM = /^mirrors\/([^/]+)\/(?:plugins|publishers)\//;

/** Throws MIRROR_INVALID, MIRROR_NAMESPACE, and what reading a registry throws. */
export function readMirrors(files: FileTree, take: Take, own: RegistrySource, readers: Readers): Mirrored {
  const ids = [...new Set([...files.keys()].flatMap((path) => UPSTREAM.exec(path)?.[1] ?? []))];
  const plugins = new Map<string, PluginSource>();
  const publishers = new Map<string, Publisher>();
  for (const id of ids) {
    const upstream = own.registry.upstreams.find((listed) => listed.id === id);
    if (upstream === undefined)
      throw new PublishError('MIRROR_INVALID', `mirrors/${id}`, 'registry.json lists no upstream of that name');
    const found = readMirror(files, take, upstream, readers);
    for (const [name, publisher] of found.publishers) {
      requireFree(name, upstream, { own, publishers });
      publishers.set(name, publisher);
    }
    for (const [name, plugin] of found.plugins) {
      const [publisher = ''] = name.split('/');
      if (!found.publishers.has(publisher))
        throw new PublishError(
          'SOURCE_MISSING',
          `mirrors/${id}/publishers/${publisher}.json`,
          `${name} has no publisher`,
        );
      plugins.set(name, plugin);
    }
  }
  return { plugins, publishers };
}

/** Whoever could put a plugin of ours upstream would otherwise be asked for it here. */
function requireFree(
  publisher: string,
  { id, namespaces }: Upstream,
  { own, publishers }: { own: RegistrySource; publishers: ReadonlyMap<string, Publisher> },
): void {
  const where = `mirrors/${id}/publishers/${publisher}.json`;
  const isOwn =
    own.publishers.has(publisher) || [...own.plugins.keys()].some((name) => name.startsWith(`${publisher}/`));
  if (isOwn) throw new PublishError('MIRROR_NAMESPACE', where, `${publisher} is a namespace of this registry`);
  if (publishers.has(publisher))
    throw new PublishError('MIRROR_NAMESPACE', where, `${publisher} comes from another upstream already`);
  if (namespaces.length > 0 && !namespaces.includes(publisher))
    throw new PublishError('MIRROR_NAMESPACE', where, `registry.json does not list ${id} for ${publisher}`);
}

function readMirror(files: FileTree, take: Take, upstream: Upstream, readers: Readers): Mirrored {
  const prefix = `mirrors/${upstream.id}/`;
  const inside: FileTree = new Map(
    [...files].filter(([path]) => path.startsWith(prefix)).map(([path, bytes]) => [path.slice(prefix.length), bytes]),
  );
  const takeInside: Take = (path) => take(prefix + path);
  const origin: Origin = { registryId: upstream.id, rootSha256: upstream.root.sha256 };
  const plugins = [...readers.readPlugins(inside, takeInside)].map(([name, plugin]) => {
    const releases = [...plugin.releases].map(
      ([version, release]) =>
        [version, withRecord(release, `plugins/${name}/${version}`, upstream, takeInside)] as const,
    );
    return [name, { ...plugin, origin, releases: new Map(releases) }] as const;
  });
  return { plugins: new Map(plugins), publishers: readers.readPublishers(inside, takeInside) };
}

function withRecord(release: ReleaseSource, folder: string, { id, root }: Upstream, take: Take): ReleaseSource {
  const path = `${folder}/mirror.json`;
  const where = `mirrors/${id}/${path}`;
  const bytes = take(path);
  if (bytes === undefined)
    throw new PublishError('SOURCE_MISSING', where, 'a mirrored release says where it comes from');
  const record = parseJson(MirrorRecord, bytes, where);
  const { plugin, version } = release.release;
  if (record.upstream !== id || record.plugin !== plugin || record.version !== version)
    throw new PublishError(
      'MIRROR_INVALID',
      where,
      `speaks about ${record.upstream} ${record.plugin} ${record.version}`,
    );
  if (record.rootSha256 !== root.sha256)
    throw new PublishError(
      'MIRROR_INVALID',
      where,
      `was verified by another root of ${id} than registry.json lists now`,
    );
  return { ...release, mirror: { record, cosignature: take(`${folder}/upstream.sigstore.json`) } };
}

const APPROVAL_FILE = /^approvals\/([^/]+)\/([^/]+\/[^/]+)\.json$/;

/** By `upstream/publisher/plugin`. Throws SOURCE_MISMATCH, SchemaError. */
export function readApprovals(files: FileTree, take: Take): ReadonlyMap<string, Approval> {
  const found = [...files.keys()].flatMap((path) => {
    const [, upstream, plugin] = APPROVAL_FILE.exec(path) ?? [];
    const bytes = plugin === undefined ? undefined : take(path);
    if (bytes === undefined) return [];
    const approval = parseJson(Approval, bytes, path);
    if (approval.upstream !== upstream || approval.plugin !== plugin)
      throw new PublishError('SOURCE_MISMATCH', path, `approves ${approval.plugin} of ${approval.upstream}`);
    return [[`${upstream}/${plugin}`, approval] as const];
  });
  return new Map(found);
}

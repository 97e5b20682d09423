// Files for components (wasi:filesystem 0.2) over the folder in memory. Without a grant there is no folder to start from.

import { type Behaviour, type Behaviours, type Resources, stateOf } from './component-imports.ts';
import type { File, FileError, Folder, Node, VirtualFiles } from './virtual-files.ts';
import { failure, type StreamState, type WasiP2Options } from './wasi-preview2-state.ts';

/** Names of wasi:filesystem's `error-code`. */
const CODES: Readonly<Record<FileError, string>> = {
  noent: 'no-entry',
  notdir: 'not-directory',
  isdir: 'is-directory',
  exist: 'exist',
  notempty: 'not-empty',
  notcapable: 'not-permitted',
  nospc: 'insufficient-space',
  inval: 'invalid',
};

const LARGEST_READ = 1_048_576;

export function descriptorBehaviours({ world, folder }: WasiP2Options): Behaviours {
  const files = folder?.files;
  const preopens: Behaviour = (_, resources) =>
    files === undefined ? [] : [[resources.make('descriptor', files.root), '/']];
  const change =
    (act: (files: VirtualFiles, values: readonly unknown[]) => FileError | Node | undefined): Behaviour =>
    (values) => {
      if (files === undefined || folder?.writable !== true) throw failure('read-only');
      const result = act(files, values);
      if (typeof result === 'string') throw failure(CODES[result]);
      return undefined;
    };
  const stat = (node: Node): object => ({
    type: typeOf(node),
    linkCount: 1n,
    size: node.kind === 'file' ? BigInt(node.bytes.length) : 0n,
    dataAccessTimestamp: undefined,
    dataModificationTimestamp: { seconds: world.now / 1_000_000_000n, nanoseconds: 0 },
    statusChangeTimestamp: undefined,
  });
  const hash = (node: Node): object => ({ lower: node.inode, upper: 0n });
  return {
    'wasi:filesystem/preopens': { 'get-directories': preopens },
    'wasi:filesystem/types': {
      '[method]descriptor.get-flags': ([it]) => ({
        read: true,
        write: nodeOf(it).kind === 'file' && folder?.writable === true,
      }),
      '[method]descriptor.get-type': ([it]) => typeOf(nodeOf(it)),
      '[method]descriptor.stat': ([it]) => stat(nodeOf(it)),
      '[method]descriptor.stat-at': ([it, , path]) => stat(find(files, it, path)),
      '[method]descriptor.metadata-hash': ([it]) => hash(nodeOf(it)),
      '[method]descriptor.metadata-hash-at': ([it, , path]) => hash(find(files, it, path)),
      '[method]descriptor.is-same-object': ([it, other]) => nodeOf(it) === nodeOf(other),
      '[method]descriptor.open-at': (values, resources) => openAt(folder, values, resources),
      '[method]descriptor.read': ([it, length, offset]) => {
        const { bytes } = fileOf(it);
        const from = Math.min(Number(offset), bytes.length);
        const part = bytes.slice(from, from + Math.min(Number(length), LARGEST_READ));
        return [part, from + part.length >= bytes.length];
      },
      '[method]descriptor.read-via-stream': ([it, offset], resources) => {
        const file = fileOf(it);
        let at = Number(offset);
        const read = (length: number): Uint8Array => {
          const part = file.bytes.slice(at, at + length);
          at += part.length;
          return part;
        };
        return resources.make('input-stream', { read } satisfies StreamState);
      },
      '[method]descriptor.write': ([it, bytes, offset]) => writeTo(folder, fileOf(it), bytes, Number(offset)),
      '[method]descriptor.write-via-stream': ([it, offset], resources) => {
        const file = fileOf(it);
        let at = Number(offset);
        const write = (bytes: Uint8Array): void => {
          at += Number(writeTo(folder, file, bytes, at));
        };
        return resources.make('output-stream', { write } satisfies StreamState);
      },
      '[method]descriptor.read-directory': ([it], resources) => {
        const node = nodeOf(it);
        if (node.kind !== 'folder') throw failure('not-directory');
        const left = [...node.entries].sort(([a], [b]) => (a < b ? -1 : 1));
        return resources.make('directory-entry-stream', left);
      },
      '[method]directory-entry-stream.read-directory-entry': ([it]) => {
        const next = (stateOf(it) as [string, Node][]).shift();
        return next === undefined ? undefined : { type: typeOf(next[1]), name: next[0] };
      },
      '[method]descriptor.set-size': change((all, [it, size]) => all.resize(fileOf(it), Number(size))),
      '[method]descriptor.create-directory-at': change((all, [it, path]) =>
        all.create(folderOf(it), String(path), 'folder'),
      ),
      '[method]descriptor.remove-directory-at': change((all, [it, path]) =>
        all.remove(folderOf(it), String(path), 'folder'),
      ),
      '[method]descriptor.unlink-file-at': change((all, [it, path]) => all.remove(folderOf(it), String(path), 'file')),
      '[method]descriptor.rename-at': change((all, [it, path, to, name]) =>
        all.rename(folderOf(it), String(path), folderOf(to), String(name)),
      ),
      '[method]descriptor.sync': () => undefined,
      '[method]descriptor.sync-data': () => undefined,
      '[method]descriptor.advise': () => undefined,
      'filesystem-error-code': () => undefined,
    },
  };
}

const nodeOf = (resource: unknown): Node => stateOf(resource) as Node;

function fileOf(resource: unknown): File {
  const node = nodeOf(resource);
  if (node.kind !== 'file') throw failure('is-directory');
  return node;
}

function folderOf(resource: unknown): Folder {
  const node = nodeOf(resource);
  if (node.kind !== 'folder') throw failure('not-directory');
  return node;
}

const typeOf = ({ kind }: Node): string => (kind === 'file' ? 'regular-file' : 'directory');

function find(files: VirtualFiles | undefined, from: unknown, path: unknown): Node {
  const node = files?.find(folderOf(from), String(path)) ?? 'noent';
  if (typeof node === 'string') throw failure(CODES[node]);
  return node;
}

function openAt(folder: WasiP2Options['folder'], values: readonly unknown[], resources: Resources): object {
  const [it, , path, flags] = values as [unknown, unknown, string, Readonly<Record<string, boolean>>];
  if (folder === undefined) throw failure('not-permitted');
  const { files, writable } = folder;
  let node = files.find(folderOf(it), path);
  const changes = flags['truncate'] === true || (node === 'noent' && flags['create'] === true);
  if (changes && !writable) throw failure('read-only');
  if (node === 'noent' && flags['create'] === true) node = files.create(folderOf(it), path, 'file');
  else if (typeof node !== 'string' && flags['create'] === true && flags['exclusive'] === true) node = 'exist';
  if (typeof node === 'string') throw failure(CODES[node]);
  if (flags['directory'] === true && node.kind !== 'folder') throw failure('not-directory');
  if (flags['truncate'] === true && node.kind === 'file') files.resize(node, 0);
  return resources.make('descriptor', node);
}

function writeTo(folder: WasiP2Options['folder'], file: File, bytes: unknown, offset: number): bigint {
  if (folder?.writable !== true) throw failure('read-only');
  const data = bytes as Uint8Array;
  if (offset + data.length > file.bytes.length) {
    const error = folder.files.resize(file, offset + data.length);
    if (error !== undefined) throw failure(CODES[error]);
  }
  file.bytes.set(data, offset);
  return BigInt(data.length);
}

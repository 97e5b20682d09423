// The part of WASI preview 1 that a library reading its workspace uses, over files in memory. It answers nothing else: enough for
// our own example, and no sandbox.

const ESUCCESS = 0;
const EBADF = 8;
const EINVAL = 28;
const ENOENT = 44;
const ENOTDIR = 54;
const DIRECTORY = 3;
const REGULAR_FILE = 4;
const FIRST_FREE = 4;

interface Workspace {
  readonly memory: () => Uint8Array;
  /** Name under which the folder is open, as number 3. */
  readonly folder: string;
  /** Path -> bytes; undefined when no folder is open. */
  readonly files: ReadonlyMap<string, Uint8Array> | undefined;
}
interface Open {
  readonly path: string;
  at: number;
}

export function workspaceImports({ memory, folder, files }: Workspace): WebAssembly.Imports {
  const open = new Map<number, Open>(files === undefined ? [] : [[3, { path: '', at: 0 }]]);
  const view = (): DataView => new DataView(memory().buffer);
  const text = (address: number, length: number): string => new TextDecoder().decode(memory().slice(address, address + length));
  const isFolder = (path: string): boolean => path === '' || [...(files?.keys() ?? [])].some((name) => name.startsWith(`${path}/`));
  const kindOf = (path: string): number => (files?.has(path) ? REGULAR_FILE : isFolder(path) ? DIRECTORY : 0);
  const join = (fd: number, name: string): string | undefined => {
    const base = open.get(fd)?.path;
    return base === undefined ? undefined : [...base.split('/'), ...name.split('/')].filter((part) => part !== '' && part !== '.').join('/');
  };
  const writeStat = (address: number, path: string): number => {
    memory().fill(0, address, address + 64);
    view().setUint8(address + 16, kindOf(path));
    view().setBigUint64(address + 24, 1n, true);
    view().setBigUint64(address + 32, BigInt(files?.get(path)?.length ?? 0), true);
    return ESUCCESS;
  };

  const preview1: Record<string, (...values: never[]) => number | bigint | undefined> = {
    environ_get: () => ESUCCESS,
    environ_sizes_get(count: number, size: number) {
      view().setUint32(count, 0, true);
      view().setUint32(size, 0, true);
      return ESUCCESS;
    },
    random_get(address: number, length: number) {
      memory().fill(7, address, address + length);
      return ESUCCESS;
    },
    proc_exit(code: number) {
      throw new Error(`the plugin ended with ${code}`);
    },
    fd_write: () => EBADF,
    fd_close: (fd: number) => (open.delete(fd) ? ESUCCESS : EBADF),
    fd_prestat_get(fd: number, address: number) {
      if (fd !== 3 || !open.has(fd)) return EBADF;
      view().setUint32(address, 0, true);
      view().setUint32(address + 4, folder.length, true);
      return ESUCCESS;
    },
    fd_prestat_dir_name(fd: number, address: number, length: number) {
      if (fd !== 3 || length < folder.length) return EINVAL;
      memory().set(new TextEncoder().encode(folder), address);
      return ESUCCESS;
    },
    path_open(fd: number, _follow: number, address: number, length: number, _flags: number, _rights: bigint, _later: bigint, _how: number, answer: number) {
      const path = join(fd, text(address, length));
      if (path === undefined) return EBADF;
      if (path.split('/').includes('..') || kindOf(path) === 0) return ENOENT;
      const number = Math.max(FIRST_FREE - 1, ...open.keys()) + 1;
      open.set(number, { path, at: 0 });
      view().setUint32(answer, number, true);
      return ESUCCESS;
    },
    path_filestat_get(fd: number, _follow: number, address: number, length: number, answer: number) {
      const path = join(fd, text(address, length));
      if (path === undefined) return EBADF;
      return kindOf(path) === 0 ? ENOENT : writeStat(answer, path);
    },
    fd_filestat_get(fd: number, answer: number) {
      const found = open.get(fd);
      return found === undefined ? EBADF : writeStat(answer, found.path);
    },
    fd_seek(fd: number, offset: bigint, _whence: number, answer: number) {
      const found = open.get(fd);
      if (found === undefined) return EBADF;
      if (offset !== 0n) return EINVAL;
      view().setBigUint64(answer, BigInt(found.at), true);
      return ESUCCESS;
    },
    fd_read(fd: number, buffers: number, count: number, answer: number) {
      const found = open.get(fd);
      const bytes = found && files?.get(found.path);
      if (found === undefined || bytes === undefined) return EBADF;
      let read = 0;
      for (let i = 0; i < count; i++) {
        const [address, length] = [view().getUint32(buffers + i * 8, true), view().getUint32(buffers + i * 8 + 4, true)];
        const part = bytes.subarray(found.at, found.at + length);
        memory().set(part, address);
        found.at += part.length;
        read += part.length;
      }
      view().setUint32(answer, read, true);
      return ESUCCESS;
    },
    fd_readdir(fd: number, address: number, length: number, cookie: bigint, answer: number) {
      const found = open.get(fd);
      if (found === undefined) return EBADF;
      if (kindOf(found.path) !== DIRECTORY) return ENOTDIR;
      const prefix = found.path === '' ? '' : `${found.path}/`;
      // Backwards on purpose: a plugin that relies on the order of a folder gives another answer here.
      const names = [...new Set([...(files?.keys() ?? [])].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length).split('/')[0] ?? ''))].sort().reverse();
      const entries = ['.', '..', ...names].slice(Number(cookie)).map((name, i) => entry(name, { next: cookie + BigInt(i + 1), kind: /^\.{1,2}$/.test(name) ? DIRECTORY : kindOf(prefix + name) }));
      const all = Uint8Array.from(entries.flatMap((bytes) => [...bytes]));
      memory().set(all.subarray(0, length), address);
      view().setUint32(answer, Math.min(all.length, length), true);
      return ESUCCESS;
    },
  };
  return { wasi_snapshot_preview1: preview1 as unknown as WebAssembly.ModuleImports };
}

function entry(name: string, { next, kind }: { next: bigint; kind: number }): Uint8Array {
  const encoded = new TextEncoder().encode(name);
  const bytes = new Uint8Array(24 + encoded.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, next, true);
  view.setBigUint64(8, 1n, true);
  view.setUint32(16, encoded.length, true);
  view.setUint8(20, kind);
  bytes.set(encoded, 24);
  return bytes;
}

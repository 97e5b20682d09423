// What imports mean that every host knows: WASI, and what compilers leave behind. The one table a draft is made from; what is
// not in it is for a person to decide. Runtime entries state what a host must keep true for them to be harmless.

import type { ComponentImportRule, HostCapability } from '@plugmark/schemas';

export type KnownMeaning =
  | { readonly runtime: string }
  | { readonly capability: DraftCapability }
  | { readonly forbidden: string };

export type DraftCapability = 'filesystem' | 'network' | 'clock' | 'random';

const FILES: KnownMeaning = { capability: 'filesystem' };
const NETWORK: KnownMeaning = { capability: 'network' };
const NO_SIGNALS: KnownMeaning = { forbidden: 'a plugin is no process, so there is nothing a signal could be sent to' };

/** The 46 functions of WASI preview 1: type and meaning. */
export const WASI_PREVIEW1: ReadonlyMap<string, readonly [type: string, meaning: KnownMeaning]> = new Map<
  string,
  readonly [string, KnownMeaning]
>([
  ['args_get', ['(i32, i32) -> (i32)', { runtime: 'reads the arguments, of which there are none' }]],
  ['args_sizes_get', ['(i32, i32) -> (i32)', { runtime: 'asks for the number of arguments, which is none' }]],
  ['environ_get', ['(i32, i32) -> (i32)', { runtime: 'reads the environment, which is empty' }]],
  ['environ_sizes_get', ['(i32, i32) -> (i32)', { runtime: 'asks for the size of the environment, which is empty' }]],
  ['clock_res_get', ['(i32, i32) -> (i32)', { capability: 'clock' }]],
  ['clock_time_get', ['(i32, i64, i32) -> (i32)', { capability: 'clock' }]],
  ['fd_advise', ['(i32, i64, i64, i32) -> (i32)', FILES]],
  ['fd_allocate', ['(i32, i64, i64) -> (i32)', FILES]],
  ['fd_close', ['(i32) -> (i32)', { runtime: 'closes a stream' }]],
  ['fd_datasync', ['(i32) -> (i32)', FILES]],
  ['fd_fdstat_get', ['(i32, i32) -> (i32)', { runtime: 'asks what kind of stream a number stands for' }]],
  ['fd_fdstat_set_flags', ['(i32, i32) -> (i32)', { runtime: 'sets how a stream is written' }]],
  ['fd_fdstat_set_rights', ['(i32, i64, i64) -> (i32)', FILES]],
  ['fd_filestat_get', ['(i32, i32) -> (i32)', FILES]],
  ['fd_filestat_set_size', ['(i32, i64) -> (i32)', FILES]],
  ['fd_filestat_set_times', ['(i32, i64, i64, i32) -> (i32)', FILES]],
  ['fd_pread', ['(i32, i32, i32, i64, i32) -> (i32)', FILES]],
  ['fd_prestat_get', ['(i32, i32) -> (i32)', FILES]],
  ['fd_prestat_dir_name', ['(i32, i32, i32) -> (i32)', FILES]],
  ['fd_pwrite', ['(i32, i32, i32, i64, i32) -> (i32)', FILES]],
  ['fd_read', ['(i32, i32, i32, i32) -> (i32)', FILES]],
  ['fd_readdir', ['(i32, i32, i32, i64, i32) -> (i32)', FILES]],
  ['fd_renumber', ['(i32, i32) -> (i32)', { runtime: 'gives an open stream another number' }]],
  ['fd_seek', ['(i32, i64, i32, i32) -> (i32)', { runtime: 'answers that a stream cannot be moved in' }]],
  ['fd_sync', ['(i32) -> (i32)', FILES]],
  ['fd_tell', ['(i32, i32) -> (i32)', { runtime: 'asks for the position in a stream' }]],
  ['fd_write', ['(i32, i32, i32, i32) -> (i32)', { runtime: 'writes text to the log (standard output and error)' }]],
  ['path_create_directory', ['(i32, i32, i32) -> (i32)', FILES]],
  ['path_filestat_get', ['(i32, i32, i32, i32, i32) -> (i32)', FILES]],
  ['path_filestat_set_times', ['(i32, i32, i32, i32, i64, i64, i32) -> (i32)', FILES]],
  ['path_link', ['(i32, i32, i32, i32, i32, i32, i32) -> (i32)', FILES]],
  ['path_open', ['(i32, i32, i32, i32, i32, i64, i64, i32, i32) -> (i32)', FILES]],
  ['path_readlink', ['(i32, i32, i32, i32, i32, i32) -> (i32)', FILES]],
  ['path_remove_directory', ['(i32, i32, i32) -> (i32)', FILES]],
  ['path_rename', ['(i32, i32, i32, i32, i32, i32) -> (i32)', FILES]],
  ['path_symlink', ['(i32, i32, i32, i32, i32) -> (i32)', FILES]],
  ['path_unlink_file', ['(i32, i32, i32) -> (i32)', FILES]],
  ['poll_oneoff', ['(i32, i32, i32, i32) -> (i32)', { runtime: 'waits for a clock or a stream; it answers at once' }]],
  ['proc_exit', ['(i32) -> ()', { runtime: 'ends the call' }]],
  ['proc_raise', ['(i32) -> (i32)', NO_SIGNALS]],
  ['sched_yield', ['() -> (i32)', { runtime: 'does nothing' }]],
  ['random_get', ['(i32, i32) -> (i32)', { capability: 'random' }]],
  ['sock_accept', ['(i32, i32, i32) -> (i32)', NETWORK]],
  ['sock_recv', ['(i32, i32, i32, i32, i32, i32) -> (i32)', NETWORK]],
  ['sock_send', ['(i32, i32, i32, i32, i32) -> (i32)', NETWORK]],
  ['sock_shutdown', ['(i32, i32) -> (i32)', NETWORK]],
]);

/** Imports of compilers, by module and name. */
export const COMPILER_IMPORTS: ReadonlyMap<string, readonly [type: string, meaning: KnownMeaning]> = new Map([
  [
    'env abort',
    [
      '(i32, i32, i32, i32) -> ()',
      { runtime: 'stops with a message and a line number when a check of AssemblyScript fails' },
    ],
  ],
]);

type WasiRule = Pick<ComponentImportRule, 'functions'> & { readonly meaning: KnownMeaning };

/** Interfaces of WASI 0.2 without their version; of several rules the first that applies counts. */
export const WASI_02: ReadonlyMap<string, readonly WasiRule[]> = new Map<string, readonly WasiRule[]>([
  ['wasi:cli/environment', [{ meaning: { runtime: 'reads environment and arguments, which are empty' } }]],
  ['wasi:cli/exit', [{ meaning: { runtime: 'ends the call' } }]],
  ['wasi:cli/stdin', [{ meaning: { runtime: 'reads the input, which is empty' } }]],
  ['wasi:cli/stdout', [{ meaning: { runtime: 'writes text to the log' } }]],
  ['wasi:cli/stderr', [{ meaning: { runtime: 'writes text to the log' } }]],
  ['wasi:cli/terminal-input', [{ meaning: { runtime: 'asks whether there is a terminal; there is none' } }]],
  ['wasi:cli/terminal-output', [{ meaning: { runtime: 'asks whether there is a terminal; there is none' } }]],
  ['wasi:cli/terminal-stdin', [{ meaning: { runtime: 'asks whether there is a terminal; there is none' } }]],
  ['wasi:cli/terminal-stdout', [{ meaning: { runtime: 'asks whether there is a terminal; there is none' } }]],
  ['wasi:cli/terminal-stderr', [{ meaning: { runtime: 'asks whether there is a terminal; there is none' } }]],
  ['wasi:io/error', [{ meaning: { runtime: 'describes an error' } }]],
  ['wasi:io/poll', [{ meaning: { runtime: 'waits for a stream or a clock; it answers at once' } }]],
  ['wasi:io/streams', [{ meaning: { runtime: 'reads and writes streams that another interface opened' } }]],
  ['wasi:clocks/monotonic-clock', [{ meaning: { capability: 'clock' } }]],
  ['wasi:clocks/wall-clock', [{ meaning: { capability: 'clock' } }]],
  ['wasi:clocks/timezone', [{ meaning: { runtime: 'asks for the time zone, which is UTC' } }]],
  ['wasi:random/random', [{ meaning: { capability: 'random' } }]],
  ['wasi:random/insecure', [{ meaning: { capability: 'random' } }]],
  ['wasi:random/insecure-seed', [{ meaning: { capability: 'random' } }]],
  [
    'wasi:filesystem/preopens',
    [{ meaning: { runtime: 'asks which folders were opened for it; opening anything in them is another function' } }],
  ],
  [
    'wasi:filesystem/types',
    [
      {
        functions: [
          '[method]descriptor.open-at',
          '[method]descriptor.read',
          '[method]descriptor.write',
          '[method]descriptor.set-size',
          '[method]descriptor.set-times',
          '[method]descriptor.read-directory',
          '[method]directory-entry-stream.read-directory-entry',
          '[method]descriptor.create-directory-at',
          '[method]descriptor.stat-at',
          '[method]descriptor.set-times-at',
          '[method]descriptor.link-at',
          '[method]descriptor.readlink-at',
          '[method]descriptor.remove-directory-at',
          '[method]descriptor.rename-at',
          '[method]descriptor.symlink-at',
          '[method]descriptor.unlink-file-at',
          '[method]descriptor.metadata-hash-at',
        ],
        meaning: FILES,
      },
      { meaning: { runtime: 'describes what is open already and writes to it; it opens nothing' } },
    ],
  ],
  ['wasi:sockets/network', [{ meaning: NETWORK }]],
  ['wasi:sockets/instance-network', [{ meaning: NETWORK }]],
  ['wasi:sockets/ip-name-lookup', [{ meaning: NETWORK }]],
  [
    'wasi:sockets/tcp',
    [
      {
        functions: [
          '[method]tcp-socket.start-bind',
          '[method]tcp-socket.start-connect',
          '[method]tcp-socket.start-listen',
          '[method]tcp-socket.accept',
        ],
        meaning: NETWORK,
      },
      { meaning: { runtime: 'names sockets that it cannot bind or connect' } },
    ],
  ],
  ['wasi:sockets/tcp-create-socket', [{ meaning: NETWORK }]],
  [
    'wasi:sockets/udp',
    [
      { functions: ['[method]udp-socket.start-bind', '[method]udp-socket.stream'], meaning: NETWORK },
      { meaning: { runtime: 'names sockets that it cannot bind or connect' } },
    ],
  ],
  ['wasi:sockets/udp-create-socket', [{ meaning: NETWORK }]],
  ['wasi:http/types', [{ meaning: NETWORK }]],
  ['wasi:http/outgoing-handler', [{ meaning: NETWORK }]],
  [
    'wasi:http/incoming-handler',
    [{ meaning: { forbidden: 'this host has no other component that a request could be passed to' } }],
  ],
]);

/** How a capability is drafted: in words that hold for any host, with the caution a stranger deserves. */
export const DRAFT_CAPABILITIES: Readonly<Record<DraftCapability, HostCapability>> = {
  filesystem: {
    id: 'filesystem',
    class: 'filesystem',
    risk: 'high',
    title: 'Use files',
    can: 'read and write files in the folders you open for it',
    cannot: 'read or write files',
    prominent: true,
    grant: 'explicit',
    params: [{ name: 'paths', kind: 'paths', title: 'Folders it may use', required: false }],
  },
  network: {
    id: 'network',
    class: 'network',
    risk: 'high',
    title: 'Use the network',
    can: 'send what it knows to other computers and receive data from them',
    cannot: 'send or receive anything over a network',
    prominent: true,
    grant: 'explicit',
    params: [{ name: 'hosts', kind: 'hosts', title: 'Addresses it may reach', required: false }],
  },
  clock: {
    id: 'clock',
    class: 'clock',
    risk: 'low',
    title: 'Read the time',
    can: 'read the time, so that its output may differ from day to day',
    cannot: 'read the time',
    prominent: false,
    grant: 'auto',
    params: [],
  },
  random: {
    id: 'random',
    class: 'random',
    risk: 'low',
    title: 'Random numbers',
    can: 'obtain random numbers, so that its output may differ from run to run',
    cannot: 'obtain random numbers',
    prominent: false,
    grant: 'auto',
    params: [],
  },
};

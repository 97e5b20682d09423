// The layers around a plugin as one table: how each is found to be there, how it is put around the child, what it stops. Those that
// are `always` need nothing but Node and cannot be left out; of the others a report says which were active, and a policy decides
// which must be. Order is from the inside out.

import { readFileSync } from 'node:fs';
import { capsOf } from './caps.ts';
import { succeeds } from './probe.ts';

/** What a layer may be set to for one child. */
export interface Bounds {
  /** The only folder the child may read: code, never data. */
  readonly image: string;
  /** Memory of one linear memory, in bytes. */
  readonly memoryBytes: number;
  readonly tableElements: number;
  /** Processor seconds for the whole child. */
  readonly cpuSeconds: number;
  /** Of the engine the child runs in; a container has to be shown it. */
  readonly executable: string;
  /** Name for a container, unique for each child. */
  readonly name: string;
  readonly containerImage: string;
}

export interface Layer {
  readonly always: boolean;
  /** Made of what only Node and V8 have: no other engine has it around it. */
  readonly nodeOnly?: true;
  /** What it stops, for people. */
  readonly stops: string;
  /** Why it is not there, or undefined when it works here. Tried for real, not read from a version. */
  readonly missing?: (containerImage: string) => Promise<string | undefined>;
  /** Arguments for Node itself. */
  readonly nodeFlags?: (bounds: Bounds) => readonly string[];
  /**
   * Flags of the engine that the child sets itself, before it has read anything of the plugin: on the command line each of them makes
   * Node throw away its own compiled code, which doubles the time it takes to start.
   */
  readonly engineFlags?: (bounds: Bounds) => readonly string[];
  /** Put before the command that starts Node. */
  readonly wrap?: (bounds: Bounds) => readonly string[];
  /** Ends what is left of a child that a signal to its group does not reach. */
  readonly stop?: (bounds: Bounds) => void;
  /** Layers that it does the work of, so that they are not wrapped around as well. */
  readonly replaces?: readonly string[];
}

const PAGE = 65_536;
const HEAP_MEGABYTES = 256;
/** What Node itself maps: below about 700 MB it does not start. */
const NODE_DATA_BYTES = 1_500_000_000;
const OPEN_FILES = 64;
const CONTAINER_USER = '65534:65534';

const prlimitFlags = ({ cpuSeconds, memoryBytes }: Bounds): string[] => [
  `--cpu=${cpuSeconds}`,
  '--fsize=0',
  '--core=0',
  `--nofile=${OPEN_FILES}`,
  `--data=${NODE_DATA_BYTES + 2 * memoryBytes}`,
];

const unshareFlags = ['--user', '--map-root-user', '--net', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];

/** Read-only, no network, no rights; engine and code come from outside, so any image with a libc will do. */
const containerFlags = ({ image, executable, memoryBytes, name }: Bounds): string[] => [
  ...['run', '--rm', '--interactive', '--name', name, '--pull', 'never', '--network', 'none', '--read-only'],
  ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--user', CONTAINER_USER, '--pids-limit', '64'],
  ...['--memory', String(NODE_DATA_BYTES + 2 * memoryBytes), '--ulimit', 'fsize=0', '--ulimit', 'core=0'],
  ...['--volume', `${image}:${image}:ro`, '--volume', `${executable}:${executable}:ro`, '--workdir', '/'],
];

const SMALLEST: Bounds = {
  image: '/',
  memoryBytes: PAGE,
  tableElements: 1,
  cpuSeconds: 10,
  executable: process.execPath,
  name: 'plugmark-probe',
  containerImage: '',
};

export const LAYERS = {
  'empty-environment': {
    always: true,
    stops: 'reading names, tokens and paths from the environment',
    // Windows has no such command, and no outer ones that would need a PATH.
    wrap: () => (process.platform === 'win32' ? [] : ['env', '-i']),
  },
  permission: {
    always: true,
    nodeOnly: true,
    stops: 'reading files other than the sandbox’s own code, writing any, starting processes, workers and native code',
    nodeFlags: ({ image }) => ['--permission', `--allow-fs-read=${image}`, '--disable-proto=delete'],
  },
  'page-cap': {
    always: true,
    nodeOnly: true,
    stops:
      'memories and tables beyond the host’s limits, whatever the module’s own maxima say, and garbage without end',
    nodeFlags: () => [`--max-old-space-size=${HEAP_MEGABYTES}`],
    engineFlags: (bounds) => {
      const { memoryBytes, tableElements } = capsOf(bounds);
      return [`--wasm-max-mem-pages=${memoryBytes / PAGE}`, `--wasm-max-table-size=${tableElements}`];
    },
  },
  'output-cap': {
    always: true,
    stops: 'filling the parent’s memory through what the child prints',
  },
  kill: {
    always: true,
    stops: 'running on: the whole process group is killed when the time is up',
  },
  prlimit: {
    always: false,
    stops: 'processor time, files, core dumps and memory of the whole child beyond a bound the kernel keeps',
    missing: async () =>
      (await succeeds('prlimit', [...prlimitFlags(SMALLEST), 'true'])) ? undefined : 'prlimit does not work here',
    wrap: (bounds) => ['prlimit', ...prlimitFlags(bounds)],
  },
  namespaces: {
    always: false,
    stops: 'every network but a loopback that is down, and seeing or signalling other processes',
    missing: async () =>
      (await succeeds('unshare', [...unshareFlags, 'true'])) ? undefined : 'unshare may not make namespaces here',
    wrap: () => ['unshare', ...unshareFlags],
  },
  seccomp: {
    always: false,
    stops: 'system calls outside the filter this process was started under',
    missing: async () => (seccompMode() === 2 ? undefined : 'no filter is set, and Node cannot set one'),
  },
  container: {
    always: false,
    stops: 'everything outside a read-only container without network and without rights',
    missing: containerProblem,
    wrap: (bounds) => [containerRuntime, ...containerFlags(bounds), bounds.containerImage],
    stop: ({ name }) => void succeeds(containerRuntime, ['kill', name]),
    replaces: ['prlimit', 'namespaces'],
  },
} as const satisfies Record<string, Layer>;

export type LayerId = keyof typeof LAYERS;

/** docker where it works, podman otherwise. */
let containerRuntime = 'docker';

async function containerProblem(containerImage: string): Promise<string | undefined> {
  for (const runtime of ['docker', 'podman']) {
    if (!(await succeeds(runtime, ['info']))) continue;
    containerRuntime = runtime;
    const flags = containerFlags({
      ...SMALLEST,
      memoryBytes: PAGE,
      image: '/usr',
      name: `plugmark-probe-${process.pid}`,
    });
    return (await succeeds(runtime, [...flags, containerImage, process.execPath, '--version']))
      ? undefined
      : `${runtime} cannot run Node in the image ${containerImage}`;
  }
  return 'neither docker nor podman answers';
}

/** 2 when a filter is set; children inherit it. */
function seccompMode(): number {
  try {
    return Number(/^Seccomp:\s*(\d)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0);
  } catch {
    // Not Linux: there is no such filter.
    return 0;
  }
}

// A core module, metered by the parent: compiled once, instantiated for each vector.

import { CORE_ABIS } from './abis.ts';
import { assemblyScript } from './assembly-script.ts';
import { Fault, startEndingOf } from './faults.ts';
import { Guest, type HostModule } from './guest.ts';
import { linkImports } from './link.ts';
import type { ChildRequest } from './request.ts';
import type { Start, Started, Surroundings } from './run-vector.ts';
import { VirtualFiles } from './virtual-files.ts';
import { ERRNO } from './wasi-memory.ts';
import { WASI, wasiPreview1 } from './wasi-preview1.ts';
import { WasiStreams } from './wasi-streams.ts';
import { payloadBytes } from './world.ts';

export function coreStarter(request: ChildRequest, bytes: Uint8Array<ArrayBuffer>): Start {
  let module: WebAssembly.Module | undefined;
  return (surroundings) => {
    if (request.beyond !== undefined) throw new Fault(request.beyond.ending, request.beyond.detail);
    module ??= compile(bytes);
    return startCore(request, module, surroundings);
  };
}

function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    const { ending, detail = '' } = startEndingOf(error);
    throw new Fault(ending === 'trap' ? 'linkError' : ending, detail);
  }
}

/** A libc asks for folders until it hears that there are no more; any other answer ends the program before it begins. */
const NO_FOLDER = { [`${WASI}.fd_prestat_get`]: ERRNO.badf, [`${WASI}.fd_prestat_dir_name`]: ERRNO.badf };

function startCore(request: ChildRequest, module: WebAssembly.Module, surroundings: Surroundings): Started {
  const entry = CORE_ABIS[request.abi];
  if (entry === undefined) throw new Fault('crash', `no ABI ${request.abi}`);
  const { world, log, gauges } = surroundings;
  const guest = new Guest();
  const streams = new WasiStreams();
  const host = entry.make(streams)({ guest, world, request });
  const wasi = wasiPreview1({ guest, world, streams, folder: folderOf(surroundings, entry.folder) });
  const offer = {
    functions: {
      ...host.functions,
      [WASI]: wasi,
      env: { ...assemblyScript({ guest, world }), fd_write: wasi['fd_write'] as HostModule[string] },
    },
    denials: { [WASI]: ERRNO.notcapable, ...NO_FOLDER, ...host.denials },
  };
  const imports = linkImports(request.imports, { offer, log, grants: world.grants });
  const { exports } = new WebAssembly.Instance(module, imports);
  guest.attach(exports);
  if (request.meter !== undefined) gauges.add(exports, request.meter);
  const start = request.meter?.state.start;
  if (start !== undefined) (exports[start] as () => void)();
  host.start?.();
  return { call: host.call };
}

/** A folder is open when any capability of the class `filesystem` was granted. */
function folderOf(
  { request, world }: Surroundings,
  name: string,
): { readonly name: string; readonly files: VirtualFiles; readonly writable: boolean } | undefined {
  const isGranted = request.capabilities.some(({ id, class: of }) => of === 'filesystem' && world.grants.has(id));
  if (!isGranted) return undefined;
  const files = (world.vector.files ?? []).map(({ path, content }) => ({ path, bytes: payloadBytes(content) }));
  const meaning = request.writingCapability;
  const writable = meaning !== undefined && world.grants.has(meaning);
  return { name, files: new VirtualFiles(files, request.limits.memoryBytes), writable };
}

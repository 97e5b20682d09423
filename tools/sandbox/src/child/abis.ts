// The ABIs as one table, by the names that host profiles use, and what component hosts offer besides WASI. The only place of the
// sandbox that knows a host by name.

import type { CoreAbi } from './abi.ts';
import { conductorAbi } from './abi-conductor.ts';
import { ddalabAbi } from './abi-ddalab.ts';
import { dprintAbi } from './abi-dprint.ts';
import { hielementsAbi, WORKSPACE } from './abi-hielements.ts';
import { rawAbi } from './abi-raw.ts';
import { wasiCommandAbi } from './abi-wasi-command.ts';
import type { Behaviours } from './component-imports.ts';
import { encode } from './guest.ts';
import type { WasiStreams } from './wasi-streams.ts';
import type { World } from './world.ts';

interface AbiEntry {
  /** Name of the folder that a granted file capability opens. */
  readonly folder: string;
  readonly make: (streams: WasiStreams) => CoreAbi;
}

export const CORE_ABIS: Readonly<Record<string, AbiEntry>> = {
  ddalab: { folder: '/data', make: () => ddalabAbi },
  conductor: { folder: '/', make: () => conductorAbi },
  hielements: { folder: WORKSPACE, make: () => hielementsAbi },
  dprint: { folder: '/', make: () => dprintAbi },
  'wasi-command': { folder: '/', make: wasiCommandAbi },
  raw: { folder: '/', make: () => rawAbi },
};

/** By interface without version. The names of a world's own interfaces are its host's. */
export const COMPONENT_HOSTS = (world: World): Behaviours => ({
  'parseltongue:plugin/host-log': {
    log: ([level, message]) => void world.print(encode(`${String(level)}: ${String(message)}\n`)),
  },
});

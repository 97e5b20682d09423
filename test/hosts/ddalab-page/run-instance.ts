// One run: the module with the host's bounds written into it, and an import object with what was granted. A capability that was not
// granted is a function that notes the call and answers "not granted"; what the profile does not know keeps the module from starting.
import { capLimits, meterFuel } from '@plugmark/wasm';
import { type Channel, type Guest, HOST_FUNCTIONS, NOT_GRANTED } from './host-functions.ts';

/** What this needs of a host profile. */
export interface HostRules {
  readonly fuelSchedule?: 'wasmtime/classic' | 'wasmtime/46' | undefined;
  readonly limits: {
    readonly fuel?: number | undefined;
    readonly memoryBytes: number;
    readonly tableElements: number;
    readonly outputBytes: number;
    readonly hostCalls: number;
  };
  readonly imports: readonly {
    readonly module: string;
    readonly name: string;
    readonly meaning: { readonly as: string; readonly capability?: string };
  }[];
}

export interface RunRequest {
  readonly bytes: Uint8Array;
  /** Capabilities. */
  readonly grants: readonly string[];
  readonly profile: HostRules;
  readonly channels: readonly Channel[];
  readonly options: unknown;
}

export interface RunAnswer {
  readonly ending: 'ok' | 'outOfFuel' | 'trap' | 'notStarted' | 'outOfTime';
  /** What `analyze` returned. */
  readonly status?: number;
  readonly result?: unknown;
  readonly panel?: unknown;
  /** Functions it called without having been granted them. */
  readonly refused: readonly string[];
  readonly detail?: string;
}

const BACKSTOP_FUEL = 20_000_000_000;

export function runInstance({ bytes, grants, profile, channels, options }: RunRequest): RunAnswer {
  const { limits, fuelSchedule: schedule = 'wasmtime/classic' } = profile;
  const refused = new Set<string>();
  let exported: Exports | undefined;
  const guest: Guest = {
    channels,
    outputBytes: limits.outputBytes,
    memory: () => new Uint8Array(exported?.memory.buffer ?? new ArrayBuffer()),
  };
  let meter = { fuel: '', exhausted: '' };
  try {
    const metered = meterFuel(bytes, { schedule, initialFuel: BigInt(limits.fuel ?? BACKSTOP_FUEL) });
    meter = metered.exports;
    const module = new WebAssembly.Module(capLimits(metered.bytes, limits));
    const imports = importsFor(module, { guest, grants, profile, refused });
    exported = new WebAssembly.Instance(module, imports).exports as unknown as Exports;
    exported._initialize?.();
  } catch (error) {
    return { ending: 'notStarted', refused: [...refused], detail: String(error) };
  }
  try {
    const status = exported.analyze(...placed(guest, exported, options));
    return { ending: 'ok', status, result: guest.result, panel: guest.panel, refused: [...refused] };
  } catch (error) {
    const isOut = (exported as unknown as Record<string, WebAssembly.Global>)[meter.exhausted]?.value === 1;
    return { ending: isOut ? 'outOfFuel' : 'trap', refused: [...refused], detail: String(error) };
  }
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly alloc: (size: number) => number;
  readonly analyze: (address: number, length: number) => number;
  readonly _initialize?: () => void;
}

/** The options text in the plugin's memory. */
function placed({ memory }: Guest, { alloc }: Exports, options: unknown): [number, number] {
  const text = new TextEncoder().encode(JSON.stringify(options));
  const address = alloc(text.length) >>> 0;
  memory().set(text, address);
  return [address, text.length];
}

interface ImportContext extends Pick<RunRequest, 'grants' | 'profile'> {
  readonly guest: Guest;
  readonly refused: Set<string>;
}

function importsFor(
  module: WebAssembly.Module,
  { guest, grants, profile, refused }: ImportContext,
): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  let calls = 0;
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const id = `${from}.${name}`;
    const meaning = profile.imports.find((rule) => rule.module === from && rule.name === name)?.meaning;
    const own = Object.hasOwn(HOST_FUNCTIONS, id) ? HOST_FUNCTIONS[id] : undefined;
    const isGranted = meaning?.as === 'runtime' || grants.includes(meaning?.capability ?? '');
    if (meaning === undefined || meaning.as === 'forbidden' || kind !== 'function')
      throw new Error(`${id} is nothing that this host has`);
    if (isGranted && own === undefined) throw new Error(`this example has no ${id}; add it to HOST_FUNCTIONS`);
    const deny = (): number => {
      refused.add(id);
      return NOT_GRANTED;
    };
    imports[from] ??= Object.create(null) as Record<string, WebAssembly.ImportValue>;
    imports[from][name] = (...values: number[]) => {
      if (++calls > profile.limits.hostCalls) throw new Error('more calls than this host takes');
      return isGranted && own !== undefined ? own(guest, ...values) : deny();
    };
  }
  return imports;
}

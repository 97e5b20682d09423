// Registries for tests of the client's management of plugins: the real profiles of Conductor and DDALAB, and plugins made for them
// whose imports say what they can do.
import { readFileSync } from 'node:fs';
import { jsonFile } from '@plugmark/publish';
import { type HostProfile, HostProfile as HostProfileSchema, parse } from '@plugmark/schemas';
import { addRelease, editJson, type Json, type SmallRegistry, smallRegistry } from './registry-folder.ts';
import { WasmBuilder } from './wasm-builder.ts';

function profile(name: string): HostProfile {
  const path = new URL(`../../registry/hosts/${name}.json`, import.meta.url);
  return parse(HostProfileSchema, JSON.parse(readFileSync(path, 'utf8')), name);
}

export const CONDUCTOR: HostProfile = profile('conductor');
export const DDALAB: HostProfile = profile('ddalab');

/** The small registry with both hosts. */
export async function hostRegistry(): Promise<SmallRegistry> {
  const registry = await smallRegistry();
  for (const host of [CONDUCTOR, DDALAB]) registry.files.set(`hosts/${host.host}.json`, jsonFile(host));
  return registry;
}

type Capability = 'network' | 'filesystem' | 'subprocess' | 'read:channel_data' | 'write:results';

/** An import that gives each capability. */
const IMPORTS: Readonly<Record<string, Readonly<Record<string, readonly [string, string, number]>>>> = {
  conductor: {
    network: ['conductor', 'http_request', 2],
    subprocess: ['conductor', 'command_run', 2],
    filesystem: ['wasi_snapshot_preview1', 'path_create_directory', 3],
  },
  ddalab: {
    'read:channel_data': ['ddalab', 'channel_count', 0],
    network: ['ddalab', 'http_request', 2],
  },
};

const I32 = 'i32' as const;

/** A module that fits the host, with the imports of these capabilities; each number gives other bytes. */
export function hostModule(
  host: HostProfile,
  capabilities: readonly Capability[],
  { number, padding = 0 }: { readonly number: number; readonly padding?: number },
): Uint8Array {
  const builder = new WasmBuilder();
  if (padding > 0)
    builder.custom(
      'padding',
      Array.from({ length: padding }, (_, i) => (i * 31 + (i >> 7)) & 255),
    );
  for (const capability of capabilities) {
    const found = IMPORTS[host.host]?.[capability];
    if (found === undefined) throw new Error(`no import of ${host.host} gives ${capability}`);
    const [module, name, parameters] = found;
    builder.importFunction(
      module,
      name,
      Array.from({ length: parameters }, () => I32),
      [I32],
    );
  }
  const [main, init] = host.host === 'conductor' ? ['execute', 'init'] : ['analyze', undefined];
  builder
    .memory({ min: 1, max: 2 }, { export: 'memory' })
    .function({ parameters: [I32], results: [I32], body: [0x41, 8], export: 'alloc' })
    .function({ parameters: [I32, I32], results: [I32], body: [0x41, number], export: main as string });
  if (init !== undefined) builder.function({ export: init });
  return builder.build();
}

export interface HostRelease {
  readonly host: HostProfile;
  readonly plugin: string;
  readonly version: string;
  readonly capabilities?: readonly Capability[];
  readonly params?: Readonly<Record<string, Readonly<Record<string, string[]>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly number?: number;
  readonly api?: string;
  /** Bytes that do nothing. */
  readonly padding?: number;
  /** The registry the statement names. */
  readonly registry?: string;
}

/** Each release has bytes of its own. */
let made = 0;

export async function addHostRelease(registry: SmallRegistry, release: HostRelease): Promise<string> {
  const {
    host,
    plugin,
    version,
    capabilities = [],
    params = {},
    dependencies,
    number = made++ % 64,
    api,
    padding = 0,
    registry: signedFor,
  } = release;
  const added = await addRelease(registry, {
    plugin,
    version,
    host,
    bytes: hostModule(host, capabilities, { number, padding }),
    ...(signedFor === undefined ? {} : { registry: signedFor }),
    manifest: {
      capabilities: capabilities.map((id) => ({
        id,
        reason: `It needs ${id.replace(':', ' ')}.`,
        ...(params[id] === undefined ? {} : { params: params[id] }),
      })),
      ...(dependencies === undefined ? {} : { dependencies }),
      ...(api === undefined ? {} : { api }),
    } as never,
  });
  return added.artifact.sha256;
}

export function setStatus({ files }: SmallRegistry, plugin: string, version: string, state: object): void {
  editJson(files, `plugins/${plugin}/status.json`, (value: Json) => ({
    schemaVersion: 1,
    plugin,
    versions: { ...value.versions, [version]: state },
  }));
}

export const REVOKED = {
  state: 'revoked',
  since: '2026-06-01T00:00:00Z',
  severity: 'high',
  reason: 'It sends recordings to strangers.',
  evidence: 'https://example.org/evidence',
} as const;

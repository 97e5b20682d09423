// A host for tests of the sandbox: numbers in and out, every function of WASI, small limits, and a capability for each class that has
// something to withhold.

import { readFileSync } from 'node:fs';
import type { HostProfile, Vector } from '@plugmark/schemas';
import { HostProfile as HostProfileSchema, parse, parseJson } from '@plugmark/schemas';
import { CORE_HOST } from '../testkit/host-profile.ts';

const WASI = 'wasi_snapshot_preview1';
const CLASSES = ['filesystem', 'network', 'clock', 'random'] as const;
type Meaning = HostProfile['imports'][number]['meaning'];

export function registryHost(name: string): HostProfile {
  const file = new URL(`../../registry/hosts/${name}.json`, import.meta.url);
  return parseJson(HostProfileSchema, new Uint8Array(readFileSync(file)), name);
}

/** Names and types of all 46 functions, as a host's profile lists them. */
const wasiRules = registryHost('ddalab').imports.filter(({ module }) => module === WASI);

const gives = (capability: string): Meaning => ({ as: 'capability', capability });
const PATTERNS: readonly (readonly [RegExp, Meaning])[] = [
  [/^(path_|fd_pre|fd_readdir|fd_filestat|fd_p)/, gives('filesystem')],
  [/^sock_/, gives('network')],
  [/^clock_time/, gives('clock')],
  [/^random_get$/, gives('random')],
  [/^proc_raise$/, { as: 'forbidden', reason: 'a plugin is no process' }],
];

const meaningOf = (name: string): Meaning =>
  PATTERNS.find(([pattern]) => pattern.test(name))?.[1] ?? { as: 'runtime', purpose: 'part of every program' };

export const SMALL_LIMITS: HostProfile['limits'] = {
  ...CORE_HOST.limits,
  memoryBytes: 4_194_304,
  fuel: 5_000_000,
  tableElements: 500,
  outputBytes: 50_000,
  hostCalls: 1_000,
  startMilliseconds: 100,
  callMilliseconds: 100,
};

export function sandboxHost(change: Partial<HostProfile> = {}): HostProfile {
  const capability = CORE_HOST.capabilities[0] as HostProfile['capabilities'][number];
  return parse(
    HostProfileSchema,
    {
      ...CORE_HOST,
      capabilities: CLASSES.map((of) => ({ ...capability, id: of, class: of })),
      imports: [
        ...wasiRules.map((rule) => ({ ...rule, meaning: meaningOf(rule.name) })),
        { module: 'host', name: 'unwritten', kind: 'function', meaning: { as: 'runtime', purpose: 'nothing yet' } },
      ],
      limits: SMALL_LIMITS,
      fuelSchedule: 'wasmtime/classic',
      ...change,
    },
    'test/sandbox/sandbox-host.ts',
  );
}

/** A vector of the test's host: calls by entry and arguments. */
export function vectorOf(
  calls: readonly (readonly [string, ...(number | string)[]])[],
  change: Partial<Vector> = {},
): Vector {
  return {
    schemaVersion: 1,
    name: 'v',
    title: 'v',
    host: 'bench',
    calls: calls.map(([entry, ...values]) => ({ entry, input: { json: values } })),
    grants: [],
    ...change,
  };
}

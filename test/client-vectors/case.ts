// What a case is, and how it becomes case.json: the steps with what the server answers in each. A step's registry is that of the step
// before with one change; only the files that differ from the honest tree are written down.
import type { ClientErrorCode } from '@plugmark/client';
import { NOW } from './base-registry.ts';
import { type FileJson, fileToJson, type ServedFile } from './served-file.ts';
import type { Json, VectorRegistry } from './vector-registry.ts';

type Action = 'init' | 'refresh' | 'resolve' | 'verify' | 'load';

/** Arguments of a request beside `action`, `state`, `url` and `now`. */
export interface Arguments {
  readonly request?: string;
  readonly host?: { readonly id: string; readonly api?: string };
  readonly locked?: readonly string[];
  readonly minimumReleaseAgeMinutes?: number;
  readonly sha256?: string;
}

export interface Step extends Arguments {
  readonly action: Action;
  readonly change?: (registry: VectorRegistry) => unknown;
  readonly now?: string;
  /** Instead of the address of the server. */
  readonly url?: string;
  /** Of `init`: instead of the first root. */
  readonly root?: (registry: VectorRegistry) => Uint8Array;
  readonly expect?: Json | ((registry: VectorRegistry) => Json);
  readonly code?: ClientErrorCode;
}

export interface ClientCase {
  readonly name: string;
  readonly why: string;
  /** Clauses of the specification, by number. */
  readonly clauses: readonly string[];
  /** What a client may lack. */
  readonly requires?: readonly 'keyless'[];
  readonly steps: readonly Step[];
}

export interface Group {
  readonly group: string;
  readonly cases: readonly ClientCase[];
}

export const INIT: Step = { action: 'init' };
export const REFRESH: Step = { action: 'refresh' };

export const directoryOf = ({ name, steps }: ClientCase): string =>
  `${name}${steps.some(({ code }) => code !== undefined) ? '_fail' : ''}`;

/** case.json */
export function caseJson(group: string, one: ClientCase, base: VectorRegistry): Json {
  const { name: _, why, clauses, requires } = one;
  return {
    schemaVersion: 1,
    name: directoryOf(one),
    group,
    title: why,
    clauses,
    ...(requires ? { requires } : {}),
    steps: stepsJson(one, base),
  };
}

function stepsJson({ steps }: ClientCase, base: VectorRegistry): Json[] {
  const registry = base.clone();
  return steps.map(({ change, action, now = NOW, root, code, expect = {}, ...rest }) => {
    change?.(registry);
    const expected = code === undefined ? (typeof expect === 'function' ? expect(registry) : expect) : undefined;
    return {
      action,
      ...(action === 'init' ? { root: rootJson(root, registry) } : { now }),
      ...rest,
      ...(change ? { serve: { tree: 'base', files: differences(registry.files, base.files) } } : {}),
      expect: code === undefined ? { result: expected } : { code },
    };
  });
}

function rootJson(root: Step['root'], registry: VectorRegistry): Json {
  return root === undefined ? { served: 'metadata/1.root.json' } : { file: fileToJson(root(registry)) };
}

/** Files that are other ones, or not there any more. */
function differences(
  files: ReadonlyMap<string, ServedFile>,
  base: ReadonlyMap<string, ServedFile>,
): Record<string, FileJson> {
  const changed = [...files].filter(([path, file]) => !isSame(file, base.get(path)));
  const removed = [...base.keys()].filter((path) => !files.has(path));
  const entries = [
    ...changed.map(([path, file]) => [path, fileToJson(file)] as const),
    ...removed.map((path) => [path, null] as const),
  ];
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isSame(file: ServedFile, other: ServedFile | undefined): boolean {
  if (file === other) return true;
  return file instanceof Uint8Array && other instanceof Uint8Array && Buffer.compare(file, other) === 0;
}

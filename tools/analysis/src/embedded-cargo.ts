// cargo-auditable's list (format: its PARSING.md): the custom section `.dep-v0` holds zlib-compressed JSON,
// `{packages: [{name, version, source, kind?, dependencies?, root?}]}`. Bounded before anything is believed.

import type { EmbeddedList, EmbeddedPackage } from './embedded-list.ts';
import { inflate } from './inflate.ts';

/** Ours: the largest real lists have some thousand packages, about 100 bytes each. */
const MAX_PACKED = 1_048_576;
const MAX_UNPACKED = 8_388_608;
const MAX_PACKAGES = 20_000;
const MAX_EDGES = 200_000;

const NAME = /^[A-Za-z0-9_-]{1,200}$/;
const VERSION = /^[0-9A-Za-z.+-]{1,200}$/;
const SOURCE = /^[\x20-\x7e]{1,300}$/;

interface CargoPackage {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly kind?: unknown;
  readonly dependencies?: readonly number[];
  readonly root?: unknown;
}

export async function cargoDependencies(section: Uint8Array, offset: number): Promise<EmbeddedList> {
  const found = 'cargo-auditable';
  const refused = (problem: string): EmbeddedList => ({ found, offset, packages: [], problem });
  if (section.length > MAX_PACKED) return refused('the section is larger than is read');
  const unpacked = await inflate(section, { maxBytes: MAX_UNPACKED });
  if (unpacked === undefined) return refused('not zlib data, or larger than is read');
  const packages = packagesOf(unpacked);
  if (packages === undefined) return refused('not the list of packages it should be');
  const root = packages.findIndex((one) => one.root === true);
  return { found, offset, packages: packages.map(embedded), ...(root < 0 ? {} : { root }) };
}

function packagesOf(bytes: Uint8Array): readonly CargoPackage[] | undefined {
  const value = decoded(bytes);
  if (typeof value !== 'object' || value === null || !('packages' in value)) return undefined;
  const { packages } = value;
  if (!Array.isArray(packages) || packages.length > MAX_PACKAGES) return undefined;
  if (!packages.every((one) => isPackage(one, packages.length))) return undefined;
  const edges = packages.reduce((sum: number, { dependencies = [] }: CargoPackage) => sum + dependencies.length, 0);
  return edges > MAX_EDGES ? undefined : packages;
}

function decoded(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function isPackage(value: unknown, count: number): value is CargoPackage {
  if (typeof value !== 'object' || value === null) return false;
  const { name, version, source, dependencies = [] } = value as Record<keyof CargoPackage, unknown>;
  const texts = matches(name, NAME) && matches(version, VERSION) && matches(source, SOURCE);
  return (
    texts && Array.isArray(dependencies) && dependencies.every((at) => Number.isInteger(at) && at >= 0 && at < count)
  );
}

const matches = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value);

/** What cargo-auditable writes for a crate that is not from the public registry. */
const OTHER_SOURCES: ReadonlySet<string> = new Set(['git', 'local', 'registry']);

function embedded({ name, version, source, kind, dependencies = [] }: CargoPackage): EmbeddedPackage {
  return {
    name,
    version,
    // Of a crate from a folder, a repository or another registry, the name in the public registry may be another's.
    ...(OTHER_SOURCES.has(source) ? {} : { purl: `pkg:cargo/${name}@${encodeURIComponent(version)}` }),
    buildOnly: kind === 'build',
    dependsOn: [...new Set(dependencies)],
    notes: { source },
  };
}

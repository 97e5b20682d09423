// Go's module information: text between two 16-byte marks (cmd/go/internal/modload, infoStart and infoEnd) in the data of the
// module, which is where runtime/debug.ReadBuildInfo finds it. Lines `mod`, `dep` and `=>` with path, version and sum, in tabs.

import type { EmbeddedList, EmbeddedPackage } from './embedded-list.ts';

const START: readonly number[] = [
  0x30, 0x77, 0xaf, 0x0c, 0x92, 0x74, 0x08, 0x02, 0x41, 0xe1, 0xc1, 0x07, 0xe6, 0xd6, 0x18, 0xe6,
];
const END: readonly number[] = [
  0xf9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72, 0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xd8, 0xf2,
];

/** Ours: a line has some 100 bytes, the largest real programs some thousand modules. */
const MAX_TEXT = 1_048_576;
const MAX_MODULES = 10_000;

const PATH = /^[A-Za-z0-9._~!/+-]{1,300}$/;
const VERSION = /^[0-9A-Za-z.()+-]{1,200}$/;
const SUM = /^(?:h1:[A-Za-z0-9+/=]{1,100})?$/;

interface Bytes {
  readonly offset: number;
  readonly size: number;
}

/** At most one list: a program has one. */
export function goDependencies(bytes: Uint8Array, segments: readonly Bytes[]): EmbeddedList[] {
  for (const { offset, size } of segments) {
    const data = bytes.subarray(offset, offset + size);
    const start = find(data, START, 0);
    if (start < 0) continue;
    const from = start + START.length;
    const end = find(data.subarray(0, from + MAX_TEXT), END, from);
    const refused = { found: 'go-modinfo', offset: offset + start, packages: [] } as const;
    if (end < 0) return [{ ...refused, problem: 'its end is missing, or it is larger than is read' }];
    const modules = modulesOf(data.subarray(from, end));
    if (modules === undefined) return [{ ...refused, problem: 'not the list of modules it should be' }];
    return [listOf(modules, refused)];
  }
  return [];
}

/** The mark's third byte is rarer in files than its first. */
function find(data: Uint8Array, mark: readonly number[], from: number): number {
  for (let at = data.indexOf(mark[2] ?? 0, from + 2); at >= 0; at = data.indexOf(mark[2] ?? 0, at + 1))
    if (mark.every((byte, i) => data[at - 2 + i] === byte)) return at - 2;
  return -1;
}

interface GoModule {
  readonly main: boolean;
  readonly path: string;
  readonly version: string;
  readonly sum: string;
  /** The path the program asked for, where another module stands in for it. */
  readonly replaces?: string;
}

function modulesOf(text: Uint8Array): readonly GoModule[] | undefined {
  const modules: GoModule[] = [];
  for (const line of new TextDecoder().decode(text).split('\n')) {
    const [key, path = '', version = '', sum = ''] = line.split('\t');
    if (key !== 'mod' && key !== 'dep' && key !== '=>') continue;
    if (!PATH.test(path) || (version !== '' && !VERSION.test(version)) || !SUM.test(sum)) return undefined;
    const replaced = key === '=>' ? modules.pop() : undefined;
    if (key === '=>' && replaced === undefined) return undefined;
    const main = replaced?.main ?? key === 'mod';
    modules.push({ main, path, version, sum, ...(replaced === undefined ? {} : { replaces: replaced.path }) });
    if (modules.length > MAX_MODULES) return undefined;
  }
  return modules;
}

/** The list does not say which module needs which: all belong to the one that was built. */
function listOf(modules: readonly GoModule[], { found, offset }: Pick<EmbeddedList, 'found' | 'offset'>): EmbeddedList {
  const root = modules.findIndex(({ main }) => main);
  const others = modules.flatMap(({ main }, at) => (main ? [] : [at]));
  const packages = modules.map((module, at) => embedded(module, at === root ? others : []));
  return { found, offset, packages, ...(root < 0 ? {} : { root }) };
}

function embedded({ path, version, sum, replaces }: GoModule, dependsOn: readonly number[]): EmbeddedPackage {
  // Without a domain first it is a folder or the standard library; `(devel)` is no version anyone else has.
  const published = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\//.test(path) && version.startsWith('v');
  return {
    name: path,
    version,
    ...(published
      ? { purl: `pkg:golang/${path.split('/').map(encodeURIComponent).join('/')}@${encodeURIComponent(version)}` }
      : {}),
    buildOnly: false,
    dependsOn,
    notes: { ...(sum === '' ? {} : { sum }), ...(replaces === undefined ? {} : { replaces }) },
  };
}

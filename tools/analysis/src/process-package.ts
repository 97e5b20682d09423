// A process plugin as it is submitted: a zip with the host's `plugin.json` and a program. All that is read of it is which files it
// holds and what its manifest says; what the program does, no reading shows.

import { type ProcessFacts, ProcessManifest, parseJson, SchemaError } from '@plugmark/schemas';
import { sha256 } from './digest.ts';
import type { PlacedEntry } from './zip/local-headers.ts';
import { readZip, unpackEntry } from './zip/read-zip.ts';
import { DEFAULT_ZIP_LIMITS } from './zip/zip-limits.ts';
import type { ZipProblem } from './zip/zip-problem.ts';

const MANIFEST = 'plugin.json';
/** Ours: it has five fields. */
const MAX_MANIFEST = 65_536;

/** What a person who reads the sources cannot read, or a scanner does not unpack. */
type OpaqueKind = 'archive' | 'native code' | 'compiled Python' | 'WebAssembly';

interface PackagedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** Of its first byte, packed, in the archive. */
  readonly offset: number;
  readonly opaque?: OpaqueKind;
}

type PackagedManifest =
  | { readonly value: ProcessManifest; readonly offset: number }
  | { readonly problem: string; readonly offset: number }
  /** `instead`: where one lies that is not at the top, or is spelled otherwise. */
  | { readonly missing: true; readonly instead?: string };

export interface ProcessPackage {
  readonly kind: 'process';
  readonly size: number;
  /** When there is one, nothing else is known. */
  readonly problems: readonly ZipProblem[];
  readonly files: readonly PackagedFile[];
  readonly manifest: PackagedManifest;
}

/** Unpacks in memory, one file at a time, and keeps nothing but the manifest. Never throws for what the bytes hold. */
export async function readProcessPackage(bytes: Uint8Array): Promise<ProcessPackage> {
  const { entries, problems } = readZip(bytes, DEFAULT_ZIP_LIMITS);
  const files: PackagedFile[] = [];
  const found: ZipProblem[] = [...problems];
  let manifest: PackagedManifest = { missing: true };
  for (const entry of entries) {
    if (entry.isFolder && entry.packedBytes === 0) continue;
    const unpacked = unpackEntry(bytes, entry);
    if ('code' in unpacked) {
      found.push(unpacked);
      if (found.length >= DEFAULT_ZIP_LIMITS.problems) break;
    } else if (!entry.isFolder) {
      files.push(await packagedFile(entry, unpacked.content));
      if (entry.path === MANIFEST) manifest = readManifest(unpacked.content, entry.headerOffset);
    }
  }
  if (found.length > 0)
    return { kind: 'process', size: bytes.length, problems: found, files: [], manifest: { missing: true } };
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    kind: 'process',
    size: bytes.length,
    problems: [],
    files,
    manifest: 'missing' in manifest ? missing(files) : manifest,
  };
}

async function packagedFile({ path, headerOffset }: PlacedEntry, content: Uint8Array): Promise<PackagedFile> {
  const opaque = opaqueKind(content);
  return {
    path,
    size: content.length,
    sha256: await sha256(content),
    offset: headerOffset,
    ...(opaque === undefined ? {} : { opaque }),
  };
}

/** A zip of the folder instead of what is in it is the usual mistake. */
function missing(files: readonly PackagedFile[]): PackagedManifest {
  const other = files.find(({ path }) => path.toLowerCase().split('/').at(-1) === MANIFEST);
  return { missing: true, ...(other === undefined ? {} : { instead: other.path }) };
}

function readManifest(content: Uint8Array, offset: number): PackagedManifest {
  if (content.length > MAX_MANIFEST) return { problem: `it has more than ${MAX_MANIFEST} bytes`, offset };
  try {
    return { value: parseJson(ProcessManifest, content, MANIFEST), offset };
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    const issues = error.issues.map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`));
    return { problem: issues.join('; '), offset };
  }
}

/** First bytes, by which files of these kinds are known: ELF, PE, Mach-O of both orders and for several machines, wasm, archives. */
const MAGIC: readonly (readonly [OpaqueKind, readonly number[]])[] = [
  ['native code', [0x7f, 0x45, 0x4c, 0x46]],
  ['native code', [0x4d, 0x5a]],
  ['native code', [0xcf, 0xfa, 0xed, 0xfe]],
  ['native code', [0xce, 0xfa, 0xed, 0xfe]],
  ['native code', [0xca, 0xfe, 0xba, 0xbe]],
  ['WebAssembly', [0x00, 0x61, 0x73, 0x6d]],
  ['archive', [0x50, 0x4b, 0x03, 0x04]],
  ['archive', [0x50, 0x4b, 0x05, 0x06]],
  ['archive', [0x1f, 0x8b, 0x08]],
  ['archive', [0x42, 0x5a, 0x68]],
  ['archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['archive', [0x52, 0x61, 0x72, 0x21]],
];

function opaqueKind(content: Uint8Array): OpaqueKind | undefined {
  const known = MAGIC.find(([, magic]) => magic.every((byte, i) => content[i] === byte))?.[0];
  // CPython's magic number is two bytes that change with each version, then a line break of both systems, then flags.
  const isCompiled = content.length > 16 && content[2] === 0x0d && content[3] === 0x0a;
  return (
    known ??
    (isCompiled && (content[1] === 0x0c || content[1] === 0x0d || content[1] === 0x0e) ? 'compiled Python' : undefined)
  );
}

/** As reports carry it; undefined when the archive could not be read. */
export function processFacts({ size, problems, files, manifest }: ProcessPackage): ProcessFacts | undefined {
  if (problems.length > 0) return undefined;
  return {
    kind: 'process',
    size,
    ...('value' in manifest ? { entryPoint: manifest.value.entry_point } : {}),
    files: files.map(({ path, size: bytes, sha256: digest }) => ({ path, size: bytes, sha256: digest })),
  };
}

// The edits that test/vectors/build is written in: each damages one file of a registry folder, or makes the waiting release anew.
import { appendFile, cp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileTree } from '@plugmark/publish';
import type { Release } from '@plugmark/schemas';
import { expect } from 'vitest';
import {
  addRelease,
  editJson,
  honestModule,
  type Json,
  type SmallRegistry,
  writeFiles,
} from '../testkit/registry-folder.ts';

export type Names = Readonly<Record<string, string>>;

/** The release that waits to be built. */
export const NEW = { plugin: 'acme/thing', version: '2.0.0', readme: '# Thing 2\n' } as const;
export const NEW_BYTES = honestModule(50).build();

export interface Edit {
  readonly file?: string;
  readonly flip?: number;
  readonly truncate?: number;
  readonly append?: string;
  readonly write?: string;
  readonly replace?: [string, string];
  readonly set?: Record<string, unknown>;
  readonly copy?: string;
  readonly link?: string;
  readonly remove?: true;
  /** Another character in the bundle’s signature. */
  readonly signatureByte?: true;
  /** The waiting release with other bytes or members, signed like that. */
  readonly module?: string;
  readonly release?: Record<string, unknown>;
}

const MODULES: Readonly<Record<string, Uint8Array>> = {
  'undeclared-import': honestModule(50).importFunction('bench', 'fetch', ['i32', 'i32'], ['i32']).build(),
  'unknown-import': honestModule(50).importFunction('bench', 'nothing').build(),
  truncated: NEW_BYTES.slice(0, 30),
  text: new TextEncoder().encode('<!doctype html><title>Not found</title>'),
  empty: new Uint8Array(),
};

async function pathOf(folder: string, file: string, names: Names): Promise<string> {
  const named = file.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? '');
  if (!named.includes('*')) return join(folder, named);
  const [, end = ''] = basename(named).split('*');
  const found = (await readdir(join(folder, dirname(named)))).filter((name) => name.endsWith(end));
  expect(found).toHaveLength(1);
  return join(folder, dirname(named), found[0] ?? '');
}

/** Damages a folder that holds registry/, out/ and the rest. `names` are digests the edits speak of. */
export async function applyEdit(folder: string, edit: Edit, names: Names): Promise<void> {
  if (edit.file === undefined) return resign(folder, edit);
  const path = await pathOf(folder, edit.file, names);
  const bytes = await readFile(path).catch(() => undefined);
  const text = bytes?.toString('utf8') ?? '';
  const { flip, truncate, replace, set } = edit;
  if (edit.remove) await rm(path, { recursive: true });
  if (edit.write !== undefined) await writeFiles(dirname(path), [[basename(path), edit.write]]);
  if (edit.append !== undefined) await appendFile(path, edit.append);
  if (edit.copy !== undefined) await cp(join(folder, edit.copy), path);
  if (edit.link !== undefined) await rm(path, { force: true }).then(() => symlink(edit.link ?? '', path));
  if (truncate !== undefined) await writeFile(path, bytes?.subarray(0, truncate) ?? '');
  if (flip !== undefined && bytes !== undefined) {
    const index = (flip + bytes.length) % bytes.length;
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    await writeFile(path, bytes);
  }
  if (replace !== undefined) {
    expect(text).toContain(replace[0]);
    await writeFile(path, text.replace(...replace));
  }
  if (edit.signatureByte)
    await writeFile(
      path,
      text.replace(/"sig":"(.)/, (_, first: string) => `"sig":"${first === 'A' ? 'B' : 'A'}`),
    );
  if (set !== undefined) {
    const files: FileTree = new Map([['x', new Uint8Array(bytes ?? [])]]);
    editJson(files, 'x', (value) => withMembers(value, set));
    await writeFile(path, files.get('x') as Uint8Array);
  }
}

function withMembers(value: Json, members: Record<string, unknown>): Json {
  for (const [path, member] of Object.entries(members)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    keys.reduce((at, key) => at[key], value)[last] = member;
  }
  return value;
}

/** Makes and signs the waiting release anew. */
async function resign(folder: string, { module, release = {} }: Edit): Promise<void> {
  const registry: SmallRegistry = { files: new Map(), artifacts: new Map() };
  const bytes = module === undefined ? NEW_BYTES : MODULES[module];
  expect(bytes).toBeDefined();
  await addRelease(registry, {
    ...NEW,
    bytes: bytes as Uint8Array,
    change: (made) => withMembers(structuredClone(made), release) as Release,
  });
  registry.files.delete('plugins/acme/thing/listing.json');
  await writeFiles(join(folder, 'registry'), registry.files);
  await writeFiles(
    join(folder, 'artifacts'),
    [...registry.artifacts].map(([digest, content]) => [`${digest}.wasm`, content] as const),
  );
}

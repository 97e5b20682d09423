// Example plugins written in Rust and C. `npm ci` brings no compilers for them, so the small .wasm files are committed beside
// their sources, and rebuilt and compared byte for byte where Debian's compilers are installed:
//   node test/testkit/native-plugins.ts     writes the committed files anew

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const SOURCES = fileURLToPath(new URL('../plugins', import.meta.url));
const run = promisify(execFile);

/** Where Debian 12 puts them; another version makes other bytes, so it counts as not installed. */
const COMPILERS = {
  rust: { file: '/usr/bin/rustc', says: /^rustc 1\.63\.0\b/, package: 'rustc libstd-rust-dev-wasm32 lld-14' },
  c: { file: '/usr/bin/clang-14', says: /clang version 14\.0\.6\b/, package: 'clang-14 lld-14' },
} as const;

export interface NativePlugin {
  readonly folder: string;
  readonly language: keyof typeof COMPILERS;
  readonly entry: string;
  /** Compiled file beside the sources. */
  readonly output: string;
  /** Flags of its own. */
  readonly flags: readonly string[];
  readonly maxBytes: number;
  readonly stackBytes: number;
}

export const NATIVE_PLUGINS: readonly NativePlugin[] = [
  {
    folder: 'permutation-entropy',
    language: 'rust',
    entry: 'lib.rs',
    output: 'permutation-entropy.wasm',
    flags: ['--target', 'wasm32-unknown-unknown'],
    maxBytes: 4_194_304,
    stackBytes: 65_536,
  },
  {
    folder: 'source-imports',
    language: 'rust',
    entry: 'lib.rs',
    output: 'source-imports.wasm',
    flags: ['--target', 'wasm32-wasi'],
    maxBytes: 67_108_864,
    stackBytes: 131_072,
  },
  {
    folder: 'scale-harmoniser',
    language: 'c',
    entry: 'plugin.c',
    output: 'scale-harmoniser.wasm',
    flags: [],
    maxBytes: 1_048_576,
    stackBytes: 16_384,
  },
  {
    folder: 'dependency-cycles',
    language: 'c',
    entry: 'plugin.c',
    // The core module; the build wraps it as a component.
    output: 'core.wasm',
    flags: [],
    maxBytes: 67_108_864,
    stackBytes: 16_384,
  },
];

const RUST = [
  ...['--edition', '2021', '--crate-type', 'cdylib', '--crate-name', 'plugin', '-D', 'warnings'],
  ...['-C', 'opt-level=s', '-C', 'lto', '-C', 'codegen-units=1', '-C', 'panic=abort'],
  ...['-C', 'strip=symbols', '-C', 'linker=wasm-ld-14'],
];
const C = [
  ...['--target=wasm32', '-std=c11', '-Wall', '-Wextra', '-Werror', '-Os'],
  ...['-ffreestanding', '-fno-builtin', '-nostdlib', '-Wl,--no-entry', '-s'],
];

/** The command line, to be run in test/plugins: paths are relative, because panic messages carry them. */
function nativeCommand(plugin: NativePlugin, out: string): readonly [string, ...string[]] {
  const { folder, language, entry, flags, maxBytes, stackBytes } = plugin;
  const source = `${folder}/${entry}`;
  const limits = [`--max-memory=${maxBytes}`, `-zstack-size=${stackBytes}`];
  const { file } = COMPILERS[language];
  if (language === 'rust')
    return [file, ...RUST, ...flags, ...limits.flatMap((limit) => ['-C', `link-arg=${limit}`]), source, '-o', out];
  return [file, ...C, ...flags, ...limits.map((limit) => `-Wl,${limit}`), source, '-o', out];
}

/** Why a plugin cannot be compiled here; undefined when it can. */
export async function compilerProblem({ language }: NativePlugin): Promise<string | undefined> {
  const { file, says, package: packages } = COMPILERS[language];
  try {
    const { stdout } = await run(file, ['--version']);
    return says.test(stdout) ? undefined : `${file} is another version; Debian 12 has the right one`;
  } catch {
    return `${file} is not installed (Debian: ${packages})`;
  }
}

/** Compiles into a folder of its own and answers the bytes. `sources` is test/plugins or a copy of it. */
export async function compileNative(plugin: NativePlugin, sources: string = SOURCES): Promise<Uint8Array> {
  const scratch = await mkdtemp(join(tmpdir(), 'plugmark-native-'));
  try {
    const out = join(scratch, plugin.output);
    const [file, ...args] = nativeCommand(plugin, out);
    await run(file, args, { cwd: sources });
    return new Uint8Array(await readFile(out));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export function nativeFile({ folder, output }: NativePlugin): string {
  return join(SOURCES, folder, output);
}

const [, script] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  for (const plugin of NATIVE_PLUGINS) {
    const problem = await compilerProblem(plugin);
    if (problem !== undefined) throw new Error(problem);
    const bytes = await compileNative(plugin);
    await writeFile(nativeFile(plugin), bytes, { mode: 0o644 });
    process.stderr.write(`${plugin.folder}: ${bytes.length} bytes\n`);
  }
}

// Honest plugins of our own writing, one a folder: what people make with the usual compilers and settings, with a manifest
// that says the truth. The compilers are too large to install for a test, so the bytes are committed and made anew where
// the same compilers are present.

export type Language = 'rust' | 'c' | 'assemblyscript';

export interface Recipe {
  /** Relative to test/honest: language and name. */
  readonly folder: string;
  readonly language: Language;
  /** Run in the folder; writes plugin.wasm there. */
  readonly command: readonly string[];
  /** The core module is wrapped for Parseltongue's world. */
  readonly component?: true;
}

export interface Compiler {
  /** Says the version, and what it says when it is the one that made the committed bytes. */
  readonly version: readonly string[];
  readonly says: string;
}

/** The WASI ones come from Debian 12 (rustc with libstd-rust-dev-wasm32; clang-14 and lld-14 with wasi-libc). */
export const COMPILERS: Readonly<Record<Language, Compiler>> = {
  rust: { version: ['/usr/bin/rustc', '--version'], says: 'rustc 1.63.0' },
  c: { version: ['clang-14', '--version'], says: 'Debian clang version 14.0.6' },
  assemblyscript: { version: ['asc', '--version'], says: 'Version 0.28.20' },
};

const rust = (name: string, target: 'wasm32-unknown-unknown' | 'wasm32-wasi'): Recipe => ({
  folder: `rust/${name}`,
  language: 'rust',
  command: [
    ...['/usr/bin/rustc', '--edition', '2021', '--target', target, '--crate-type', 'cdylib', '--crate-name', 'plugin'],
    ...['opt-level=z', 'lto=fat', 'strip=symbols', 'panic=abort', 'linker=wasm-ld-14'].flatMap((value) => [
      '-C',
      value,
    ]),
    ...['-o', 'plugin.wasm', 'lib.rs'],
  ],
});
const c = (name: string, ...options: readonly string[]): Recipe => ({
  folder: `c/${name}`,
  language: 'c',
  command: ['clang-14', '-Os', '-s', '-Wall', '-Werror', ...options, '-o', 'plugin.wasm', 'plugin.c'],
});
const assemblyScript = (name: string, ...options: readonly string[]): Recipe => ({
  folder: `assemblyscript/${name}`,
  language: 'assemblyscript',
  command: ['asc', 'index.ts', '--baseDir', '.', '-O', ...options, '--outFile', 'plugin.wasm'],
});

const WASI = ['--target=wasm32-wasi', '--sysroot=/usr'];
const REACTOR = [...WASI, '-mexec-model=reactor'];

const FREESTANDING = ['--target=wasm32', '-nostdlib', '-Wl,--no-entry'];

/** Needs an adapter from WASI preview 1 to 2, which is other people's and in the corpus; its bytes are not committed. */
export const ADAPTED: Recipe = { ...c('graph-report', ...REACTOR), component: true };

export const RECIPES: readonly Recipe[] = [
  rust('chord-names', 'wasm32-unknown-unknown'),
  rust('channel-variance', 'wasm32-unknown-unknown'),
  rust('note-histogram', 'wasm32-wasi'),
  rust('session-clock', 'wasm32-wasi'),
  rust('import-cycles', 'wasm32-wasi'),
  rust('spike-table', 'wasm32-wasi'),
  c('velocity-gate', ...REACTOR),
  c('dice', ...REACTOR),
  c('line-length', ...REACTOR),
  c('peak', ...REACTOR),
  c('as-command', ...WASI),
  c('no-libc', ...FREESTANDING),
  { ...c('graph-size', ...FREESTANDING), component: true },
  assemblyScript('transpose'),
  assemblyScript('humanise'),
  assemblyScript('name-style', '--runtime', 'minimal'),
  assemblyScript('moving-average', '--exportRuntime'),
];

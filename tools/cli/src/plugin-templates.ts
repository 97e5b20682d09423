// What `plugmark init` can write: one row a language and one a calling convention. The files themselves lie in templates/, as files,
// so that a test builds what a person gets.

import type { Abi, HostProfile } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';

interface Template {
  readonly title: string;
  /** Files of the language: where they lie in templates/, and their names in the plugin's folder. */
  readonly files: Readonly<Record<string, string>>;
  /** The source, one for each calling convention. */
  readonly source: string;
  readonly build: string;
  /** The same on a runner of ubuntu-24.04, where nothing of ours is installed. */
  readonly ciBuild: string;
}

export const TEMPLATES = {
  rust: {
    title: 'Rust, by rustc alone',
    files: { 'rust/build.sh': 'build.sh' },
    source: 'lib.rs',
    build: './build.sh',
    ciBuild: 'rustup target add wasm32-unknown-unknown && ./build.sh',
  },
  assemblyscript: {
    title: 'AssemblyScript, which npm installs',
    files: { 'assemblyscript/package.json': 'package.json' },
    source: 'index.ts',
    build: 'npm install && npm run build',
    ciBuild: 'npm ci && npm run build',
  },
  c: {
    title: 'C, with clang and wasi-libc',
    files: { 'c/build.sh': 'build.sh' },
    source: 'plugin.c',
    build: './build.sh',
    ciBuild: 'sudo apt-get install -qqy clang lld wasi-libc libclang-rt-18-dev-wasm32 && SYSROOT=/usr ./build.sh',
  },
} as const satisfies Record<string, Template>;

export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as TemplateName[];

/** Names begin without a dot in templates/: npm would read the one as its own list, and GitHub would run the other. */
export const COMMON_FILES: Readonly<Record<string, string>> = {
  'common/README.md': 'README.md',
  'common/gitignore': '.gitignore',
  'common/listing.json': 'listing.json',
  'common/release.yml': '.github/workflows/release.yml',
};

interface Convention {
  /** What the function does; the author replaces it with the rest. */
  readonly summary: string;
  /** Vectors, the one a newcomer runs first. */
  readonly vectors: readonly [string, ...string[]];
  /** What the sources export; a host that requires more is not served. */
  readonly exports: readonly string[];
}

const SHARED_MEMORY = ['memory', 'alloc', 'dealloc'];

const CONVENTIONS: Readonly<Partial<Record<Abi, Convention>>> = {
  ddalab: {
    summary: 'The mean of every channel',
    vectors: ['means', 'no-grant'],
    exports: [...SHARED_MEMORY, 'analyze'],
  },
  conductor: {
    summary: 'Moves a note by a number of semitones',
    vectors: ['a-fifth-up', 'out-of-range'],
    exports: [...SHARED_MEMORY, 'init', 'execute'],
  },
  hielements: {
    summary: 'Checks that no text of a list occurs twice',
    vectors: ['all-different', 'twice'],
    exports: [...SHARED_MEMORY, 'library_name', 'library_call', 'library_check'],
  },
  raw: { summary: 'Keeps a number within two bounds', vectors: ['bounds'], exports: ['memory', 'clamp'] },
};

export const hasTemplate = ({ abi, artifact }: Pick<HostProfile, 'abi' | 'artifact'>): boolean =>
  artifact === 'core' && CONVENTIONS[abi] !== undefined;

/** What there is for this host. Throws TEMPLATE_MISSING, with the hosts that have one. */
export function conventionFor(profile: HostProfile, served: readonly string[]): Convention {
  const convention = hasTemplate(profile) ? CONVENTIONS[profile.abi] : undefined;
  const hint = `there are templates for ${served.join(', ') || 'no host of this registry'}`;
  if (convention === undefined)
    throw new CliError(
      'TEMPLATE_MISSING',
      `there is no template for ${profile.host}, whose plugins are ${KINDS[profile.artifact]} (calling convention ${profile.abi})`,
      { hint },
    );
  const missing = profile.exports.filter(({ required, name }) => required && !convention.exports.includes(name));
  if (missing.length > 0)
    throw new CliError(
      'TEMPLATE_MISSING',
      `the template for ${profile.abi} does not export what ${profile.host} requires: ${missing.map(({ name }) => name).join(', ')}`,
      { hint },
    );
  return convention;
}

const KINDS: Readonly<Record<HostProfile['artifact'], string>> = {
  core: 'core modules',
  component: 'components',
  process: 'processes',
};

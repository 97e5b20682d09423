// The page "Run your own registry in fifteen minutes", typed box by box as it is printed. Two things of it lie outside of a machine and are
// replaced, each exactly once: the addresses of the public repository and of its registry, by those of the loopback upstream. The third is
// `npm ci`, which a caller may replace.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { asPattern, executableBlocks, type PageBlock } from './page-blocks.ts';
import { type Answer, CHECKOUT, canConfine, type Terminal, typeBlock } from './page-terminal.ts';
import { linkedModules, makeUpstreamWorld, type UpstreamWorld } from './upstream-world.ts';

const PAGE = 'site/src/content/docs/run-a-registry.md';

export interface Journey {
  readonly world: UpstreamWorld;
  readonly terminal: Terminal;
  readonly blocks: readonly PageBlock[];
  /** Types them in order, and compares what must come back. */
  type(blocks: readonly PageBlock[]): Promise<readonly Answer[]>;
}

/** With the checkout's packages, linked, and a plain npx; or with npm as the page has it, whose `npm ci` alone may ask the package registry. */
export async function startJourney(packages: 'linked' | 'npm ci'): Promise<Journey> {
  const world = await makeUpstreamWorld();
  const { scratch, written, repository, url } = world;
  const home = join(scratch, 'home');
  await mkdir(join(scratch, 'tmp'));
  await mkdir(home);
  // Whoever has git has told it this.
  await writeFile(join(home, '.gitconfig'), '[user]\nname = the lab\nemail = lab@example.org\n');
  const env = {
    PATH: [
      dirname(process.execPath),
      packages === 'linked' ? await plainNpx(scratch) : folderOf('npm'),
      ...[folderOf('git'), '/usr/bin', '/bin'],
    ].join(':'),
    ...{ HOME: home, TMPDIR: join(scratch, 'tmp'), npm_config_cache: join(home, '.npm') },
    ...(packages === 'linked' ? {} : registrySettings()),
  };
  const text = [
    [written.repository, repository],
    [written.url, url],
    ...(packages === 'linked' ? [['npm ci', `cp -a ${await farm(scratch)} node_modules`] as const] : []),
  ].reduce((page, [from = '', to = '']) => replaceOnce(page, from, to), await readFile(join(CHECKOUT, PAGE), 'utf8'));
  const terminal: Terminal = { scratch, env, cwd: scratch, isConfined: canConfine(scratch) };
  return { world, terminal, blocks: executableBlocks(text), type: (blocks) => typeAll(terminal, blocks) };
}

/** In boxes that are typed: a page may speak of an address. */
function replaceOnce(page: string, from: string, to: string): string {
  const occurrences = executableBlocks(page).filter(({ text }) => text.includes(from));
  expect([from, occurrences.map(({ text }) => text.split(from).length - 1)]).toEqual([from, [1]]);
  const [block] = occurrences;
  const lines = page.split('\n');
  const at = lines.findIndex((line, index) => index >= (block?.line ?? 0) && line.includes(from));
  return lines
    .with(
      at,
      (lines[at] ?? '').replace(from, () => to),
    )
    .join('\n');
}

async function farm(scratch: string): Promise<string> {
  const folder = join(dirname(scratch), 'modules');
  await linkedModules(folder);
  return folder;
}

/** The checkout's own commands come first in the PATH of tests, and are not what a newcomer has. */
function folderOf(program: string): string {
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.startsWith(CHECKOUT));
  return folders.find((folder) => existsSync(join(folder, program))) ?? '/usr/bin';
}

/** An `npx` that does what npx does for a command that is installed, without npm, which takes longer than most commands. */
async function plainNpx(scratch: string): Promise<string> {
  const folder = join(dirname(scratch), 'bin');
  await mkdir(folder);
  const script = '#!/bin/sh\ncommand=$1\nshift\nexec "node_modules/.bin/$command" "$@"\n';
  await writeFile(join(folder, 'npx'), script, { mode: 0o755 });
  return folder;
}

/** Whether npm would find packages with what a box is given. */
export function hasPackageRegistry(): boolean {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, npm_config_userconfig: '/dev/null', ...registrySettings() };
  return spawnSync('npm', ['ping'], { env, timeout: 30_000 }).status === 0;
}

/** Where this machine's npm finds packages. */
function registrySettings(): Record<string, string> {
  const named = Object.entries(process.env).filter(([name]) =>
    /^npm_config_registry$|^NODE_EXTRA_CA_CERTS$/i.test(name),
  );
  return Object.fromEntries(named.map(([name, value]) => [name, value ?? '']));
}

async function typeAll(terminal: Terminal, blocks: readonly PageBlock[]): Promise<readonly Answer[]> {
  const all: Answer[] = [];
  for (const block of blocks) {
    const where = `${PAGE}:${block.line}`;
    const answers = await typeBlock(terminal, block);
    for (const [at, { command, shown, exit, printed }] of answers.entries()) {
      // A command may fail only where the page goes on to say so.
      const isSaid = answers[at + 1]?.command === 'echo $?';
      expect({ where, command, printed, exit }).toMatchObject({ exit: isSaid ? expect.any(Number) : 0 });
      if (shown !== undefined && !asPattern(shown).test(printed))
        expect({ where, printed }).toEqual({ where, printed: shown });
    }
    all.push(...answers);
  }
  return all;
}

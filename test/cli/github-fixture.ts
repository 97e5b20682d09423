// Repositories that a person could install from: one with two releases, one whose code does more than it declares, one without any.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../tools/dev/src/github/github-state.ts';
import { type GitHub, openGitHub } from '../../tools/dev/src/github/open-github.ts';
import { REPOSITORY } from './fixtures.ts';

const NOW = new Date('2026-11-25T12:00:00Z');

export async function githubFixture(base: string, folder: string): Promise<GitHub> {
  await mkdir(folder);
  const github = await openGitHub({ folder, now: () => NOW });
  const owner = github.user('octo', 7001);
  const readme = new Map([['README.md', new TextEncoder().encode('# Entropy\n')]]);
  const repository = (name: string): Promise<Repository> => github.repository(owner, name, readme);
  const entropy = await repository('entropy');
  await release(entropy, base, '1.0.0');
  await release(entropy, base, '1.1.0');
  for (const tag of ['v1.0.0', 'v1.1.0']) await github.tag(entropy, tag);
  await release(await repository('liar'), base, '1.1.0', (text) =>
    text.replace(/^permissions:\n(?: .*\n)+/m, 'permissions: []\n'),
  );
  await repository('empty');
  return github;
}

async function release(to: Repository, base: string, version: string, change = (text: string) => text): Promise<void> {
  const manifest = await readFile(
    join(REPOSITORY, 'test/plugins/spectral-entropy', version, 'ddalab-plugin.yaml'),
    'utf8',
  );
  const wasm = new Uint8Array(await readFile(join(base, 'built', `spectral-entropy-${version}.wasm`)));
  // The author's own name for it, not that of the registry's plugin.
  const own = manifest.replace(/^plugin: .*$/m, 'plugin: octo/entropy');
  to.releases.set(
    `v${version}`,
    new Map([
      ['ddalab-plugin.yaml', new TextEncoder().encode(change(own))],
      ['spectral-entropy.wasm', wasm],
    ]),
  );
}

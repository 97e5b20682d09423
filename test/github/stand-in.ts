// A stand-in with a small registry on it, and who may do what there.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileTree } from '@plugmark/publish';
import type { Repository, User } from '../../tools/dev/src/github/github-state.ts';
import { type GitHub, openGitHub } from '../../tools/dev/src/github/open-github.ts';
import { PEOPLE } from '../analysis/merge/merge-world.ts';

export interface World {
  readonly github: GitHub;
  readonly folder: string;
  readonly clock: { now: Date };
  readonly registry: Repository;
  readonly people: Readonly<Record<keyof typeof PEOPLE, User>>;
  /** The reviewer's: a workflow's, which is no user. */
  readonly reviewer: string;
  end(): Promise<void>;
}

/** `plugmark/registry` with these files below registry/, a workflow, and everybody of the merge cases. */
export async function openWorld(files: FileTree, now = new Date('2026-11-01T09:00:00Z')): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'plugmark-github-'));
  const clock = { now };
  const github = await openGitHub({ folder: join(folder, 'github'), now: () => clock.now });
  const owner = github.user('plugmark', 50);
  const bot = github.user('github-actions[bot]', 41_898_282, 'Bot');
  const people = Object.fromEntries(
    Object.entries(PEOPLE).map(([name, { login, id }]) => [name, github.user(login, id)]),
  ) as World['people'];
  const all = new Map<string, Uint8Array>([...files].map(([path, bytes]) => [`registry/${path}`, bytes] as const));
  all.set('README.md', new TextEncoder().encode('# A registry\n'));
  all.set('.github/workflows/publish.yml', new TextEncoder().encode('name: publish\n'));
  const registry = await github.repository(owner, 'registry', all);
  for (const one of [bot, people.mona, people.mick]) registry.writers.add(one.id);
  return {
    github,
    folder,
    clock,
    registry,
    people,
    reviewer: github.token(bot, 'installation'),
    end: async () => {
      await github.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

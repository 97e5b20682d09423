// Builds a registry step by step in both ways, and compares every byte of ledger and tree after each.
import {
  type FileChanges,
  type FileTree,
  lazyTree,
  sourceFolder,
  type Update,
  updateRegistry,
  updateViews,
  type WholeBuildNeeded,
} from '@plugmark/publish';
import { type Built, build, ceremony, digests, later, NOW } from '../testkit/office.ts';
import { OFFICE_KEYS, type SmallRegistry, signerOf, smallRegistry } from '../testkit/registry-folder.ts';
import { happen, randomFrom } from '../testkit/registry-history.ts';

export interface Compared {
  readonly what: string;
  /** Why it had to be a whole build; undefined where it was not. */
  readonly whole: WholeBuildNeeded['whole'] | undefined;
  /** Paths that are not the same in both. */
  readonly differences: readonly string[];
}

export interface UpdateOf {
  readonly registry: SmallRegistry;
  readonly previous: Pick<Built, 'ledger' | 'tree'>;
  readonly offline: Built['offline'];
  readonly now: Date;
  readonly draw?: { readonly seed: Uint8Array; readonly count: number };
  readonly artifact?: (sha256: string) => Uint8Array | undefined;
  /** What the registry held at the build before, as git knows it; without it every folder is looked at. */
  readonly before?: FileTree | undefined;
}

const NO_DRAW = { seed: new Uint8Array(), count: 0 };

export async function update({
  registry,
  previous,
  offline,
  now,
  draw = NO_DRAW,
  artifact,
  before,
}: UpdateOf): Promise<Update | WholeBuildNeeded> {
  return updateRegistry({
    folder: sourceFolder(sorted(registry.files), before && sorted(before)),
    offline,
    ledger: lazyTree(previous.ledger),
    signers: { online: signerOf(OFFICE_KEYS.online), cosign: signerOf(OFFICE_KEYS.cosign) },
    artifact: async ({ release }) =>
      (artifact ?? ((digest) => registry.artifacts.get(digest)))(release.artifact.sha256),
    now,
    draw,
  });
}

const sorted = (files: FileTree): FileTree => new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));

export function applied(files: FileTree, ...changes: readonly FileChanges[]): FileTree {
  const next = new Map(files);
  for (const change of changes)
    for (const [path, bytes] of change) {
      if (bytes === undefined) next.delete(path);
      else next.set(path, bytes);
    }
  return next;
}

/** Plays a history; a ceremony is held for `plugins` of them from the step `grownAt` on, as if so many were there. */
export async function playHistory(
  seed: string,
  steps: number,
  grown?: { readonly at: number; readonly plugins: number },
): Promise<Compared[]> {
  const random = randomFrom(seed);
  const registry = await smallRegistry();
  let previous = await build(registry);
  let now = NOW;
  const compared: Compared[] = [];
  for (let number = 1; number <= steps; number++) {
    // A checkout without its history has to look at everything: now and then.
    const before = random() < 0.8 ? new Map(registry.files) : undefined;
    const { what, wait, ceremony: anew } = await happen(registry, now, number, random);
    now = later(wait, now);
    const isGrown = grown?.at === number;
    const held = anew || isGrown || wait > 100 * 86_400_000;
    const offline = held
      ? ceremony(registry, { previous, now, ...(isGrown ? { plugins: grown.plugins } : {}) })
      : previous.offline;
    const whole = await build(registry, { previous, offline, now });
    compared.push({ what, ...(await compare({ registry, previous, offline, now, whole, random, before })) });
    previous = whole;
  }
  return compared;
}

async function compare({
  whole,
  random,
  ...work
}: UpdateOf & { readonly whole: Built; readonly random: () => number }): Promise<
  Pick<Compared, 'whole' | 'differences'>
> {
  const draw = { seed: new Uint8Array([Math.floor(random() * 256)]), count: 1 };
  const made = await update({ ...work, draw });
  if ('whole' in made) return { whole: made.whole, differences: [] };
  const folder = sourceFolder(sorted(work.registry.files));
  const views = await updateViews({ folder, offline: work.offline, update: made, tree: lazyTree(work.previous.tree) });
  if ('whole' in views) return { whole: views.whole as WholeBuildNeeded['whole'], differences: [] };
  const ledger = applied(work.previous.ledger, made.ledger);
  const tree = applied(work.previous.tree, made.tree, views);
  return {
    whole: undefined,
    differences: [...different(ledger, whole.ledger, 'ledger'), ...different(tree, whole.tree, 'tree')],
  };
}

function different(a: FileTree, b: FileTree, where: string): string[] {
  const [left, right] = [digests(a), digests(b)];
  const paths = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...paths].filter((path) => left[path] !== right[path]).map((path) => `${where}/${path}`);
}

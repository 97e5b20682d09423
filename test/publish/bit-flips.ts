// The mutation claim on a whole small registry: one flipped bit in one file that a client reads is refused with a code, or changes no
// decision. Both are counted; anything else is a fault.
import { ClientError, memoryStore } from '@plugmark/client';
import type { FileTree } from '@plugmark/publish';
import { type Built, build, clientOf, later, rootOf } from '../testkit/office.ts';
import { smallRegistry } from '../testkit/registry-folder.ts';

export interface FlipCounts {
  /** By code. */
  readonly refused: Record<string, number>;
  /** Every decision byte for byte as without the flip. */
  same: number;
  /** `path byte bit`, and what came out. */
  readonly wrong: string[];
}

export interface Flippable {
  readonly built: Built;
  /** Paths a client reads on the way to both plugins, the shipped root first. */
  readonly paths: readonly string[];
  readonly expected: string;
}

const SHIPPED = 'shipped root';

/** Everything a host acts on: what is resolved and installed, from nothing, and what is known about it. */
async function decisions(tree: (path: string) => Uint8Array | undefined, root: Uint8Array): Promise<string> {
  const client = clientOf(tree, root, { store: memoryStore(), now: later(0) });
  const state = await client.refresh();
  const made: unknown[] = [state.registry, state.expires, state.rootVersion];
  for (const plugin of ['acme/thing', 'indie/tool']) {
    const { document: _, ...resolution } = await client.resolve(plugin);
    const installed = await client.install(plugin);
    made.push(resolution, installed, [...(await client.load(installed.sha256))]);
  }
  return JSON.stringify(made);
}

export async function flippable(): Promise<Flippable> {
  const built = await build(await smallRegistry());
  const asked = new Set<string>();
  const expected = await decisions((path) => {
    if (built.tree.has(path)) asked.add(path);
    return built.tree.get(path);
  }, rootOf(built));
  return { built, paths: [SHIPPED, ...asked].sort(), expected };
}

export const sizeOf = ({ built }: Flippable, path: string): number =>
  (path === SHIPPED ? rootOf(built) : (built.tree as FileTree).get(path))?.length ?? 0;

export async function flip(
  { built, expected }: Flippable,
  counts: FlipCounts,
  [path, at, bit]: readonly [string, number, number],
): Promise<void> {
  const bytes = (path === SHIPPED ? rootOf(built) : (built.tree.get(path) as Uint8Array)).slice();
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  const serve = (asked: string): Uint8Array | undefined => (asked === path ? bytes : built.tree.get(asked));
  try {
    const made = await decisions(serve, path === SHIPPED ? bytes : rootOf(built));
    if (made === expected) counts.same++;
    else counts.wrong.push(`${path} ${at} ${bit}: another decision`);
  } catch (error) {
    if (error instanceof ClientError) counts.refused[error.code] = (counts.refused[error.code] ?? 0) + 1;
    else counts.wrong.push(`${path} ${at} ${bit}: ${String(error)}`);
  }
}

export const noCounts = (): FlipCounts => ({ refused: {}, same: 0, wrong: [] });

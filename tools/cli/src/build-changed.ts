// `registry build --changed`: the ledger and the tree of the last build are changed where something else came of the registry. Whatever
// it takes more than that for is said, and the build is a whole one.

import { randomBytes } from 'node:crypto';
import {
  type BuildInput,
  type LazyFiles,
  lazyFolder,
  readFolder,
  readRegistrySource,
  type SourceFolder,
  sourceFolder,
  type Update,
  updateRegistry,
  updateViews,
  type WholeBuildNeeded,
  type WriteResult,
  writeChanges,
} from '@plugmark/publish';
import { gitSource } from './git-source.ts';
import { type Io, say } from './io.ts';
import { holdsCeremony, type OpenedTrust } from './open-trust.ts';
import type { OfferedRuns } from './read-runs.ts';

export interface ChangedBuild extends Pick<BuildInput, 'artifact' | 'now' | 'onProgress'> {
  readonly data: string;
  readonly out: string;
  readonly ledger: string;
  readonly trust: string;
  readonly keys: string;
  readonly runs: OfferedRuns;
  readonly draw: number;
  readonly openTrust: (source: ReturnType<typeof readRegistrySource>) => Promise<OpenedTrust>;
  readonly publishedTimestamp: (trust: OpenedTrust) => Promise<Uint8Array | undefined>;
  /** Throws when a refused release must stop the build. */
  readonly requireAdmitted: (result: Pick<Update, 'refusals'>) => void;
}

/** Undefined where a whole build has to be made. */
export async function buildChanged(
  io: Io,
  input: ChangedBuild,
): Promise<{ readonly result: Update; readonly written: WriteResult } | undefined> {
  const made = await updated(io, input);
  if (typeof made !== 'string') return made;
  say(io, `building whole: ${made}`);
  return undefined;
}

const REASONS: Readonly<Record<WholeBuildNeeded['whole'], string>> = {
  mirrors: 'releases from upstream are approved for a time',
  noLists: 'the ledger does not say yet what its plugins were made of',
  otherRoles: 'package documents are listed by other roles now',
  pluginGone: 'a plugin went that had no release',
  releaseDropped: 'a listed release is refused now',
  sharedSignature: 'two plugins with the same bytes have a detached signature',
};

async function updated(
  io: Io,
  input: ChangedBuild,
): Promise<{ readonly result: Update; readonly written: WriteResult } | string> {
  const { data, out, ledger: ledgerFolder, now, runs, artifact, onProgress } = input;
  if (await holdsCeremony({ ...input, env: io.env }))
    return 'the offline keys lie here and sign what the whole registry says';
  const [ledger, tree] = [lazyFolder(ledgerFolder), lazyFolder(out)];
  if (!isTreeOf(tree, ledger)) return 'the tree is not the one that this ledger led to';
  const { folder, close } = await openSource(io, data);
  try {
    const trust = await input.openTrust(readRegistrySource(folder.common));
    const published = await input.publishedTimestamp(trust);
    const draw = { seed: randomBytes(32), count: input.draw };
    const result = await updateRegistry({
      ...{ folder, ledger, ...trust, published, artifact, runs: runs.of, ran: runs.plugins, now, draw },
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    if ('whole' in result) return REASONS[result.whole];
    input.requireAdmitted(result);
    const views = await updateViews({ folder, offline: trust.offline, update: result, tree });
    if (isWhole(views)) return REASONS[views.whole];
    if (result.drawn.length > 0)
      say(io, `verified again, drawn by ${Buffer.from(draw.seed).toString('hex')}: ${result.drawn.length} plugins`);
    // The ledger first: what was signed must not be lost when the tree cannot be written.
    await writeChanges(ledgerFolder, result.ledger);
    return { result, written: await writeChanges(out, new Map([...result.tree, ...views])) };
  } finally {
    await close();
  }
}

const isWhole = (made: object): made is WholeBuildNeeded => 'whole' in made;

/** A tree says which state of the ledger it was built of. */
function isTreeOf(tree: LazyFiles, ledger: LazyFiles): boolean {
  const [built, head] = [tree.get('v1/ledger.json'), ledger.get('head.json')];
  return built !== undefined && head !== undefined && Buffer.compare(built, head) === 0;
}

async function openSource(
  io: Io,
  data: string,
): Promise<{ readonly folder: SourceFolder; readonly close: () => Promise<void> }> {
  const known = await gitSource(io, data);
  if (known !== undefined) {
    say(io, `building commit ${known.commit.slice(0, 12)}; what is not committed is not published`);
    return { folder: known, close: known.close };
  }
  say(io, 'the registry is in no checkout of git, so every file of it is read');
  return { folder: sourceFolder(await readFolder(data)), close: async () => undefined };
}

// What a build of what changed has to look at, and which of that is not as the ledger has it.

import type { InputsKeys } from './inputs-key.ts';
import { allRows, type OpenedLedger } from './opened-ledger.ts';
import { publisherIdOf, type SourceIds } from './registry-source.ts';
import type { SourceFolder } from './source-folder.ts';

export interface WhatChanged {
  /** Plugins that have to be made anew. */
  readonly plugins: ReadonlySet<string>;
  /** Plugins that the ledger knows and registry/ does not. */
  readonly gone: readonly string[];
  /** Publishers whose file is another; undefined where any may be. */
  readonly publishers: ReadonlySet<string> | undefined;
}

interface Looking {
  readonly folder: SourceFolder;
  /** Plugins that there are new runs of. */
  readonly ran: ReadonlySet<string> | undefined;
  readonly before: OpenedLedger;
  readonly keys: InputsKeys;
}

export async function whatChanged(looking: Looking): Promise<WhatChanged> {
  const { folder, before } = looking;
  const refused = new Set(before.head.refusals.map(({ plugin }) => plugin));
  const { plugins: looked, publishers } = await lookedAt(looking, refused);
  const ids = await idsOf(folder, looked);
  const there = [...looked].filter((plugin) => ids.plugins.has(plugin));
  // A refusal may have ended.
  return {
    plugins: new Set(there.filter((plugin) => refused.has(plugin) || isChanged(plugin, ids, looking))),
    gone: [...looked].filter((plugin) => !ids.plugins.has(plugin) && before.row(plugin) !== undefined),
    publishers,
  };
}

/** Of the publishers of these plugins. */
export async function idsOf(folder: SourceFolder, plugins: Iterable<string>): Promise<SourceIds> {
  const owners = new Set(Array.from(plugins, publisherIdOf));
  return { plugins: await folder.plugins(owners), publishers: folder.publishers };
}

/** Those that may have changed: by git where only some folders did, else all; and those whose time may have come. */
async function lookedAt(
  { folder, ran, before, keys }: Looking,
  refused: ReadonlySet<string>,
): Promise<Pick<WhatChanged, 'plugins' | 'publishers'>> {
  const { inputs } = before;
  const changed = keys.shared === inputs.shared ? await folder.changedSince(inputs) : undefined;
  const found = changed?.plugins ?? [...(await folder.plugins()).keys(), ...allRows(before).keys()];
  return { plugins: new Set([...found, ...inputs.timed, ...refused, ...(ran ?? [])]), publishers: changed?.publishers };
}

/** Other inputs than the ledger knows, times that may have come, new runs. */
function isChanged(plugin: string, ids: SourceIds, { before, keys, ran }: Looking): boolean {
  const row = before.row(plugin);
  if (row === undefined || row.key !== keys.of(plugin, ids)) return true;
  return row.timed === true || ran?.has(plugin) === true;
}

// Which installed plugins have a newer version, whether it may be taken without asking, and why not otherwise.
import { ClientError, type ClientErrorCode } from '../error.ts';
import type { Exclusion } from '../resolve.ts';
import { compareVersions } from '../semver.ts';
import type { SetDifference } from './capability-set.ts';
import { askForAll, viewOf } from './install-plugins.ts';
import type { PluginsContext } from './plugins-context.ts';
import { differenceOf, planUpdate } from './update-plugins.ts';

/** An installed plugin beside what the registry has now. `installed` is the version here, `requested` the range that was asked for. */
export interface OutdatedPlugin {
  readonly plugin: string;
  readonly installed: string;
  readonly requested: string;
  /** Where an update would go; the installed one where it would stay. */
  readonly wanted: string;
  /** The highest there is, whether it fits or not. */
  readonly latest: string;
  /** What `wanted` can do beyond the installed one; with any of it an update waits for consent. */
  readonly difference?: SetDifference;
  readonly excluded: readonly Exclusion[];
  /** Why no update could be worked out. */
  readonly code?: ClientErrorCode;
}

/** Every plugin somebody asked for that is not at its latest version. Changes nothing. */
export async function outdatedPlugins(context: PluginsContext): Promise<readonly OutdatedPlugin[]> {
  const view = await viewOf(context, { anew: true });
  await askForAll(view);
  const found: OutdatedPlugin[] = [];
  for (const entry of view.lockfile.plugins) {
    const { plugin, version: installed, requested } = entry;
    if (requested === undefined || entry.source.kind !== 'registry' || entry.source.registry !== view.registry)
      continue;
    try {
      const { releases } = await view.documents.plugin(plugin);
      const latest =
        releases
          .map(({ release }) => release.value.version)
          .sort(compareVersions)
          .at(-1) ?? installed;
      if (latest === installed) continue;
      const { changes, excluded } = await planUpdate(context, entry, view);
      const change = changes.find((planned) => planned.plugin === plugin);
      const difference = change && (await differenceOf(context, entry, change));
      const wanted = change?.version ?? installed;
      found.push({
        plugin,
        installed,
        requested,
        wanted,
        latest,
        ...(difference && { difference }),
        excluded: excluded.get(plugin) ?? [],
      });
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === 'NETWORK' || error.code === 'STORE') throw error;
      found.push({
        plugin,
        installed,
        requested,
        wanted: installed,
        latest: installed,
        excluded: [],
        code: error.code,
      });
    }
  }
  return found;
}

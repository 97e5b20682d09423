// Which installed plugins have a newer version, whether it may be taken without asking, and why not otherwise.
import { ClientError } from '../error.ts';
import { compareVersions } from '../semver.ts';
import { isDirect } from './direct-entry.ts';
import { askForAll, viewOf } from './install-plugins.ts';
import type { OutdatedPlugin } from './outdated-plugin.ts';
import type { PluginsContext } from './plugins-context.ts';
import { outdatedDirect } from './update-direct.ts';
import { differenceOf, planUpdate } from './update-plugins.ts';

/** Every plugin somebody asked for that is not at its latest version. Changes nothing. */
export async function outdatedPlugins(context: PluginsContext): Promise<readonly OutdatedPlugin[]> {
  const { plugins } = await context.state.lockfile();
  const found: OutdatedPlugin[] = [];
  for (const entry of plugins) {
    const direct = isDirect(entry) ? await outdatedDirect(context, entry) : undefined;
    if (direct !== undefined) found.push(direct);
  }
  // A registry is asked only about what it lists.
  return plugins.every(isDirect) && plugins.length > 0 ? found : [...found, ...(await outdatedListed(context))];
}

async function outdatedListed(context: PluginsContext): Promise<readonly OutdatedPlugin[]> {
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

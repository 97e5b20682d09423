// The name of a new plugin, by the registry's rules: how it is written, what is reserved, what others have.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type KnownNames, nameFindings, sayFinding } from '@plugmark/analysis';
import { isValid, PluginId, parseJson, ReservedNames } from '@plugmark/schemas';
import type { Io } from './io.ts';
import { readInput } from './read-input.ts';
import { registryPolicy } from './registry-folder.ts';

/** Stands for a publisher nobody named; reserved, so that no release can be submitted in it. */
export const NO_PUBLISHER = 'your-name';

export interface NameRules {
  /** Why the name cannot be taken; undefined when it can. */
  readonly refusal: (plugin: string) => string | undefined;
  /** What a person should know of it: names that could be taken for it. */
  readonly warnings: (plugin: string) => readonly string[];
}

export async function nameRules(io: Io, registry: string): Promise<NameRules> {
  const file = join(registry, 'reserved-names.json');
  const [policy, listed] = await Promise.all([registryPolicy(registry), listedPlugins(registry)]);
  const names: KnownNames = { reserved: parseJson(ReservedNames, await readInput(io, file), file), listed };
  const found = (plugin: string) => nameFindings(plugin, names, policy.thresholds.nameDistance);
  return {
    refusal: (plugin) => {
      if (!isValid(PluginId, plugin))
        return 'a name is publisher/name, in lower-case letters, digits and single hyphens';
      const refused = found(plugin).filter(
        ({ ruleId, facts }) => ruleId !== 'name.similar' && facts['name'] !== NO_PUBLISHER,
      );
      return refused.map((finding) => sayFinding(finding)).join('; ') || undefined;
    },
    warnings: (plugin) => [
      ...(listed.includes(plugin) ? [`${plugin} is listed already; a release of it has to be its owner’s`] : []),
      ...found(plugin)
        .filter(({ ruleId }) => ruleId === 'name.similar')
        .map((finding) => `${sayFinding(finding)}, so a person will look at it`),
    ],
  };
}

async function listedPlugins(registry: string): Promise<string[]> {
  const folders = async (path: string): Promise<string[]> =>
    (await readdir(path, { withFileTypes: true }).catch(() => [])).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  const plugins = join(registry, 'plugins');
  const lists = (await folders(plugins)).map(async (publisher) =>
    (await folders(join(plugins, publisher))).map((name) => `${publisher}/${name}`),
  );
  return (await Promise.all(lists)).flat().sort();
}

/** A folder's name as a plugin's: `My Plugin_2` as `my-plugin-2`; `plugin` when nothing is left. */
export function nameFromFolder(folder: string): string {
  const slug = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replaceAll(/^-+|-+$/g, '');
  return slug || 'plugin';
}

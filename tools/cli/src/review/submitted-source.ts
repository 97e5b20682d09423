import { DATA } from '@plugmark/analysis';
import { type FileTree, type ReleaseSource, readRegistrySource } from '@plugmark/publish';

const NEEDED = ['registry.json', 'policy.json', 'reserved-names.json'];

/** A proposed release as the registry would read it: its plugin's files on main with the proposed ones (by path in the repository) laid over. */
export function submittedSource(
  main: FileTree,
  files: FileTree,
  { plugin = '', version = '' }: { readonly plugin?: string | undefined; readonly version?: string | undefined },
): ReleaseSource | undefined {
  const own = [...main].filter(([path]) => NEEDED.includes(path) || path.startsWith(`plugins/${plugin}/`));
  const head = [...files].map(([path, bytes]) => [path.slice(DATA.length), bytes] as const);
  return readRegistrySource(new Map([...own, ...head]))
    .plugins.get(plugin)
    ?.releases.get(version);
}

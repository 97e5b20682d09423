// The registry's data as a development build sees it: the files of the overlay lie over those of the registry.

import { type FileTree, readFolder } from '@plugmark/publish';
import { type Io, say } from './io.ts';
import { developmentOverlay } from './registry-folder.ts';

/** For builds on this machine, and for the runs that go into them. Throws SOURCE_UNEXPECTED. */
export async function registryFiles(io: Io, data: string): Promise<FileTree> {
  const [files, overlay] = await Promise.all([readFolder(data), readFolder(developmentOverlay(data).registry)]);
  // Said, because a file changed in the registry would otherwise seem to have no effect.
  if (overlay.size > 0) say(io, `${overlay.size} files of .plugmark/dev/registry lie over the registry`);
  return new Map([...files, ...overlay].sort(([a], [b]) => (a < b ? -1 : 1)));
}

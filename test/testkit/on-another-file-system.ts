import { mkdtemp, rm, stat } from 'node:fs/promises';

/** A new folder on another file system than `path`, where this machine has one. The caller removes it. */
export async function onAnotherFileSystem(path: string): Promise<string | undefined> {
  const { dev } = await stat(path);
  for (const place of ['/dev/shm', '/tmp', '/var/tmp']) {
    const folder = await mkdtemp(`${place}/plugmark-`).catch(() => undefined);
    if (folder === undefined) continue;
    if ((await stat(folder)).dev !== dev) return folder;
    await rm(folder, { recursive: true });
  }
  return undefined;
}

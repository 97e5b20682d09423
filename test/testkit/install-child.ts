// A host in a process of its own: installs a plugin and prints what came of it, or takes the lock and waits to be killed.
// Arguments: url, root file, store folder, time, plugin or --hold.
import { readFileSync } from 'node:fs';
import { openPlugins } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';

const [url = '', root = '', folder = '', now = '', what = ''] = process.argv.slice(2);
// The default ends the process; with a handler the write fails with EFBIG, as on a full disk with ENOSPC.
process.on('SIGXFSZ', () => undefined);
const store = fileStore(folder);
const plugins = openPlugins({
  url,
  root: new Uint8Array(readFileSync(root)),
  store,
  fetch,
  now: () => new Date(now),
  host: { id: 'conductor', api: '2.7.0' },
  policy: { minimumReleaseAgeMinutes: 0 },
});
if (what === '--hold') {
  await store.lock('hosts/conductor/', async () => {
    process.stdout.write('held\n');
    await new Promise((done) => setTimeout(done, 60_000));
  });
} else {
  const result = await plugins.install(what).then(
    (installed) => ({ installed: installed.length }),
    (error: { code?: string; details?: { errno?: string } }) => ({ code: error.code, errno: error.details?.errno }),
  );
  process.stdout.write(JSON.stringify(result));
}

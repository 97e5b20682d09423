// One build of what changed in a process of its own: `node build-once.ts FOLDER`, one line of JSON. The folder was made before.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileChanges, lazyFolder, updateViews, writeChanges } from '@plugmark/publish';
import { childrenMs, type GrowingOptions, openFolder, ownMs } from './growing-registry.ts';

const folder = process.argv[2] ?? '';
const { now, ...options } = JSON.parse(readFileSync(join(folder, 'synthetic.json'), 'utf8')) as GrowingOptions;
const registry = await openFolder(folder, { ...options, now: new Date(now) });
const undo = await registry.addRelease(500);
try {
  const processorMs = (): number => ownMs() + childrenMs();
  const [cpu, wall] = [processorMs(), performance.now()];
  const { source, update } = await registry.update({ count: 50 });
  const tree = lazyFolder(registry.tree);
  const views = await updateViews({ folder: source, offline: registry.offline, update, tree });
  await source.close();
  registry.note(views as FileChanges);
  await writeChanges(registry.ledger, update.ledger);
  await writeChanges(registry.tree, new Map([...update.tree, ...(views as FileChanges)]));
  const took = { cpu: processorMs() - cpu, wall: performance.now() - wall };
  process.stdout.write(
    JSON.stringify({ ...took, mb: process.resourceUsage().maxRSS / 1024, verified: update.verified.length }),
  );
} finally {
  await undo();
}

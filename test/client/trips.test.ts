// What can be asked for together is. The server answers a request only when everything of its group was asked for, so a client that
// waits in between waits for ever.
import { memoryStore, openPlugins, openRegistry } from '@plugmark/client';
import type { FileTree } from '@plugmark/publish';
import { expect, test } from 'vitest';
import { askAhead } from '../../tools/client/src/fetch-ahead.ts';
import { build, later, rootOf } from '../testkit/office.ts';
import { smallRegistry } from '../testkit/registry-folder.ts';

/** In the order of their turns. */
const GROUPS: readonly (readonly RegExp[])[] = [
  [/^metadata\/2\.root\.json$/, /^metadata\/timestamp\.json$/],
  [/snapshot\.json$/],
  [/\.targets\.json$/],
  [
    /^metadata\/\d+\.revocations\.json$/,
    /^metadata\/\d+\.documents\.json$/,
    /\.publishers\.json$/,
    /\.policy\.json$/,
    /\.upstreams\.json$/,
    /\.cosign-keys\.json$/,
  ],
  [/^targets\/\w+\.revocations\.json$/, /^targets\/plugins\/acme\/\w+\.thing\.json$/],
  [/^blobs\//, /^attestations\//, /^attestations\//],
];

/** Serves a tree; groups of requests in their order. */
function gatheringServer(tree: FileTree, asked: string[][], groups = GROUPS): typeof fetch {
  const open = groups.map((group) => {
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    return { missing: [...group], asked: [] as string[], promise, resolve };
  });
  return async (input) => {
    const path = decodeURIComponent(new URL(String(input)).pathname.slice(1));
    const group = open.find(({ missing }) => missing.some((pattern) => pattern.test(path)));
    if (group === undefined) throw new TypeError(`asked for ${path}, which is no part of this`);
    group.missing.splice(
      group.missing.findIndex((pattern) => pattern.test(path)),
      1,
    );
    group.asked.push(path);
    if (group.missing.length === 0) {
      asked.push(group.asked);
      group.resolve();
    }
    await group.promise;
    const bytes = tree.get(path);
    return new Response((bytes ?? null) as Uint8Array<ArrayBuffer> | null, { status: bytes ? 200 : 404 });
  };
}

test('a first install takes six turns with the server, and the next refresh one', async () => {
  const built = await build(await smallRegistry());
  const store = memoryStore();
  const open = (asked: string[][]) =>
    openRegistry({
      url: 'https://small.example/',
      root: rootOf(built),
      store,
      now: () => later(0),
      fetch: gatheringServer(built.tree, asked),
    });
  const cold: string[][] = [];
  const installed = await open(cold).install('acme/thing');
  expect(installed.registry.state).toBe('verified');
  expect(cold.map((group) => group.length)).toEqual(GROUPS.map((group) => group.length));

  const warm: string[][] = [];
  const client = open(warm);
  await client.refresh();
  expect((await client.resolve('acme/thing')).version).toBe('1.1.0');
  expect(warm.map((group) => group.sort())).toEqual([['metadata/2.root.json', 'metadata/timestamp.json']]);
});

test('the management of plugins takes no turn more, nor does the host profile', async () => {
  const built = await build(await smallRegistry());
  const groups = GROUPS.map((group, turn) => (turn === 3 ? [...group, /^targets\/hosts\/\w+\.bench\.json$/] : group));
  const asked: string[][] = [];
  const plugins = openPlugins({
    url: 'https://small.example/',
    root: rootOf(built),
    store: memoryStore(),
    now: () => later(0),
    fetch: gatheringServer(built.tree, asked, groups),
    host: { id: 'bench' },
  });
  expect(await plugins.install('acme/thing')).toMatchObject([{ plugin: 'acme/thing', version: '1.1.0' }]);
  expect(asked.map((group) => group.length)).toEqual(groups.map((group) => group.length));
});

test('a timestamp that was asked for ahead is asked for again after a new root, whose keys may be others', async () => {
  const asked: string[] = [];
  const ahead = askAhead(async (path) => {
    asked.push(path);
    return undefined;
  });
  for (const path of ['metadata/2.root.json', 'metadata/3.root.json', 'metadata/timestamp.json']) await ahead(path, 1);
  expect(asked.sort()).toEqual([
    'metadata/2.root.json',
    'metadata/3.root.json',
    'metadata/timestamp.json',
    'metadata/timestamp.json',
  ]);
});

test('its failure is heard where it is waited for, and nowhere when the root fails first', async () => {
  const ahead = askAhead(async (path) => {
    throw new TypeError(path);
  });
  await expect(ahead('metadata/2.root.json', 1)).rejects.toThrow('metadata/2.root.json');
  await expect(ahead('metadata/timestamp.json', 1)).rejects.toThrow('metadata/timestamp.json');
  const unheard = askAhead(async (path) => {
    throw new TypeError(path);
  });
  await expect(unheard('metadata/2.root.json', 1)).rejects.toThrow('metadata/2.root.json');
});

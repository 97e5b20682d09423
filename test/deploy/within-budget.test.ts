// What a deployment within the budget leaves out, and that it leaves out nothing before a mirror that clients ask was seen to have it.
import { beforeAll, describe, expect, test } from 'vitest';
import { askMirrors } from '../../tools/cli/src/deploy/ask-mirrors.ts';
import { addressesOf, bucketPlace } from '../../tools/cli/src/deploy/bucket.ts';
import { sayLeftOut, withinBudget } from '../../tools/cli/src/deploy/leave-out.ts';
import { type Built, build, codeOf } from '../testkit/office.ts';
import { addRelease, editJson, honestModule, smallRegistry } from '../testkit/registry-folder.ts';

/** Of each of the three artifacts. */
const SIZE = honestModule(1).build().length;
const MIRROR = 'https://mirror.example/plugins/';
const NONE = { files: 0, bytes: 0 };

interface Wish {
  readonly budget: number;
  readonly mirrors?: readonly string[];
}

let built: Built;
beforeAll(async () => {
  const registry = await smallRegistry();
  const mirrors = [{ url: MIRROR, serves: 'blobs' }];
  editJson(registry.files, 'registry.json', (value) => ({ ...value, mirrors }));
  built = await build(registry);
});

/** The same tree with other plain views: the budget and the signed mirrors are read from them. */
function treeWith({ budget, mirrors = [MIRROR] }: Wish): Built['tree'] {
  const tree = new Map(built.tree);
  expect(tree.has('v1/mirrors.json')).toBe(true);
  editJson(tree, 'v1/registry.json', (value) => ({ ...value, blobBudgetBytes: budget }));
  const listed = mirrors.map((url) => ({ url, serves: 'blobs' }));
  if (mirrors.length === 0) tree.delete('v1/mirrors.json');
  else editJson(tree, 'v1/mirrors.json', (value) => ({ ...value, mirrors: listed }));
  // Beside an artifact lies what is named after it and is no artifact.
  return tree.set(`blobs/sha256/${'0'.repeat(64)}.wasm.sig`, new Uint8Array(64));
}

interface Answers {
  readonly io: { readonly fetch: typeof fetch };
  readonly asked: string[];
}

/** Mirrors that answer HEAD so. */
function answering(answer: (url: string) => Response | Error): Answers {
  const asked: string[] = [];
  const io: Answers['io'] = {
    fetch: async (input, init) => {
      asked.push(`${init?.method} ${String(input)}`);
      const response = answer(String(input));
      if (response instanceof Error) throw response;
      return response;
    },
  };
  return { io, asked };
}

const sized = (size: number, headers: Record<string, string> = {}, status = 200): Response =>
  new Response(null, { status, headers: { 'content-length': String(size), ...headers } });
const blobsOf = (tree: Built['tree']): string[] => [...tree.keys()].filter((path) => path.startsWith('blobs/'));

test('what fits is deployed whole and nobody is asked', async () => {
  for (const mirrors of [[], [MIRROR]]) {
    const tree = treeWith({ budget: 3 * SIZE, mirrors });
    const { io, asked } = answering(() => new Error('asked'));
    expect(await withinBudget(io, tree)).toEqual({
      files: tree,
      leftOut: { files: 0, bytes: 0, asked: 0, kept: NONE, mirrors },
    });
    expect(asked).toEqual([]);
  }
});

test('artifacts beyond it are left out and nothing else, each asked for by HEAD', async () => {
  const tree = treeWith({ budget: SIZE });
  const { io, asked } = answering(() => sized(SIZE));
  const { files, leftOut } = await withinBudget(io, tree);
  const gone = [...tree.keys()].filter((path) => !files.has(path));
  expect(gone).toHaveLength(2);
  expect(blobsOf(files)).toHaveLength(2);
  expect(gone.every((path) => /^blobs\/sha256\/[0-9a-f]{64}\.wasm$/.test(path))).toBe(true);
  expect(asked.sort()).toEqual(gone.map((path) => `HEAD ${MIRROR}${path}`).sort());
  expect(leftOut).toEqual({ files: 2, bytes: 2 * SIZE, asked: 2, kept: NONE, mirrors: [MIRROR] });
});

test.each<[string, readonly string[]]>([
  ['none is listed', []],
  ['it is the registry itself', ['https://small.example']],
  ['clients of a registry on https do not ask it', ['http://mirror.example/']],
])('without a mirror nothing is left out: %s', async (_, mirrors) => {
  const { io, asked } = answering(() => sized(SIZE));
  expect(await codeOf(() => withinBudget(io, treeWith({ budget: SIZE, mirrors })))).toBe('BUDGET_MIRROR_MISSING');
  expect(asked).toEqual([]);
});

test('the place that is deployed to is no mirror of itself', async () => {
  const place = bucketPlace('s3://plugins/all', { endpoint: 'https://storage.example', region: 'here' });
  for (const mirror of ['https://storage.example/plugins/all', 'https://plugins.storage.example/all/']) {
    const { io } = answering(() => sized(SIZE));
    const tree = treeWith({ budget: SIZE, mirrors: [mirror] });
    expect(await codeOf(() => withinBudget(io, tree, addressesOf(place)))).toBe('BUDGET_MIRROR_MISSING');
  }
});

test('a mirror that nobody signed does not count', async () => {
  const tree = treeWith({ budget: SIZE });
  tree.delete('v1/mirrors.json');
  const { io } = answering(() => sized(SIZE));
  expect(await codeOf(() => withinBudget(io, tree))).toBe('BUDGET_MIRROR_MISSING');
});

const moved = Object.assign(new TypeError('fetch failed'), { cause: new Error('unexpected redirect') });
test.each<[string, () => Response | Error]>([
  ['has no such file', () => sized(SIZE, {}, 404)],
  ['has a file of another size', () => sized(SIZE + 1)],
  ['does not say how long it is', () => new Response(null, { status: 200 })],
  ['answers with a page', () => sized(SIZE, { 'content-type': 'text/html; charset=utf-8' })],
  ['redirects', () => moved],
  ['is down', () => new TypeError('fetch failed')],
  ['fails', () => sized(SIZE, {}, 503)],
])('refused: the mirror %s', async (_, answer) => {
  expect(await codeOf(() => withinBudget(answering(answer).io, treeWith({ budget: SIZE })))).toBe('BUDGET_UNSERVED');
});

describe('what is over by less than a tenth and on no mirror', () => {
  const padding = Array.from({ length: 20 * SIZE }, (_, i) => i & 255);
  const big = honestModule(9).custom('padding', padding).build();
  let tree: Built['tree'];
  beforeAll(async () => {
    const registry = await smallRegistry();
    await addRelease(registry, { plugin: 'acme/big', version: '1.0.0', bytes: big });
    const mirrors = [{ url: MIRROR, serves: 'blobs' }];
    const blobBudgetBytes = big.length + 2 * SIZE;
    editJson(registry.files, 'registry.json', (value) => ({ ...value, mirrors, blobBudgetBytes }));
    ({ tree } = await build(registry));
  });

  test('stays for now, and that is said', async () => {
    const { io } = answering(() => sized(SIZE, {}, 404));
    const { files, leftOut } = await withinBudget(io, tree);
    expect(files).toEqual(tree);
    expect(leftOut).toEqual({ ...NONE, asked: 1, kept: { files: 1, bytes: SIZE }, mirrors: [MIRROR] });
    expect(sayLeftOut(leftOut)).toContain('kept for now: 1');
  });

  test('stays where there is no mirror either', async () => {
    const { io, asked } = answering(() => sized(SIZE));
    const without = new Map(tree);
    without.delete('v1/mirrors.json');
    const { files, leftOut } = await withinBudget(io, without);
    expect([files.size, leftOut.kept, asked]).toEqual([without.size, { files: 1, bytes: SIZE }, []]);
  });

  test('goes as soon as a mirror has it', async () => {
    const { leftOut } = await withinBudget(answering(() => sized(SIZE)).io, tree);
    expect(leftOut).toEqual({ files: 1, bytes: SIZE, asked: 1, kept: NONE, mirrors: [MIRROR] });
  });
});

test('one of two mirrors suffices', async () => {
  const tree = treeWith({ budget: 0, mirrors: ['https://empty.example/', MIRROR] });
  const { io, asked } = answering((url) => sized(SIZE, {}, url.startsWith(MIRROR) ? 200 : 404));
  const { leftOut } = await withinBudget(io, tree);
  expect(leftOut).toMatchObject({ files: 3, asked: 3, mirrors: ['https://empty.example/', MIRROR] });
  expect(asked).toHaveLength(6);
});

test('of thousands a bounded number is asked for at once, and a mirror that is down is not asked for all', async () => {
  const files = Array.from({ length: 500 }, (_, i) => ({ name: `${i}`, path: `${i}`, size: 1 }));
  const most = async (answer: () => Response): Promise<{ most: number; missing: number; asked: number }> => {
    let [now, seen, asked] = [0, 0, 0];
    const io = {
      fetch: async () => {
        asked++;
        seen = Math.max(seen, ++now);
        await new Promise((done) => setImmediate(done));
        now--;
        return answer();
      },
    };
    const missing = await askMirrors(io, files, { mirrors: [MIRROR], enoughBytes: 5 });
    return { most: seen, missing: missing.length, asked };
  };
  expect(await most(() => sized(1))).toEqual({ most: 8, missing: 0, asked: 500 });
  const down = await most(() => sized(1, {}, 404));
  expect(down.asked).toBeLessThan(20);
  expect(down.missing).toBeGreaterThan(0);
});

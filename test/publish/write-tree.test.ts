// A write that is cut off at any point leaves the old tree, or one that the next run completes to the new one. Every operation that
// changes the disk is made to fail in turn, and all after it: what a kill looks like from outside.
import { fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { completeWrite, type FileTree, writeChanges, writeTree } from '@plugmark/publish';
import { expect, onTestFinished, test } from 'vitest';
import { build, clientOf, codeOf, digests, HOUR, later, rootOf } from '../testkit/office.ts';
import { onAnotherFileSystem } from '../testkit/on-another-file-system.ts';
import { cutAt, real } from '../testkit/power-cut.ts';
import { addRelease, honestModule, smallRegistry, writeFiles } from '../testkit/registry-folder.ts';

const textTree = (files: Record<string, string>): FileTree =>
  new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));

// A file becomes a folder and a folder a file; something is added, changed, removed, kept; a whole folder goes.
const OLD = textTree({
  keep: 'kept',
  change: 'old',
  gone: 'gone',
  'deep/er/gone': 'gone',
  swap: 'a file',
  'paws/inner': 'in a folder',
  'paws/other/x': 'x',
  'metadata/timestamp.json': '1',
});
const NEW = textTree({
  keep: 'kept',
  change: 'new',
  added: 'added',
  'swap/inner/most': 'now a folder',
  paws: 'now a file',
  'blobs/b': 'blob',
  'metadata/timestamp.json': '2',
});

async function scratch(): Promise<string> {
  const folder = await real.mkdtemp(join(tmpdir(), 'plugmark-write-'));
  onTestFinished(() => real.rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file below a folder, by a path relative to it. */
async function readAll(folder: string): Promise<FileTree> {
  const entries = await real.readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (path) => [path.slice(folder.length + 1), new Uint8Array(await real.readFile(path))] as const),
    ),
  );
}

/** A kill leaves the lock of a process that is gone; here the process lives on, so the lock is taken away by hand. */
const dropLocks = async (parent: string): Promise<void> => {
  for (const name of await real.readdir(parent)) if (name.includes('.lock')) await real.rm(join(parent, name));
};

test('the tree is what was asked for, and writing it again writes nothing', async () => {
  const out = join(await scratch(), 'out');
  await writeTree(out, OLD);
  expect(await writeTree(out, NEW)).toEqual({ written: 6, removed: 5, unchanged: 1, bytes: 35 });
  expect(digests(await readAll(out))).toEqual(digests(NEW));
  expect(await writeTree(out, NEW)).toEqual({ written: 0, removed: 0, unchanged: 7, bytes: 0 });
  expect(digests(await readAll(out))).toEqual(digests(NEW));
});

test('power cut at every step: the old tree, or after completion the new one, and never anything else', async () => {
  const outcomes = { old: 0, new: 0 };
  let at = 0;
  for (; ; at++) {
    const parent = await scratch();
    const out = join(parent, 'out');
    await writeTree(out, OLD);
    const wasCut = await cutAt(at, () => writeTree(out, NEW));
    if (!wasCut) break;
    const before = digests(await readAll(out));
    await dropLocks(parent);
    const isDecided = await real.stat(join(parent, 'out.next', 'plan.json')).then(
      () => true,
      () => false,
    );
    await completeWrite(out);
    const after = digests(await readAll(out));
    // Once the staging folder is being cleared away the new tree stands already.
    const isNew = isDecided || JSON.stringify(before) === JSON.stringify(digests(NEW));
    expect([at, after]).toEqual([at, digests(isNew ? NEW : OLD)]);
    if (!isNew) expect([at, before]).toEqual([at, digests(OLD)]);
    expect(await real.readdir(parent)).toEqual(['out']);
    outcomes[isNew ? 'new' : 'old']++;
  }
  expect(outcomes.old).toBeGreaterThan(15);
  expect(outcomes.new).toBeGreaterThan(10);
});

const CHANGES = new Map<string, Uint8Array | undefined>([
  ...[...OLD.keys()].filter((path) => !NEW.has(path)).map((path) => [path, undefined] as const),
  ...NEW,
  ['never/there', undefined],
]);

test('changes alone lead to the same tree, and a power cut at every step leaves the old or the new one', async () => {
  let at = 0;
  for (; ; at++) {
    const parent = await scratch();
    const out = join(parent, 'out');
    await writeTree(out, OLD);
    const wasCut = await cutAt(at, () => writeChanges(out, CHANGES));
    await dropLocks(parent);
    await completeWrite(out);
    const after = digests(await readAll(out));
    if (!wasCut) {
      expect(after).toEqual(digests(NEW));
      break;
    }
    expect([digests(OLD), digests(NEW)]).toContainEqual(after);
  }
  expect(at).toBeGreaterThan(25);
});

test('changes touch nothing else, neither outside the folder nor through a link in it', async () => {
  const parent = await scratch();
  const out = join(parent, 'out');
  await writeTree(out, OLD);
  await real.mkdir(join(parent, 'elsewhere'));
  await real.writeFile(join(parent, 'elsewhere', 'x'), 'x');
  await real.symlink(join(parent, 'elsewhere'), join(out, 'linked'));
  const x = new TextEncoder().encode('x');
  expect(await writeChanges(out, new Map([['linked/x', x]]))).toMatchObject({ written: 1 });
  expect((await real.lstat(join(out, 'linked'))).isDirectory()).toBe(true);
  expect(digests(await readAll(out))).toEqual(digests(new Map([...OLD, ['linked/x', x]])));
  for (const path of ['../elsewhere/x', '/etc/x', 'a//b', ''])
    expect([path, await codeOf(() => writeChanges(out, new Map([[path, undefined]])))]).toEqual([path, 'WRITE']);
  expect(await real.readFile(join(parent, 'elsewhere', 'x'), 'utf8')).toBe('x');
});

test('two cuts in a row, the second while the first is being completed', async () => {
  let seen = 0;
  for (let first = 20; first < 60; first += 5) {
    for (let second = 0; second < 24; second += 5) {
      const parent = await scratch();
      const out = join(parent, 'out');
      await writeTree(out, OLD);
      if (!(await cutAt(first, () => writeTree(out, NEW)))) continue;
      await dropLocks(parent);
      await cutAt(second, () => completeWrite(out));
      await dropLocks(parent);
      await completeWrite(out);
      const after = digests(await readAll(out));
      expect([digests(OLD), digests(NEW)]).toContainEqual(after);
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(15);
});

test('after a cut the next write, of whatever, wins whole', async () => {
  for (const at of [5, 25, 35, 45]) {
    const parent = await scratch();
    const out = join(parent, 'out');
    await writeTree(out, OLD);
    await cutAt(at, () => writeTree(out, NEW));
    await dropLocks(parent);
    await writeTree(out, OLD);
    expect([at, digests(await readAll(out))]).toEqual([at, digests(OLD)]);
  }
});

test('a process that is killed for real, at any moment, leaves the old tree or one that is completed', async () => {
  const parent = await scratch();
  const out = join(parent, 'out');
  const big = (fill: number): FileTree =>
    new Map(
      Array.from({ length: 80 }, (_, i) => [`targets/${i % 7}/${i}-${fill}`, new Uint8Array(2000).fill(fill)] as const),
    );
  const [a, b] = [big(1), big(2)];
  await writeTree(out, a);
  const ends = new Set<string>();
  for (let round = 0; round < 4; round++) {
    const child = fork(fileURLToPath(new URL('write-in-child.ts', import.meta.url)), [out], {
      execArgv: ['--conditions=@plugmark/source'],
      stdio: 'ignore',
    });
    await new Promise((resolve) => child.once('message', resolve));
    await new Promise((resolve) => setTimeout(resolve, round * 15));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    await completeWrite(out);
    const after = JSON.stringify(digests(await readAll(out)));
    expect([JSON.stringify(digests(a)), JSON.stringify(digests(b))]).toContain(after);
    ends.add(after);
  }
  expect(ends.size).toBeGreaterThan(0);
});

test('a client that reads while a tree is written piece by piece always finds a registry that verifies', async () => {
  const registry = await smallRegistry();
  const first = await build(registry);
  await addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', bytes: honestModule(4).build() });
  const second = await build(registry, { previous: first, now: later(HOUR) });
  const versions = new Set<string>();
  // What a client reads; without the views the same steps take a third of the time.
  const trusted = (tree: FileTree): FileTree =>
    new Map([...tree].filter(([path]) => /^(?:metadata|targets|attestations|blobs)\//.test(path)));
  for (let at = 0; ; at++) {
    const parent = await scratch();
    const out = join(parent, 'out');
    await writeFiles(out, trusted(first.tree));
    const wasCut = await cutAt(at, () => writeTree(out, trusted(second.tree)));
    const tree = await readAll(out);
    const client = clientOf((path) => tree.get(path), rootOf(first), { now: later(HOUR) });
    versions.add((await client.install('acme/thing')).version);
    expect((await client.install('indie/tool')).version).toBe('0.1.0');
    if (!wasCut) break;
  }
  expect([...versions]).toEqual(['1.1.0', '1.2.0']);
});

test('no space left: nothing of the old tree is lost', async () => {
  const parent = await scratch();
  const out = join(parent, 'out');
  await writeTree(out, OLD);
  // The staging folder cannot be made where a file has its name.
  await real.writeFile(join(parent, 'out.next'), 'mine');
  expect(await codeOf(() => writeTree(out, NEW))).toBe('WRITE');
  expect(digests(await readAll(out))).toEqual(digests(OLD));
  expect(await real.readFile(join(parent, 'out.next'), 'utf8')).toBe('mine');
});

test.each<[string, Record<string, string>]>([
  ['a folder of somebody else', { 'thesis.tex': 'years of work' }],
  ['a plan beside other files', { 'plan.json': '{"moves":[],"removals":[]}', 'thesis.tex': 'years of work' }],
])('beside the tree, under the staging name: %s', async (_, files) => {
  const parent = await scratch();
  const out = join(parent, 'out');
  await writeTree(out, OLD);
  await writeFiles(join(parent, 'out.next'), Object.entries(files));
  await completeWrite(out);
  expect(await codeOf(() => writeTree(out, NEW))).toBe('WRITE');
  expect([digests(await readAll(out)), [...(await readAll(join(parent, 'out.next'))).keys()].sort()]).toEqual([
    digests(OLD),
    Object.keys(files).sort(),
  ]);
});

test.each([
  ['not JSON', '{'],
  ['null', 'null'],
  ['no lists', '{"moves":{},"removals":[]}'],
  ['a path that climbs', '{"moves":["../x"],"removals":[]}'],
  ['a removal that climbs', '{"moves":[],"removals":["a/../../x"]}'],
  ['an absolute path', '{"moves":["/etc/x"],"removals":[]}'],
  ['the folder itself', '{"moves":[],"removals":["."]}'],
  ['an empty path', '{"moves":[],"removals":[""]}'],
])('a plan this software did not make is not obeyed: %s', async (_, plan) => {
  const parent = await scratch();
  const out = join(parent, 'out');
  await writeTree(out, OLD);
  await writeFiles(parent, [
    ['out.next/plan.json', plan],
    ['out.next/0', 'evil'],
    ['x', 'mine'],
  ]);
  expect(await codeOf(() => completeWrite(out))).toBe('WRITE');
  expect([digests(await readAll(out)), await real.readFile(join(parent, 'x'), 'utf8')]).toEqual([digests(OLD), 'mine']);
});

test('links inside the folder are replaced, never followed', async () => {
  const parent = await scratch();
  const [out, outside] = [join(parent, 'out'), join(parent, 'outside')];
  await writeFiles(outside, [
    ['inner/most', 'now a folder'],
    ['added', 'mine'],
  ]);
  await writeTree(out, OLD);
  await real.rm(join(out, 'swap'));
  await real.symlink(outside, join(out, 'swap'));
  await real.symlink(join(outside, 'added'), join(out, 'added'));
  await writeTree(out, NEW);
  expect(digests(await readAll(out))).toEqual(digests(NEW));
  expect((await real.lstat(join(out, 'swap'))).isDirectory()).toBe(true);
  expect(Object.keys(digests(await readAll(outside)))).toEqual(['added', 'inner/most']);
  expect(await real.readFile(join(outside, 'added'), 'utf8')).toBe('mine');
});

test('the folder itself may be a link to another file system', async (context) => {
  const parent = await scratch();
  const other = await onAnotherFileSystem(parent);
  if (other === undefined) return context.skip('there is no second file system');
  onTestFinished(() => real.rm(other, { recursive: true }));
  const out = join(parent, 'out');
  await real.symlink(other, out);
  await writeTree(out, OLD);
  await writeTree(out, NEW);
  expect(digests(await readAll(other))).toEqual(digests(NEW));
  expect(await real.readdir(parent)).toEqual(['out']);
});

test('a folder that cannot be listed is not taken for an empty one', async () => {
  const parent = await scratch();
  const out = join(parent, 'out');
  await real.writeFile(out, 'a file');
  expect(await codeOf(() => writeTree(out, NEW))).toBe('WRITE');
  expect(await real.readFile(out, 'utf8')).toBe('a file');
});

test('a folder may be named with a slash at the end or in a roundabout way', async () => {
  const parent = await scratch();
  for (const folder of [`${join(parent, 'out')}/`, `${parent}/./out`, relative(process.cwd(), join(parent, 'out'))]) {
    await writeTree(folder, OLD);
    expect(await writeTree(folder, OLD)).toMatchObject({ written: 0, removed: 0, unchanged: 8 });
  }
});

// An import that is cut off at any change to the disk leaves the folder serving what it served; the same command afterwards finishes. An
// export that is cut off leaves no tar under its name, and the next one is the same tar.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeWrite, readFolder, sha256 } from '@plugmark/publish';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Built, build, clientOf, digests, HOUR, later, rootOf } from '../testkit/office.ts';
import { cutAt, real } from '../testkit/power-cut.ts';
import { addRelease, honestModule, smallRegistry, writeFiles } from '../testkit/registry-folder.ts';
import { runCommand } from '../testkit/run-command.ts';

let folder: string;
let first: Built;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-air-gap-cut-'));
  const registry = await smallRegistry();
  first = await build(registry);
  await addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', bytes: honestModule(81).build() });
  const second = await build(registry, { previous: first, now: later(HOUR) });
  await writeFiles(folder, [['root.json', rootOf(first)]]);
  for (const [name, { tree }] of Object.entries({ first, second })) {
    await writeFiles(join(folder, name), tree);
    await exported(name, folder);
  }
  await imported('first.tar', folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function must(argv: readonly string[], cwd: string): Promise<void> {
  const { exit, stderr } = await runCommand(argv, cwd, later(HOUR));
  if (exit !== 0) throw new Error(stderr);
}
const exported = (name: string, cwd: string) =>
  must(['export', '--registry', name, '--root', 'root.json', '--out', `${name}.tar`], cwd);
const imported = (name: string, cwd: string) => must(['import', name, '--root', 'root.json', '--to', 'here'], cwd);

async function installs(cwd: string): Promise<string> {
  const tree = await readFolder(join(cwd, 'here'));
  const client = clientOf((path) => tree.get(path), rootOf(first), { now: later(HOUR) });
  return (await client.install('acme/thing')).version;
}

test('an import that is cut off at any write', async () => {
  const seen = new Map<string, number>();
  for (let at = 0; ; at += 13) {
    const cwd = await mkdtemp(join(tmpdir(), 'plugmark-air-gap-at-'));
    await cp(folder, cwd, { recursive: true });
    const wasCut = await cutAt(at, () => imported('second.tar', cwd));
    await real.rm(join(cwd, 'here.lock'), { force: true });
    const version = await installs(cwd);
    expect(['1.1.0', '1.2.0']).toContain(version);
    seen.set(version, (seen.get(version) ?? 0) + 1);
    for (const lock of ['here.lock', 'here.trust/locks'])
      await real.rm(join(cwd, lock), { recursive: true, force: true });
    await imported('second.tar', cwd);
    expect(await installs(cwd)).toBe('1.2.0');
    await rm(cwd, { recursive: true });
    if (!wasCut) break;
  }
  expect([...seen.keys()].sort()).toEqual(['1.1.0', '1.2.0']);
});

test('a first import that is cut off goes on', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'plugmark-air-gap-at-'));
  await cp(folder, cwd, { recursive: true });
  for (const name of ['here', 'here.trust']) await rm(join(cwd, name), { recursive: true });
  expect(await cutAt(150, () => imported('second.tar', cwd))).toBe(true);
  await real.rm(join(cwd, 'here.lock'), { force: true });
  await imported('second.tar', cwd);
  expect(await installs(cwd)).toBe('1.2.0');
  await completeWrite(join(cwd, 'here'));
  await rm(cwd, { recursive: true });
});

test('an export that is cut off', async () => {
  const whole = sha256(new Uint8Array(await readFile(join(folder, 'first.tar'))));
  const before = digests(await readFolder(join(folder, 'first')));
  for (let at = 0; ; at += 41) {
    const cwd = await mkdtemp(join(tmpdir(), 'plugmark-air-gap-at-'));
    await cp(folder, cwd, { recursive: true });
    await rm(join(cwd, 'first.tar'));
    const wasCut = await cutAt(at, () => exported('first', cwd));
    await real.rm(join(cwd, 'first.tar.lock'), { force: true });
    const left = await readFile(join(cwd, 'first.tar')).catch(() => undefined);
    if (left !== undefined) expect(sha256(new Uint8Array(left))).toBe(whole);
    await exported('first', cwd);
    expect(sha256(new Uint8Array(await readFile(join(cwd, 'first.tar'))))).toBe(whole);
    expect(digests(await readFolder(join(cwd, 'first')))).toEqual(before);
    await rm(cwd, { recursive: true });
    if (!wasCut) break;
  }
});

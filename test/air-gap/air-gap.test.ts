// A registry is carried as a tar and serves at the other end; what was cut off, doctored or is older than what was carried before is
// refused, and then the folder is as it was. Through the commands, over the small registry in folders.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type FileTree, readFolder, sha256 } from '@plugmark/publish';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checksum, endOfArchive, fileHeader, paddingFor } from '../../tools/cli/src/air-gap/tar-format.ts';
import { Attacker } from '../publish/attacker.ts';
import { type Built, build, clientOf, DAY, digests, HOUR, later, NOW, rootOf } from '../testkit/office.ts';
import { onOtherFileSystem } from '../testkit/other-file-system.ts';
import { addRelease, honestModule, smallRegistry, writeFiles } from '../testkit/registry-folder.ts';
import { type Ended, runCommand } from '../testkit/run-command.ts';
import { ed25519Key } from '../testkit/test-keys.ts';

let folder: string;
let first: Built;
let second: Built;
let tar: Uint8Array;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-air-gap-'));
  const registry = await smallRegistry();
  // A name that only an extended header can hold.
  await addRelease(registry, {
    plugin: `acme/${'long-'.repeat(8)}name`,
    version: '1.0.0',
    bytes: honestModule(83).build(),
  });
  first = await build(registry);
  await addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', bytes: honestModule(81).build() });
  second = await build(registry, { previous: first, now: later(HOUR) });
  await writeFiles(at('first'), first.tree);
  await writeFiles(at('second'), second.tree);
  await writeFiles(folder, [['root.json', rootOf(first)]]);
  await run(['export', '--registry', 'first', '--root', 'root.json', '--out', 'first.tar']);
  tar = new Uint8Array(await readFile(at('first.tar')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (argv: readonly string[], now = later(HOUR)): Promise<Ended> => runCommand(argv, folder, now);
const importing = (name: string, to: string, ...more: string[]): Promise<Ended> =>
  run(['import', name, '--root', 'root.json', '--to', to, '--json', ...more]);
const codeIn = ({ stdout }: Ended): unknown => (JSON.parse(stdout) as { error?: { code: string } }).error?.code;

const clientOver = async (name: string, now = later(HOUR)) => {
  const tree = await readFolder(at(name));
  return clientOf((path) => tree.get(path), rootOf(first), { now });
};

test('the same registry is the same tar, nothing of this machine in it, and another program reads it', async () => {
  const again = await run(['export', '--registry', 'first', '--root', 'root.json', '--out', 'again.tar', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({
    registry: 'small.example',
    sha256: sha256(tar),
    releases: 4,
    left: 0,
  });
  expect(new Uint8Array(await readFile(at('again.tar')))).toEqual(tar);
  const { stdout } = await promisify(execFile)('tar', ['--numeric-owner', '-tvf', at('first.tar')]);
  const lines = stdout.trim().split('\n');
  expect(lines.every((line) => /^-rw-r--r-- 0\/0 +\d+ 1970-01-01 00:00 /.test(line))).toBe(true);
  const names = lines.map((line) => line.split(' ').at(-1) ?? '');
  expect(names).toEqual([...names].sort());
  expect(names.some((name) => name.length > 100)).toBe(true);
  expect(names.some((name) => /^(?:v1|schemas)\//.test(name))).toBe(false);
});

test('two exports to one file: the second waits for nobody and writes nothing', async () => {
  const command = ['export', '--registry', 'first', '--root', 'root.json', '--out', 'both.tar', '--json'];
  const ended = await Promise.all([run(command), run(command)]);
  expect(ended.map(({ exit }) => exit).sort()).toEqual([0, 3]);
  expect(ended.map(codeIn).filter((code) => code !== undefined)).toEqual(['LOCKED']);
  expect(new Uint8Array(await readFile(at('both.tar')))).toEqual(tar);
});

test('what was imported serves: a client with the root installs, and plain views are made anew', async () => {
  const { exit, stdout } = await importing('first.tar', 'imported');
  expect([exit, JSON.parse(stdout)]).toMatchObject([0, { registry: 'small.example', to: 'imported' }]);
  const imported = await readFolder(at('imported'));
  for (const [path, bytes] of imported)
    if (!path.startsWith('v1/') && path !== 'search.json') expect([path, first.tree.get(path)]).toEqual([path, bytes]);
  const client = await clientOver('imported');
  expect((await client.install('acme/thing')).registry.state).toBe('verified');
  const verified = await run(['verify', '--registry', 'imported', '--root', 'root.json', '--json']);
  expect(JSON.parse(verified.stdout)).toMatchObject({ verified: true, releases: [{}, {}, {}, {}] });
});

test('a later tar leaves out what is there, and an older one is refused', async () => {
  const exported = await run([
    'export',
    '--registry',
    'second',
    '--root',
    'root.json',
    '--out',
    'later.tar',
    '--since',
    'first.tar.json',
    '--json',
  ]);
  const { left, files } = JSON.parse(exported.stdout);
  expect([left > 10, files < left]).toEqual([true, true]);
  expect((await importing('first.tar', 'grown')).exit).toBe(0);
  expect((await importing('later.tar', 'grown')).exit).toBe(0);
  expect((await (await clientOver('grown')).install('acme/thing')).version).toBe('1.2.0');
  const before = digests(await readFolder(at('grown')));
  expect(codeIn(await importing('first.tar', 'grown'))).toBe('METADATA_ROLLBACK');
  expect(digests(await readFolder(at('grown')))).toEqual(before);
  // Alone it is not whole, and nobody is told otherwise.
  expect(codeIn(await importing('later.tar', 'alone'))).toMatch(
    /^(?:CARRIED_FILE|ARTIFACT_MISSING|ATTESTATION_MISSING|FILE_MISSING)$/,
  );
  expect((await readFolder(at('alone'))).size).toBe(0);
});

test('carried for longer than its timestamp lives: refused, unless somebody says when it was exported', async () => {
  const late = later(9 * DAY);
  const command = ['import', 'first.tar', '--root', 'root.json', '--to', 'late', '--json'];
  expect(codeIn(await run(command, late))).toBe('METADATA_EXPIRED');
  expect((await run([...command, '--as-of', '2026-06-02T00:00:00Z'], late)).exit).toBe(0);
});

test('another root than the registry’s takes nothing', async () => {
  const other = await build(await smallRegistry(), {
    keys: { root: ed25519Key('other'), online: ed25519Key('other online') },
  });
  await writeFiles(folder, [['other.json', rootOf(other)]]);
  const ended = await run(['import', 'first.tar', '--root', 'other.json', '--to', 'other-root', '--json']);
  expect(codeIn(ended)).toBe('METADATA_SIGNATURE');
  expect((await readFolder(at('other-root'))).size).toBe(0);
});

const entry = (path: string, bytes: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.concat([fileHeader(path, bytes.length), bytes, paddingFor(bytes.length)]));
const withEntry = (path: string, bytes = new TextEncoder().encode('x')): Uint8Array =>
  new Uint8Array(Buffer.concat([tar.subarray(0, tar.length - 1024), entry(path, bytes), endOfArchive()]));
/** The header of the first file, changed and its checksum made to fit. */
function withHeader(change: (header: Uint8Array) => void): Uint8Array {
  const copy = Uint8Array.from(tar);
  const header = copy.subarray(0, 512);
  change(header);
  header.set(new TextEncoder().encode(`${checksum(header).toString(8).padStart(6, '0')}\0 `), 148);
  return copy;
}
const put = (header: Uint8Array, offset: number, text: string): void =>
  header.set(new TextEncoder().encode(text), offset);
const DIGEST = 'ab'.repeat(32);

test.each<[string, string, () => Uint8Array]>([
  ['TAR_TRUNCATED', 'cut in the middle of a file', () => tar.subarray(0, 3 * 512 + 100)],
  ['TAR_TRUNCATED', 'cut before its end', () => tar.subarray(0, tar.length - 1024)],
  ['TAR_TRUNCATED', 'empty', () => new Uint8Array()],
  ['TAR_DAMAGED', 'one bit of a header', () => Uint8Array.from(tar, (byte, i) => (i === 20 ? byte ^ 1 : byte))],
  [
    'TAR_DAMAGED',
    'something after its end',
    () => new Uint8Array(Buffer.concat([tar, entry('attestations/x', tar.subarray(0, 9))])),
  ],
  ['TAR_DAMAGED', 'something that is no tar', () => new TextEncoder().encode('<!doctype html>'.repeat(200))],
  ['TAR_DAMAGED', 'an extended header with more than a path', () => withHeader((header) => put(header, 156, 'x'))],
  ['TAR_ENTRY', 'a symbolic link', () => withHeader((header) => put(header, 156, '2'))],
  ['TAR_ENTRY', 'a hard link', () => withHeader((header) => put(header, 156, '1'))],
  ['TAR_ENTRY', 'a folder', () => withHeader((header) => put(header, 156, '5'))],
  ['TAR_ENTRY', 'a device', () => withHeader((header) => put(header, 156, '3'))],
  ['TAR_PATH', 'a path that climbs', () => withEntry('../../etc/passwd')],
  ['TAR_PATH', 'a path that climbs inside', () => withEntry(`blobs/sha256/../${DIGEST}.wasm`)],
  ['TAR_PATH', 'an absolute path', () => withEntry('/etc/passwd')],
  ['TAR_PATH', 'a view nobody signs', () => withEntry('v1/index.json')],
  ['TAR_PATH', 'a page', () => withEntry('index.html')],
  ['TAR_DUPLICATE', 'a file twice', () => withEntry('metadata/timestamp.json')],
  ['TAR_TOO_LARGE', 'a file of a gigabyte', () => withHeader((header) => put(header, 124, '10000000000'))],
  ['TAR_DIGEST', 'bytes under a wrong name', () => withEntry(`blobs/sha256/${DIGEST}.wasm`)],
])('%s: %s', async (code, _, doctored) => {
  await writeFile(at('doctored.tar'), doctored());
  const ended = await importing('doctored.tar', 'from-doctored');
  expect([codeIn(ended), ended.exit]).toEqual([code, 1]);
  expect((await readFolder(at('from-doctored'))).size).toBe(0);
});

test('a file that nothing signed names is left in the tar', async () => {
  const extra = new TextEncoder().encode('{}');
  await writeFile(at('extra.tar'), withEntry(`vectors/${sha256(extra)}.json`, extra));
  expect((await importing('extra.tar', 'extra')).exit).toBe(0);
  expect((await readFolder(at('extra'))).has(`vectors/${sha256(extra)}.json`)).toBe(false);
});

test('the folder may be on another file system', async (context) => {
  await symlink(await onOtherFileSystem(folder, context), at('mounted'));
  for (const name of ['first.tar', 'first.tar']) expect((await importing(name, 'mounted')).exit).toBe(0);
  expect((await (await clientOver('mounted')).install('acme/thing')).version).toBe('1.1.0');
});

test('what a refused tar left behind is no part of the next one', async () => {
  const bogus = new TextEncoder().encode('{"signed":{"_type":"root","version":2},"signatures":[]}');
  await writeFile(at('bogus.tar'), withEntry('metadata/2.root.json', bogus));
  expect(codeIn(await importing('bogus.tar', 'after-bogus'))).toMatch(/^METADATA_/);
  expect((await readFolder(at('after-bogus'))).size).toBe(0);
  expect((await importing('first.tar', 'after-bogus')).exit).toBe(0);
  expect((await (await clientOver('after-bogus')).install('acme/thing')).version).toBe('1.1.0');
});

test('a folder of somebody’s own where the tar would be unpacked is left alone', async () => {
  await writeFiles(at('mine.incoming'), [['thesis.tex', 'years of work']]);
  expect(codeIn(await importing('first.tar', 'mine'))).toBe('FOLDER_NOT_OURS');
  expect([...(await readFolder(at('mine.incoming'))).keys()]).toEqual(['thesis.tex']);
});

test('what a stolen online key signed under a publisher’s name is refused on the way in and on the way out', async () => {
  const attacker = new Attacker(first);
  const document = attacker.document('acme/thing');
  const [newest] = document.releases;
  if (newest === undefined) throw new Error('no release');
  Object.assign(newest, {
    release: { ...newest.release, artifact: { kind: 'core', ...attacker.blob(honestModule(82).build()) } },
  });
  const forged: FileTree = attacker.list('plugins/acme/thing.json', document).sign().tree;
  await writeFiles(at('forged'), forged);
  const ended = await run(['export', '--registry', 'forged', '--root', 'root.json', '--out', 'forged.tar', '--json']);
  expect(codeIn(ended)).toBe('MANIFEST_MISMATCH');
  const names = [...forged.keys()].filter((path) => !/^(?:v1|schemas)\/|^search|^\./.test(path)).sort();
  const carried = names.map((path) => entry(path, forged.get(path) as Uint8Array));
  await writeFile(at('forged.tar'), Buffer.concat([...carried, endOfArchive()]));
  expect(codeIn(await importing('forged.tar', 'from-forged'))).toBe('MANIFEST_MISMATCH');
  expect((await readFolder(at('from-forged'))).size).toBe(0);
  expect(NOW.getTime()).toBeLessThan(later(HOUR).getTime());
});

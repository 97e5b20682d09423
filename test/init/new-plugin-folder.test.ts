// What init leaves behind when something is in its way: everything, or what was there before.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askInit } from '../../tools/cli/src/ask-init.ts';
import { presentFiles, writePluginFolder } from '../../tools/cli/src/new-plugin-folder.ts';
import { nameFromFolder } from '../../tools/cli/src/plugin-name.ts';
import { repositoryOwner } from '../../tools/cli/src/repository-owner.ts';
import { runCommand } from '../testkit/run-command.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'plugmark-new-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const init = (folder: string, ...more: string[]) =>
  runCommand(['init', folder, '--host', 'conductor', '--template', 'c', '--no-input', ...more], base);
const listed = async (folder = base): Promise<string[]> => (await readdir(folder)).sort();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a repository as GitHub makes it: its files stay, its owner is the publisher', async () => {
  const folder = join(base, 'Band Power');
  await mkdir(join(folder, '.git'), { recursive: true });
  await writeFile(join(folder, '.git/config'), '[remote "origin"]\n\turl = git@github.com:Acme-Labs/band-power.git\n');
  await writeFile(join(folder, 'readme.md'), '# Mine\n');
  await writeFile(join(folder, 'LICENSE'), 'mine\n');
  await writeFile(join(folder, '.gitignore'), 'mine\n');
  const { exit, stdout, stderr } = await init('Band Power', '--json');
  expect([exit, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ plugin: 'acme-labs/band-power', kept: ['readme.md', '.gitignore'] });
  expect(await readFile(join(folder, 'readme.md'), 'utf8')).toBe('# Mine\n');
  expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe('mine\n');
  expect(await readFile(join(folder, 'plugin.yaml'), 'utf8')).toContain('readme: readme.md\n');
  expect(await listed()).toEqual(['Band Power']);
});

test.each([
  ['a file', ['work.txt'], 'work.txt'],
  ['an earlier plugin', ['plugin.yaml', 'README.md'], 'plugin.yaml'],
  ['many files', ['a', 'b', 'c', 'd'], 'and more'],
])('a folder with %s is refused and left as it is', async (_name, names, said) => {
  await mkdir(join(base, 'mine'));
  for (const name of names) await writeFile(join(base, 'mine', name), name);
  const { exit, stderr } = await init('mine');
  expect(exit).toBe(2);
  expect(stderr).toContain('[FOLDER_NOT_EMPTY]');
  expect(stderr).toContain(said);
  expect([await listed(join(base, 'mine')), await listed()]).toEqual([names.sort(), ['mine']]);
});

test('an empty folder is filled; twice is refused', async () => {
  await mkdir(join(base, 'empty'));
  expect((await init('empty')).exit).toBe(0);
  expect((await init('empty')).exit).toBe(2);
  expect(await listed()).toEqual(['empty']);
});

test('a place inside a file is refused', async () => {
  await writeFile(join(base, 'file'), 'mine');
  const ended = await init('file/new');
  expect([ended.exit, await listed()]).toEqual([2, ['file']]);
});

test('a path that cannot be written in the middle leaves nothing, in a new folder and in one with a README', async () => {
  // A file and a folder of one name stand for the disk that fills up.
  const files = new Map([
    ['plugin.c', bytes('int x;')],
    ['vectors', bytes('a file')],
    ['vectors/one.json', bytes('{}')],
  ]);
  const folder = join(base, 'new');
  await expect(writePluginFolder(folder, files, undefined)).rejects.toThrow();
  expect(await listed()).toEqual([]);
  await mkdir(folder);
  await writeFile(join(folder, 'README.md'), 'mine');
  await expect(writePluginFolder(folder, files, await presentFiles(folder, 'new'))).rejects.toThrow();
  expect([await listed(), await listed(folder)]).toEqual([['new'], ['README.md']]);
});

test('an entry that cannot be moved takes back those before it', async () => {
  const folder = join(base, 'new');
  await mkdir(join(folder, 'z'), { recursive: true });
  await writeFile(join(folder, 'z/theirs'), 'theirs');
  const files = new Map([
    ['a', bytes('1')],
    ['z', bytes('a file cannot replace a folder')],
  ]);
  await expect(writePluginFolder(folder, files, ['README.md'])).rejects.toThrow();
  expect([await listed(), await listed(folder)]).toEqual([['new'], ['z']]);
});

test.each([
  ['My Plugin_2', 'my-plugin-2'],
  ['--..--', 'plugin'],
  ['Ärger', 'rger'],
  ['x'.repeat(80), 'x'.repeat(64)],
])('the folder %s suggests the name %s', (folder, name) => {
  expect(nameFromFolder(folder)).toBe(name);
});

test.each([
  ['https://github.com/acme/one.git', 'acme'],
  ['ssh://git@github.com/Acme/one', 'acme'],
  ['https://user:secret@github.com/acme/one', undefined],
  ['https://github.com.evil.example/acme/one', undefined],
  ['https://gitlab.com/acme/one', undefined],
  ['https://github.com/-acme/one', undefined],
])('the remote %s has the owner %s', async (url, owner) => {
  await mkdir(join(base, '.git'));
  await writeFile(join(base, '.git/config'), `[core]\n[remote "origin"]\n\turl = ${url}\n`);
  expect(await repositoryOwner(base)).toBe(owner);
});

test.each([
  ['acme', 'cannot be the name', 1],
  ['Acme/x', 'cannot be the name', 1],
  ['official/x', 'official is reserved', 1],
  ['acme/aux', 'device on Windows', 1],
  ['plugmark-examples/velocity-curve', 'is listed already', 0],
  ['acme/velocity-curves', 'is close to', 0],
])('the name %s: %s', async (plugin, said, exit) => {
  const ended = await init('new', '--plugin', plugin);
  expect(ended.stderr).toContain(said);
  expect([ended.exit, (await listed()).length]).toEqual([exit, exit === 0 ? 1 : 0]);
});

test.each(['null', 'true', '2024', '1e5', '0x10'])('a plugin named %s has a manifest that is read', async (name) => {
  expect((await init('new', '--plugin', `acme/${name}`, '--license', '0BSD')).exit).toBe(0);
  const { stderr } = await runCommand(['check', 'new'], base);
  // Everything but the artifact, which is not built.
  expect(stderr).toContain(`new/${name}.wasm is not there`);
});

test.each([
  ['parseltongue', 'components'],
  ['dprint', 'core modules'],
  ['project-ai', 'processes'],
])('%s has no template, which is said with those that have', async (host, said) => {
  const ended = await runCommand(['init', 'new', '--host', host, '--template', 'c', '--no-input'], base);
  expect([ended.exit, await listed()]).toEqual([2, []]);
  expect(ended.stderr).toContain('[TEMPLATE_MISSING]');
  expect(ended.stderr).toContain(said);
  expect(ended.stderr).toContain('conductor, ddalab, hielements');
});

test('a person is asked for what was not given', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    // Each answer is typed when its question stands there.
    const next = ANSWERS.findIndex(({ asked, done }) => !done && shown.includes(asked));
    const answer = ANSWERS[next];
    if (answer === undefined) return;
    answer.done = true;
    setImmediate(() => input.write(answer.keys));
  });
  const ANSWERS = [
    { asked: 'Which application', keys: '\u001b[B\r', done: false },
    { asked: 'In which language', keys: '\r', done: false },
    { asked: 'Its name', keys: '\r', done: false },
  ];
  const answers = await askInit({
    given: {},
    suggestion: 'acme/one',
    hosts: [
      { value: 'conductor', label: 'Conductor' },
      { value: 'ddalab', label: 'DDALAB' },
    ],
    templates: [{ value: 'rust', label: 'Rust' }],
    nameProblem: () => undefined,
    input,
    output,
  });
  expect(answers).toEqual({ host: 'ddalab', template: 'rust', plugin: 'acme/one' });
});

test('a person who stops writes nothing', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  output.once('data', () => setImmediate(() => input.write('\u0003')));
  const asked = askInit({
    given: { host: 'ddalab' },
    suggestion: 'acme/one',
    hosts: [],
    templates: [{ value: 'rust', label: 'Rust' }],
    nameProblem: () => undefined,
    input,
    output,
  });
  await expect(asked).rejects.toMatchObject({ code: 'USAGE' });
});

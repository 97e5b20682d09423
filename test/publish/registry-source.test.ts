// registry/ as files: what is refused, and with which code. One thing is wrong at a time; the honest registry is read first.

import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFolder } from '@plugmark/publish';
import { expect, onTestFinished, test } from 'vitest';
import { codeOf } from '../testkit/office.ts';
import {
  addRelease,
  editJson,
  honestModule,
  type Json,
  type SmallRegistry,
  smallRegistry,
  sourceOf,
  writeFiles,
} from '../testkit/registry-folder.ts';

const RELEASE = 'plugins/acme/thing/1.0.0';
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const move = ({ files }: SmallRegistry, from: string, to: string): void => {
  for (const [path, bytes] of [...files]) {
    if (!path.startsWith(from)) continue;
    files.delete(path);
    files.set(to + path.slice(from.length), bytes);
  }
};
const edit =
  (path: string, change: (value: Json) => unknown) =>
  ({ files }: SmallRegistry) =>
    editJson(files, path, change);

test('the honest registry is read whole', async () => {
  const source = sourceOf(await smallRegistry());
  expect([...source.plugins.keys()]).toEqual(['acme/thing', 'indie/tool']);
  expect([...(source.plugins.get('acme/thing')?.releases.keys() ?? [])]).toEqual(['1.0.0', '1.1.0']);
  expect([...source.hosts.keys()]).toEqual(['bench', 'desk']);
  expect(source.plugins.get('acme/thing')?.releases.get('1.0.0')?.readme).toBeDefined();
});

test.each<[string, string, (registry: SmallRegistry) => unknown]>([
  ['SOURCE_MISSING', 'no registry.json', ({ files }) => files.delete('registry.json')],
  ['SOURCE_MISSING', 'no policy.json', ({ files }) => files.delete('policy.json')],
  ['SOURCE_MISSING', 'a plugin without a listing', ({ files }) => files.delete('plugins/acme/thing/listing.json')],
  ['SOURCE_MISSING', 'a release without sources', ({ files }) => files.delete(`${RELEASE}/sources.json`)],
  ['SOURCE_UNEXPECTED', 'an approval without a plugin', ({ files }) => files.set('approvals/x/y.json', text('{}'))],
  ['SOURCE_UNEXPECTED', 'a file beside the release', ({ files }) => files.set(`${RELEASE}/run.sh`, text('#!'))],
  ['SOURCE_UNEXPECTED', 'a file at the top', ({ files }) => files.set('.npmrc', text(''))],
  [
    'SOURCE_UNEXPECTED',
    'a plugin without a release',
    ({ files }) => files.set('plugins/acme/empty/listing.json', text('{}')),
  ],
  [
    'SOURCE_UNEXPECTED',
    'a vector the manifest does not name',
    ({ files }) => files.set(`${RELEASE}/vectors/extra.json`, text('{}')),
  ],
  [
    'SOURCE_UNEXPECTED',
    'a README the manifest does not name',
    ({ files }) => files.set('plugins/acme/thing/1.1.0/README.md', text('# Other')),
  ],
  [
    'SOURCE_UNEXPECTED',
    'a release three folders deep',
    (registry) => move(registry, RELEASE, 'plugins/acme/deep/thing/1.0.0'),
  ],
  [
    'SOURCE_UNEXPECTED',
    'a release that climbs out of its folder',
    (registry) => move(registry, RELEASE, 'plugins/acme/thing/../1.0.0'),
  ],
  [
    'SOURCE_MISMATCH',
    'a release in another version’s folder',
    (registry) => move(registry, RELEASE, 'plugins/acme/thing/2.0.0'),
  ],
  [
    'SOURCE_MISMATCH',
    'a plugin in another’s folder',
    (registry) => move(registry, 'plugins/acme/thing/', 'plugins/indie/thing/'),
  ],
  [
    'SOURCE_MISMATCH',
    'a plugin in a folder named ..',
    (registry) => move(registry, 'plugins/acme/thing/', 'plugins/../thing/'),
  ],
  [
    'SOURCE_MISMATCH',
    'a publisher under another name',
    (registry) => move(registry, 'publishers/acme.json', 'publishers/acne.json'),
  ],
  [
    'SOURCE_MISMATCH',
    'a host under another name',
    (registry) => move(registry, 'hosts/bench.json', 'hosts/bench\0.json'),
  ],
  [
    'SOURCE_MISMATCH',
    'a listing of another plugin',
    edit('plugins/acme/thing/listing.json', (value) => ({ ...value, plugin: 'indie/tool' })),
  ],
  [
    'SOURCE_MISMATCH',
    'a status of a version that is not there',
    edit('plugins/acme/thing/status.json', () => ({
      schemaVersion: 1,
      plugin: 'acme/thing',
      versions: { '1.0.1': { state: 'active' } },
    })),
  ],
  [
    'NOT_CANONICAL',
    'a release.json with a trailing newline',
    ({ files }) =>
      files.set(
        `${RELEASE}/release.json`,
        Buffer.concat([files.get(`${RELEASE}/release.json`) as Uint8Array, text('\n')]),
      ),
  ],
  ['JSON_MALFORMED', 'an empty release.json', ({ files }) => files.set(`${RELEASE}/release.json`, new Uint8Array())],
  [
    'SCHEMA_VERSION',
    'a release of the future',
    edit(`${RELEASE}/release.json`, (value) => ({ ...value, schemaVersion: 2 })),
  ],
  ['SCHEMA_VERSION', 'a policy of the future', edit('policy.json', (value) => ({ ...value, schemaVersion: 2 }))],
  [
    'SCHEMA_INVALID',
    'an id that climbs',
    edit(`${RELEASE}/release.json`, (value) => ({ ...value, plugin: 'acme/../thing' })),
  ],
  [
    'SCHEMA_INVALID',
    'an id with a NUL',
    edit(`${RELEASE}/release.json`, (value) => ({ ...value, plugin: 'acme/thing\0' })),
  ],
  [
    'SCHEMA_INVALID',
    'a source that climbs',
    edit(`${RELEASE}/sources.json`, (value) => ({ ...value, sources: ['npm:a@1.0.0#../../etc/passwd'] })),
  ],
  ['SCHEMA_INVALID', 'a field nobody knows', edit('publishers/acme.json', (value) => ({ ...value, admin: true }))],
])('%s: %s', async (code, _, damage) => {
  const registry = await smallRegistry();
  damage(registry);
  expect(await codeOf(() => sourceOf(registry))).toBe(code);
});

test('prose and trust may lie in the registry and are not read here', async () => {
  const registry = await smallRegistry();
  for (const path of ['README.md', 'trust/1.root.json', 'upstreams/other.example.root.json'])
    registry.files.set(path, text('not json'));
  expect(sourceOf(registry).plugins.size).toBe(2);
});

test('a publisher may be called like a member of every object', async () => {
  const registry = await smallRegistry();
  const bytes = honestModule(9).build();
  await addRelease(registry, { plugin: 'indie/constructor', version: '1.0.0', bytes });
  expect(sourceOf(registry).plugins.get('indie/constructor')?.releases.size).toBe(1);
});

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plugmark-source-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('a folder is read as it is, in one order', async () => {
  const folder = await scratch();
  await writeFiles(folder, [
    ['b/2.json', 'two'],
    ['a.json', 'one'],
    ['b/10.json', 'ten'],
  ]);
  expect([...(await readFolder(folder))].map(([path, bytes]) => [path, new TextDecoder().decode(bytes)])).toEqual([
    ['a.json', 'one'],
    ['b/10.json', 'ten'],
    ['b/2.json', 'two'],
  ]);
  expect(await readFolder(join(folder, 'absent'))).toEqual(new Map());
});

test.each<[string, (folder: string) => void]>([
  ['a link to a file outside', (folder) => symlinkSync('/etc/passwd', join(folder, 'x.json'))],
  ['a link to a folder', (folder) => symlinkSync('/etc', join(folder, 'hosts'))],
  ['a link that leads nowhere', (folder) => symlinkSync('absent', join(folder, 'x.json'))],
  ['a pipe, which would never end', (folder) => execFileSync('mkfifo', [join(folder, 'x.json')])],
  ['a name with a space', (folder) => writeFileSync(join(folder, 'a b.json'), '')],
  ['a name with a backslash', (folder) => writeFileSync(join(folder, 'a\\b.json'), '')],
  ['a name with a line break', (folder) => writeFileSync(join(folder, 'a\nb.json'), '')],
  ['a name in other letters', (folder) => writeFileSync(join(folder, 'а.json'), '')],
  [
    'a name that differs in case only',
    (folder) => ['a.json', 'A.json'].map((name) => writeFileSync(join(folder, name), '')),
  ],
  ['folders that differ in case only', (folder) => ['x', 'X'].map((name) => mkdirSync(join(folder, name)))],
  ['a device name', (folder) => writeFileSync(join(folder, 'nul.json'), '')],
  ['a device name in capitals', (folder) => mkdirSync(join(folder, 'CON'))],
  ['a name that ends in a dot', (folder) => writeFileSync(join(folder, 'a.'), '')],
])('SOURCE_UNEXPECTED: %s', async (_, place) => {
  const folder = await scratch();
  writeFileSync(join(folder, 'honest.json'), '{}');
  place(folder);
  expect(await codeOf(() => readFolder(folder))).toBe('SOURCE_UNEXPECTED');
});

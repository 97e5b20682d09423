// `registry build --changed` over a git checkout on disk: the folders it leaves are those a whole build leaves, and where something does
// not fit it stops, or builds whole and says why.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileTree, readFolder } from '@plugmark/publish';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digests, HOUR, later } from '../testkit/office.ts';
import {
  addRelease,
  honestModule,
  type SmallRegistry,
  smallRegistry,
  writeSmallRegistry,
} from '../testkit/registry-folder.ts';
import { type Ended, runCommand } from '../testkit/run-command.ts';

let folder: string;
let registry: SmallRegistry;
const at = (...names: string[]): string => join(folder, ...names);

function build(place: string, hours: number, ...more: string[]): Promise<Ended> {
  const folders = [
    '--out',
    at(place, 'out'),
    '--ledger',
    at(place, 'ledger'),
    '--trust',
    at('trust'),
    '--keys',
    at('keys'),
  ];
  const data = ['--registry', at('registry'), '--artifacts', at('artifacts')];
  return runCommand(['registry', 'build', ...data, ...folders, ...more], folder, later(hours * HOUR));
}

function commit(): void {
  const git = (...args: string[]): void => {
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@test.invalid'];
    execFileSync('git', ['-C', folder, ...who, ...args], { stdio: 'ignore' });
  };
  git('init', '--quiet');
  git('add', 'registry');
  git('commit', '--quiet', '-m', 'registry');
}

const stateOf = async (place: string): Promise<Record<string, string>[]> =>
  Promise.all(
    ['ledger', 'out'].map(
      async (name): Promise<Record<string, string>> => digests((await readFolder(at(place, name))) as FileTree),
    ),
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plugmark-changed-'));
  registry = await smallRegistry();
  await writeSmallRegistry(folder, registry);
  commit();
  expect(await build('first', 0)).toMatchObject({ exit: 0 });
  // From here the offline keys are where they belong: somewhere else.
  for (const name of ['root', 'targets', 'revocations']) rmSync(at('keys', `${name}.pem`));
  await addRelease(registry, {
    plugin: 'acme/thing',
    version: '1.2.0',
    bytes: honestModule(60).build(),
    readme: '# New\n',
  });
  await writeSmallRegistry(folder, registry);
  for (const name of ['root', 'targets', 'revocations']) rmSync(at('keys', `${name}.pem`));
  commit();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('one release more: the same ledger and tree as a whole build, and a few files written', async () => {
  for (const place of ['whole', 'changed']) cpSync(at('first'), at(place), { recursive: true });
  const whole = await build('whole', 1);
  const changed = await build('changed', 1, '--changed', '--draw', '1', '--json');
  expect([whole.exit, changed.exit]).toEqual([0, 0]);
  expect(changed.stderr).toMatch(/building commit [0-9a-f]{12}/);
  expect(changed.stderr).toMatch(/verified again, drawn by [0-9a-f]{64}: 1 plugins/);
  expect(changed.stderr).toContain('acme/thing 1.2.0');
  expect(await stateOf('changed')).toEqual(await stateOf('whole'));
  expect(JSON.parse(changed.stdout)).toMatchObject({ refused: [], removed: 0 });
  const again = await build('changed', 2, '--changed', '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({ written: 0, removed: 0 });
});

test('what is not committed is not published', async () => {
  cpSync(at('changed'), at('uncommitted'), { recursive: true });
  writeFileSync(at('registry', 'plugins', 'acme', 'thing', 'listing.json'), 'not even JSON');
  const before = await stateOf('uncommitted');
  expect(await build('uncommitted', 2, '--changed', '--draw', '0')).toMatchObject({ exit: 0 });
  expect(await stateOf('uncommitted')).toEqual(before);
  await writeSmallRegistry(folder, registry);
  for (const name of ['root', 'targets', 'revocations']) rmSync(at('keys', `${name}.pem`));
});

test('a tree of another state of the ledger is built whole, and it is said', async () => {
  cpSync(at('changed'), at('behind'), { recursive: true });
  rmSync(at('behind', 'out'), { recursive: true });
  cpSync(at('first', 'out'), at('behind', 'out'), { recursive: true });
  const built = await build('behind', 2, '--changed');
  expect(built.stderr).toContain('building whole: the tree is not the one that this ledger led to');
  expect(await stateOf('behind')).toEqual(await stateOf('changed'));
});

test.each([
  ['a list of the ledger', ['ledger', 'lists']],
  ['an entry of the ledger', ['ledger', 'entries', 'acme', 'thing']],
])('%s that was changed stops it, and nothing is written', async (_, path) => {
  cpSync(at('changed'), at('damaged'), { recursive: true });
  for (const name of readdirSync(at('damaged', ...path)))
    writeFileSync(at('damaged', ...path, name), '{"schemaVersion":1}');
  const before = await stateOf('damaged');
  // Everything is drawn, so whatever is wrong is found.
  const built = await build('damaged', 2, '--changed', '--draw', '10');
  expect([built.exit, built.stderr.includes('LEDGER_INVALID')]).toEqual([1, true]);
  expect(await stateOf('damaged')).toEqual(before);
  rmSync(at('damaged'), { recursive: true });
});

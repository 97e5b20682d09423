// The packages as they would be published: packed, looked at by publint and Are The Types Wrong, and the client installed from its file,
// without a network, into an empty folder where the README's ten lines are compiled against its types and run against its scripts.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publintComplaints, publishedPackages } from '../check/published-packages.ts';
import { readmeHost } from '../testkit/readme-host.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const ATTW = fileURLToPath(new URL('./attw/', import.meta.url));
const TSC = join(REPOSITORY, 'node_modules/.bin/tsc');
const hasAttw = existsSync(join(ATTW, 'node_modules'));
if (!hasAttw) process.stderr.write('Are The Types Wrong skipped: npm ci --prefix test/packaging/attw\n');

const PACKAGES = publishedPackages(REPOSITORY);
let folder = '';
/** By folder: path of what `npm pack` made. */
const packed = new Map<string, string>();

/** What it printed; a compiler complains there. */
const run = async (command: string, args: readonly string[], cwd = folder): Promise<string> => {
  const ran = promisify(execFile)(command, args, { cwd });
  return (await ran.catch(({ stdout, stderr }) => expect.fail(`${command} ${args.join(' ')}\n${stdout}${stderr}`)))
    .stdout;
};

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'plugmark-packed-')));
  await run(TSC, ['-b', '--force', 'tools/cli', 'tools/client/tsconfig.node.json'], REPOSITORY);
  for (const { folder: from } of PACKAGES) {
    const [made] = JSON.parse(
      await run('npm', ['pack', '--json', '--pack-destination', folder], join(REPOSITORY, from)),
    );
    packed.set(from, join(folder, made.filename));
  }
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('seven packages are published, and publint has nothing to say', async () => {
  expect(PACKAGES.map(({ manifest }) => manifest.name).sort()).toEqual([
    '@plugmark/analysis',
    '@plugmark/client',
    '@plugmark/publish',
    '@plugmark/sandbox',
    '@plugmark/schemas',
    '@plugmark/wasm',
    'plugmark',
  ]);
  const tarballs = new Map([...packed].map(([from, path]) => [from, new Uint8Array(readFileSync(path))]));
  expect(await publintComplaints(REPOSITORY, tarballs)).toEqual([]);
});

test.skipIf(!hasAttw)('types are right wherever ECMAScript modules are', async () => {
  // The command exports nothing.
  const libraries = PACKAGES.filter(({ manifest }) => manifest.exports !== undefined);
  const tarballs = libraries.map(({ folder: from }) => packed.get(from) as string);
  const problems = JSON.parse(await run(process.execPath, [join(ATTW, 'check.mjs'), ...tarballs]));
  expect(problems).toEqual(Object.fromEntries(libraries.map(({ manifest }) => [manifest.name, []])));
});

test('the packed client runs the ten lines of its README', async () => {
  const { says, server, write } = await readmeHost();
  try {
    write(folder);
    const name = 'a-host';
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }));
    const install = ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
    await run('npm', [...install, packed.get('tools/client') as string]);
    // Nothing came along: the client has no dependency, and what checks certificates in Node is optional.
    const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
    expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/@plugmark/client']);
    const options = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2023', 'dom'],
      types: ['node'],
      typeRoots: [join(REPOSITORY, 'node_modules/@types')],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['host.ts'] }));
    await run(TSC, ['-p', '.']);
    expect((await run(process.execPath, ['host.ts'])).trim().split('\n')).toEqual(says);
  } finally {
    await server.close();
  }
});

// Another stranger's opinion, where it is installed (`pip install zizmor`); PLUGMARK_ZIZMOR names its file.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const ZIZMOR = process.env['PLUGMARK_ZIZMOR'] ?? 'zizmor';
let folder: string;

interface Ended {
  readonly code: number | string;
  readonly stdout: string;
}

const zizmor = (...args: string[]): Promise<Ended> =>
  new Promise((done) => {
    execFile(ZIZMOR, ['--offline', '--format=json', ...args], (error, stdout) =>
      done({ code: error === null ? 0 : (error.code ?? 1), stdout }),
    );
  });

const problem = (await zizmor('--version')).code === 'ENOENT' ? 'zizmor is not installed' : undefined;
const named = (title: string): string => (problem === undefined ? title : `${title}: ${problem}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-zizmor-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.skipIf(problem)(named('it finds nothing in our workflows, actions and Dependabot'), async () => {
  const { code, stdout } = await zizmor(join(REPOSITORY, '.github'));
  expect([code, JSON.parse(stdout)]).toEqual([0, []]);
});

test.skipIf(problem)(named('it finds nothing in the workflow that init writes'), async () => {
  await mkdir(join(folder, 'good/.github/workflows'), { recursive: true });
  const text = await readFile(join(REPOSITORY, 'tools/cli/templates/common/release.yml'), 'utf8');
  const filled = text.replace('__TOOLS_COMMIT__', 'a'.repeat(40)).replaceAll(/__[A-Z_]+__/g, 'acme');
  await writeFile(join(folder, 'good/.github/workflows/release.yml'), filled);
  const { code, stdout } = await zizmor(join(folder, 'good'));
  expect([code, JSON.parse(stdout)]).toEqual([0, []]);
});

test.skipIf(problem)(named('it finds what is wrong'), async () => {
  await cp(join(REPOSITORY, '.github'), join(folder, 'bad/.github'), { recursive: true });
  const file = join(folder, 'bad/.github/workflows/review.yml');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/@[0-9a-f]{40} # v/, '@v'));
  const found = JSON.parse((await zizmor(join(folder, 'bad/.github'))).stdout) as { ident: string }[];
  expect(found.map(({ ident }) => ident)).toContain('unpinned-uses');
});

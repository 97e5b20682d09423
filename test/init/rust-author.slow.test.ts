// A Rust author's first ten minutes, as the page "Embed in Rust" shows them: its lines are followed one by one, as far as the machine
// goes. Without a compiler for the target, everything up to the build.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildProblem, makeWorkplace } from './template-cases.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = join(REPOSITORY, 'tools/cli/bin/plugmark.js');
const PAGE = new URL('../../site/src/content/docs/embed-rust.md', import.meta.url);
const MARK = '<!-- followed by test/init/rust-author.slow.test.ts -->\n```sh\n';

let workplace: string;
beforeAll(async () => {
  workplace = await mkdtemp(join(tmpdir(), 'plugmark-rust-author-'));
  await makeWorkplace(workplace);
});
afterAll(() => rm(workplace, { recursive: true, force: true }));

const problem = await buildProblem({ host: 'conductor', template: 'rust', manifest: 'plugin.yaml' });
const UNTIL_THE_BUILD = problem === undefined ? undefined : 2;
const title = problem === undefined ? 'every line of the page works' : `the lines before the build work: ${problem}`;

test(title, async () => {
  const [, rest = ''] = (await readFile(PAGE, 'utf8')).split(MARK, 2);
  const lines = rest.slice(0, rest.indexOf('\n```')).split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(5);
  let cwd = workplace;
  const printed = new Map<string, string>();
  for (const line of lines.slice(0, UNTIL_THE_BUILD)) {
    const [word = '', ...words] = line.split(' ');
    if (word === 'cd') cwd = join(cwd, words[0] ?? '');
    else printed.set(line, await typed(word, words, cwd));
  }
  if (problem !== undefined) return;
  expect(printed.get('npx plugmark check .')).toMatch(/verdict\s+PASS/);
  expect(printed.get('npx plugmark run . --vector a-fifth-up')).toMatch(/\S/);
});

/** As typed in a shell; `npx plugmark` is the command of this repository, and the compiler is Debian's, as the build script allows. */
async function typed(word: string, words: readonly string[], cwd: string): Promise<string> {
  const [file, args] = word === 'npx' ? [process.execPath, [COMMAND, ...words.slice(1)]] : [word, words];
  const env = { ...process.env, RUSTC: '/usr/bin/rustc', LINKER: 'wasm-ld-14', NO_COLOR: '1' };
  const { stdout } = await promisify(execFile)(file, [...args], { cwd, env });
  return stdout;
}

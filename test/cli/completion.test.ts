// The script in a real bash: what the shell would offer at the cursor.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { main } from '../../tools/cli/src/main.ts';
import { captured } from './fixtures.ts';

const offers = async (line: string): Promise<string[]> => {
  const { io, out } = captured('/');
  await main(['completion', 'bash'], io);
  const words = line.split(' ');
  const script = `${out()}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_plugmark; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
};

test.each([
  ['plugmark un', ['uninstall']],
  ['plugmark log ', ['--help', 'export', 'show', 'verify']],
  ['plugmark log verify --he', ['--head', '--help']],
  ['plugmark install acme/x --fro', ['--frozen']],
  ['plugmark registry bui', ['build']],
  ['plugmark install acme/x some-file', []],
])('%s', async (line, expected) => {
  expect(await offers(line)).toEqual(expected);
});

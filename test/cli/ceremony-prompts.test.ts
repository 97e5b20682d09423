// The questions a ceremony asks at a terminal: a new passphrase twice, consent after the changes were shown, the passphrase of a key. In
// transcripts nobody is there to answer.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../tools/cli/src/main.ts';
import { captured, REPOSITORY } from './fixtures.ts';

interface Asked {
  readonly exit: number;
  readonly err: string;
  readonly out: string;
  /** Each question, and whether what was typed was hidden. */
  readonly questions: readonly (readonly [string, boolean])[];
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugmark-prompts-'));
  cpSync(join(REPOSITORY, 'registry'), join(folder, 'registry'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function answer(command: string, ...answers: string[]): Promise<Asked> {
  const { io, out, err } = captured(folder);
  const questions: (readonly [string, boolean])[] = [];
  const ask = async (question: string, { hidden }: { readonly hidden: boolean }): Promise<string> => {
    questions.push([question, hidden]);
    return answers.shift() ?? '';
  };
  const exit = await main(command.split(' '), { ...io, ask });
  return { exit, out: out(), err: err(), questions };
}

const PASSPHRASE = 'correct horse battery';

test('a new passphrase is asked for twice and not shown; two different ones make no key', async () => {
  const differ = await answer('root init --keys keys', PASSPHRASE, 'another passphrase');
  expect([differ.exit, differ.err]).toEqual([2, expect.stringContaining('the two passphrases differ')]);
  expect(existsSync(join(folder, 'keys'))).toBe(false);
  const made = await answer('root init --keys keys', PASSPHRASE, PASSPHRASE);
  expect([made.exit, made.questions.length, made.questions.every(([, hidden]) => hidden)]).toEqual([0, 2, true]);
  expect(readdirSync(join(folder, 'keys')).sort()).toEqual([
    'cosign.pem',
    'online.pem',
    'revocations.key.json',
    'root.key.json',
    'targets.key.json',
  ]);
  for (const name of readdirSync(join(folder, 'keys')))
    expect([name, statSync(join(folder, 'keys', name)).mode & 0o777]).toEqual([name, 0o600]);
  // What the passphrase protects is nowhere in the registry, and neither is the passphrase.
  expect(readFileSync(join(folder, 'registry/trust/roles.json'), 'utf8')).not.toContain('PRIVATE');
  expect(made.err + made.out).not.toContain(PASSPHRASE);
}, 60_000);

test('the changes are shown, then consent, then the passphrase; without either nothing is written', async () => {
  const status = {
    schemaVersion: 1,
    plugin: 'plugmark-examples/velocity-curve',
    versions: {
      '1.0.0': {
        state: 'revoked',
        since: '2026-11-25T00:00:00Z',
        severity: 'high',
        reason: 'It steals.',
        evidence: 'https://example.org/',
      },
    },
  };
  writeFileSync(join(folder, 'registry/plugins/plugmark-examples/velocity-curve/status.json'), JSON.stringify(status));
  const command = 'root sign --only revocations --key keys/revocations.key.json';
  const signed = join(folder, 'registry/trust/metadata/2.revocations.json');

  const refused = await answer(command, 'n');
  expect([refused.exit, refused.questions]).toEqual([4, [['sign this? [y/N] ', false]]]);
  expect(refused.err).toContain('is revoked: It steals.');
  const silent = await answer(command, '');
  expect(silent.exit).toBe(4);
  const wrong = await answer(command, 'y', 'not the passphrase');
  expect([wrong.exit, wrong.err]).toEqual([1, expect.stringContaining('[PASSPHRASE_WRONG]')]);
  expect(existsSync(signed)).toBe(false);

  const done = await answer(command, 'yes', PASSPHRASE);
  expect([done.exit, done.questions.map(([, hidden]) => hidden)]).toEqual([0, [false, true]]);
  expect(existsSync(signed)).toBe(true);
}, 60_000);

test('a proposal that another machine changed is refused before anybody is asked', async () => {
  const pending = join(folder, 'registry/trust/pending');
  cpSync(join(folder, 'registry/trust/targets'), join(pending, 'targets'), { recursive: true });
  const targets = JSON.parse(readFileSync(join(folder, 'registry/trust/metadata/1.targets.json'), 'utf8'));
  targets.signed.version = 2;
  targets.signed.delegations.roles.unshift({ ...targets.signed.delegations.roles[1], name: 'extra', paths: ['*/*/*'] });
  cpSync(join(folder, 'registry/trust/metadata/1.targets.json'), join(pending, 'metadata/targets.json'));
  writeFileSync(join(pending, 'metadata/targets.json'), JSON.stringify({ signatures: [], signed: targets.signed }));
  const { exit, err, questions } = await answer('root sign --key keys/targets.key.json', 'y', PASSPHRASE);
  expect([exit, questions]).toEqual([1, []]);
  expect(err).toContain('[PROPOSAL_INVALID]');
}, 60_000);

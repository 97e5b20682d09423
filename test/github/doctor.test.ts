// doctor --settings against the stand-in: every setting as it should be, each one otherwise, and what a token may not see.
import { type DoctorCheck, DoctorResult, parse } from '@plugmark/schemas';
import { expect, test } from 'vitest';
import { DOCTOR_CHECKS } from '../../tools/cli/src/doctor/doctor-checks.ts';
import { CRONS, SECRETS, SETTINGS, type SettingId } from '../../tools/cli/src/office/settings.ts';
import type { Settings } from '../../tools/dev/src/github/github-state.ts';
import { type Bench, benchForEach } from './reviewing.ts';

let bench: Bench;
benchForEach((opened) => {
  bench = opened;
});

const RULES = [{ type: 'deletion' }, { type: 'non_fast_forward' }];
const PULLS = { type: 'pull_request', parameters: { required_approving_review_count: 0 } };

function setRightly({ branches, environments, states, ...settings }: Settings): Settings {
  branches.set('main', { rules: [...RULES, PULLS] });
  branches.set('ledger', { rules: RULES });
  for (const name of ['signing', 'github-pages', 'watching'])
    environments.set(name, { branches: ['main'], reviewers: 0, waitMinutes: 0, secrets: new Set() });
  for (const { name, environment } of SECRETS) environments.get(environment)?.secrets.add(name);
  for (const file of Object.keys(CRONS)) states.set(file, 'active');
  const whole = Object.assign(bench.registry.settings, {
    pages: { buildType: 'workflow', isHttps: true, url: 'https://small.example/' },
    actions: { enabled: true, isPinned: true },
    workflows: { token: 'read', mayApprove: false },
  } as const);
  settings.secrets.clear();
  return whole;
}

async function doctor(token: string | undefined): Promise<{ exit: number; checks: readonly DoctorCheck[] }> {
  const argv = ['doctor', '--settings', '--repository', 'plugmark/registry', '--json'];
  const env: Record<string, string> = token === undefined ? {} : { GITHUB_TOKEN: token };
  const { exit, stdout } = await bench.run(argv, { cwd: bench.checkout, env });
  return { exit, checks: parse(DoctorResult, JSON.parse(stdout), 'doctor').checks };
}

const asOwner = () => doctor(bench.github.token(bench.registry.owner));
const outcomes = (checks: readonly DoctorCheck[]) => checks.map(({ id, outcome }) => [id, outcome]);

/** One thing that is otherwise, and the checks that say so; by the check it is about first. */
const WRONG: readonly (readonly [what: string, ids: readonly SettingId[], change: (settings: Settings) => unknown])[] =
  [
    ['main can be pushed to', ['settings.main-branch'], ({ branches }) => branches.set('main', { rules: RULES })],
    [
      'main can be overwritten',
      ['settings.main-branch'],
      ({ branches }) => branches.set('main', { rules: [{ type: 'deletion' }, PULLS] }),
    ],
    [
      'the reviewer cannot merge',
      ['settings.main-branch'],
      ({ branches }) =>
        branches.set('main', { rules: [...RULES, { ...PULLS, parameters: { required_approving_review_count: 1 } }] }),
    ],
    [
      'the older protection is not for administrators',
      ['settings.main-branch'],
      ({ branches }) =>
        branches.set('main', {
          rules: [],
          protection: { approvals: 0, admins: false, forcePushes: false, deletions: false },
        }),
    ],
    ['the ledger can be deleted', ['settings.ledger-branch'], ({ branches }) => branches.delete('ledger')],
    [
      'the ledger cannot be pushed',
      ['settings.ledger-branch'],
      ({ branches }) => branches.set('ledger', { rules: [...RULES, PULLS] }),
    ],
    [
      'every branch signs',
      ['settings.environment-signing'],
      ({ environments }) => void delete environments.get('signing')?.branches,
    ],
    [
      'every protected branch signs',
      ['settings.environment-signing'],
      ({ environments }) => {
        const { branches: _, ...rest } = environments.get('signing') ?? {
          secrets: new Set(),
          reviewers: 0,
          waitMinutes: 0,
        };
        environments.set('signing', { ...rest, isForProtected: true });
      },
    ],
    [
      'a second branch signs',
      ['settings.environment-signing'],
      ({ environments }) => Object.assign(environments.get('signing') ?? {}, { branches: ['main', 'feature/*'] }),
    ],
    [
      'there is no environment',
      ['settings.environment-signing', 'settings.signing-unattended', 'settings.secrets'],
      ({ environments }) => environments.delete('signing'),
    ],
    [
      'the timestamp waits for a click',
      ['settings.signing-unattended'],
      ({ environments }) => Object.assign(environments.get('signing') ?? {}, { reviewers: 1 }),
    ],
    [
      'the timestamp waits',
      ['settings.signing-unattended'],
      ({ environments }) => Object.assign(environments.get('signing') ?? {}, { waitMinutes: 30 }),
    ],
    [
      'any branch deploys',
      ['settings.environment-pages'],
      ({ environments }) => void delete environments.get('github-pages')?.branches,
    ],
    [
      'any branch watches',
      ['settings.environment-watching'],
      ({ environments }) => void delete environments.get('watching')?.branches,
    ],
    [
      'a key is missing',
      ['settings.secrets'],
      ({ environments }) => environments.get('signing')?.secrets.delete('PLUGMARK_COSIGN_KEY'),
    ],
    [
      'a key is everybody’s',
      ['settings.secrets-outside'],
      ({ secrets }) => secrets.add('PLUGMARK_ONLINE_KEY').add('SOMETHING_ELSE'),
    ],
    [
      'Pages of a branch',
      ['settings.pages'],
      (settings) => Object.assign(settings.pages ?? {}, { buildType: 'legacy' }),
    ],
    ['Pages over http', ['settings.pages'], (settings) => Object.assign(settings.pages ?? {}, { isHttps: false })],
    [
      'Pages elsewhere',
      ['settings.pages'],
      (settings) => Object.assign(settings.pages ?? {}, { url: 'https://else.example/' }),
    ],
    ['no Pages', ['settings.pages'], (settings) => void delete settings.pages],
    [
      'workflows write',
      ['settings.actions-token'],
      (settings) => Object.assign(settings, { workflows: { token: 'write', mayApprove: false } }),
    ],
    [
      'workflows approve',
      ['settings.actions-approve'],
      (settings) => Object.assign(settings, { workflows: { token: 'read', mayApprove: true } }),
    ],
    [
      'tags of actions',
      ['settings.actions-pinned'],
      (settings) => Object.assign(settings, { actions: { enabled: true, isPinned: false } }),
    ],
    [
      'no actions',
      ['settings.actions-pinned'],
      (settings) => Object.assign(settings, { actions: { enabled: false, isPinned: true } }),
    ],
    ['a cron that stopped', ['settings.workflows'], ({ states }) => states.set('timestamp.yml', 'disabled_inactivity')],
    ['a cron of a fork', ['settings.workflows'], ({ states }) => states.set('review.yml', 'disabled_fork')],
    ['a cron that is missing', ['settings.workflows'], ({ states }) => states.delete('heartbeat.yml')],
  ];

test('right, and each thing that is wrong by itself', async () => {
  setRightly(bench.registry.settings);
  const right = await asOwner();
  expect(outcomes(right.checks)).toEqual(Object.keys(SETTINGS).map((id) => [id, 'pass']));
  expect(right.exit).toBe(0);
  for (const [what, ids, change] of WRONG) {
    const settings = setRightly(bench.registry.settings);
    change(settings);
    const { exit, checks } = await asOwner();
    const wrong = checks.filter(({ outcome }) => outcome !== 'pass');
    expect([what, exit, wrong.map(({ id, outcome }) => [id, outcome])]).toEqual([
      what,
      1,
      ids.map((id) => [id, 'fail']),
    ]);
    expect(wrong.map(({ fix }) => fix)).toEqual(ids.map((id) => SETTINGS[id].fix));
  }
  expect([...new Set(WRONG.flatMap(([, ids]) => ids))].sort()).toEqual(Object.keys(SETTINGS).sort());
});

test('the older kind of protection is as good', async () => {
  const { branches } = setRightly(bench.registry.settings);
  const older = { admins: true, forcePushes: false, deletions: false };
  branches.set('main', { rules: [], protection: { ...older, approvals: 0 } });
  branches.set('ledger', { rules: [], protection: older });
  const { checks } = await asOwner();
  expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
});

test('what was not seen is not right: no token, a stranger’s, a workflow’s, a GitHub that fails', async () => {
  setRightly(bench.registry.settings);
  const nobody = await doctor(undefined);
  expect([nobody.exit, [...new Set(nobody.checks.map(({ outcome }) => outcome))]]).toEqual([1, ['inconclusive']]);
  expect(nobody.checks.map(({ id }) => id)).toEqual(Object.keys(SETTINGS));
  for (const token of [bench.github.token(bench.people.mallory), bench.reviewer]) {
    const { exit, checks } = await doctor(token);
    const unseen = checks.filter(({ outcome }) => outcome === 'inconclusive').map(({ id }) => id);
    expect([exit, checks.filter(({ outcome }) => outcome === 'fail')]).toEqual([1, []]);
    expect(unseen).toEqual([
      'settings.secrets',
      'settings.secrets-outside',
      'settings.pages',
      'settings.actions-token',
      'settings.actions-approve',
      'settings.actions-pinned',
    ]);
  }
  // Rules of the older kind could make up for what the newer ones lack.
  bench.registry.settings.branches.clear();
  const stranger = await doctor(bench.github.token(bench.people.mallory));
  expect(outcomes(stranger.checks).slice(0, 2)).toEqual([
    ['settings.main-branch', 'inconclusive'],
    ['settings.ledger-branch', 'inconclusive'],
  ]);
  bench.github.faults.push({ kind: 'badGateway', on: /\/environments\// });
  const failing = await asOwner();
  expect(failing.checks.find(({ id }) => id === 'settings.environment-signing')?.outcome).toBe('inconclusive');
});

test('every check says why and how to set it right, in a line', () => {
  for (const [id, { title, why, fix }] of Object.entries(DOCTOR_CHECKS))
    for (const words of [title, why, fix]) expect([id, /^[^\n]{10,400}$/.test(words)]).toEqual([id, true]);
});

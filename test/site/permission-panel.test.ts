import type { CapabilityFacts, DerivedCapability } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { type PermissionPanel, permissionPanel } from '../../site/src/data/permission-panel.ts';
import { hostProfile, type SampleOptions, sampleRelease, sampleSummary } from './sample-release.ts';

function panel(options: SampleOptions, previous?: Partial<CapabilityFacts>): PermissionPanel {
  const before =
    previous === undefined ? undefined : { version: '0.9.0', summary: sampleSummary({ ...options, facts: previous }) };
  const host = hostProfile(options.host ?? 'ddalab');
  return permissionPanel({
    summary: sampleSummary(options),
    host,
    release: sampleRelease(options).release,
    previous: before,
  });
}

const declared = (id: string, hosts?: string[]) => ({
  id,
  reason: 'because',
  ...(hosts === undefined ? {} : { params: { hosts } }),
});
const network: DerivedCapability = {
  id: 'network',
  class: 'network',
  risk: 'high',
  imports: [{ module: 'ddalab', name: 'http_request' }],
};

const DDALAB_CANNOT = hostProfile('ddalab').capabilities.map(({ cannot }) => cannot);

describe('the verdict is the worst thing that is true', () => {
  test.each<[string, SampleOptions, string, string]>([
    ['nothing asked', {}, 'none', 'Asks DDALAB for nothing'],
    [
      'inside the host',
      { facts: { declared: [declared('write:results')] } },
      'low',
      'Can write results; asks DDALAB for nothing else',
    ],
    [
      'outside the host',
      { facts: { declared: [declared('write:results'), declared('network')] } },
      'outside',
      'Reaches outside DDALAB: it can use the network',
    ],
    [
      'low by the host, still outside',
      { host: 'conductor', facts: { declared: [declared('network')] } },
      'outside',
      'Reaches outside Conductor: it can use the network',
    ],
    [
      'unknown import',
      {
        facts: {
          declared: [declared('network')],
          unknown: [{ module: 'x', name: 'y', kind: 'function', reason: 'z' }],
        },
      },
      'high',
      'Asks for functions DDALAB does not know',
    ],
    [
      'unbounded',
      { facts: { unbounded: [{ cause: 'dispatcher', detail: 'x' }] } },
      'unbounded',
      'What it can do is not bounded by its code',
    ],
    ['a process', { host: 'project-ai', kind: 'process' }, 'unbounded', 'Can do anything your account can'],
  ])('%s', (_, options, level, text) => {
    expect(panel(options).verdict).toMatchObject({ level, text });
  });

  test('says nothing about the network to a plugin that asks for it, and never speaks for the host', () => {
    expect(panel({ facts: { derived: [network] } }).verdict.note).not.toContain('nothing that reaches the network');
    expect(panel({}).verdict.note).toContain('what DDALAB does with its results is DDALAB’s part');
  });
});

describe('rows', () => {
  test('the box holds what reaches out, with its parameters, first', () => {
    const { prominent, others } = panel({
      facts: { declared: [declared('ui:panel'), declared('network', ['a.example'])], derived: [network] },
    });
    expect(prominent).toMatchObject([
      {
        id: 'network',
        can: 'send what it reads to other computers and receive data from them',
        limits: [{ title: 'Addresses it may reach', values: ['a.example'] }],
        reason: 'because',
        imports: ['ddalab.http_request'],
        grant: 'DDALAB asks you, with a warning',
      },
    ]);
    expect(others.map(({ id }) => id)).toEqual(['ui:panel']);
  });

  test('a parameter that is not limited is there without values, an unneeded capability without imports', () => {
    const [row] = panel({ facts: { declared: [declared('network')] } }).prominent;
    expect(row).toMatchObject({ limits: [{ values: [] }], imports: [] });
  });

  test('what the code can do and nobody declared has no reason', () => {
    const [row] = panel({ facts: { declared: [], derived: [network] } }).prominent;
    expect(row?.reason).toBeUndefined();
  });

  test('a capability the profile lacks is shown as the worst, under its own id', () => {
    const [row] = panel({ facts: { declared: [declared('telepathy')] } }).prominent;
    expect(row).toMatchObject({ id: 'telepathy', title: 'telepathy', risk: 'high' });
  });

  test('an import of a component has its version', () => {
    const derived = [{ ...network, imports: [{ module: 'wasi:http/outgoing-handler', name: '0.2.0' }] }];
    const { prominent } = panel({ host: 'parseltongue', kind: 'component', facts: { derived } });
    expect(prominent[0]?.imports).toEqual(['wasi:http/outgoing-handler@0.2.0']);
  });
});

describe('what it cannot', () => {
  test('is everything the host offers and the plugin does not ask for', () => {
    expect(panel({}).cannot).toEqual(DDALAB_CANNOT);
    expect(panel({ facts: { derived: [network] } }).cannot).toEqual(
      DDALAB_CANNOT.filter((words) => !words.includes('network')),
    );
  });

  test('names what the host gives nobody', () => {
    expect(panel({ host: 'dprint' }).neverOffered).toBe(
      'dprint has no function for the network, files and other programs, so no plugin of it can ask.',
    );
    expect(panel({}).neverOffered).toBeUndefined();
  });

  test.each<[string, SampleOptions]>([
    ['a process', { host: 'project-ai', kind: 'process' }],
    ['unbounded code', { facts: { unbounded: [{ cause: 'imported-table', detail: 'x' }] } }],
    ['an unknown import', { facts: { unknown: [{ module: 'x', name: 'y', kind: 'function', reason: 'z' }] } }],
  ])('is nothing for %s', (_, options) => {
    expect(panel(options)).toMatchObject({ cannot: [] });
    expect(panel(options).neverOffered).toBeUndefined();
  });
});

describe('against the previous release', () => {
  test.each<[string, string[] | undefined, string[] | undefined, string | undefined]>([
    ['same hosts', ['a'], ['a'], undefined],
    ['fewer hosts', ['a'], ['a', 'b'], undefined],
    ['another host', ['a', 'b'], ['a'], 'wider'],
    ['a limit dropped', undefined, ['a'], 'wider'],
    ['a limit added', ['a'], undefined, undefined],
  ])('%s', (_, now, before, change) => {
    const { prominent } = panel(
      { facts: { declared: [declared('network', now)] } },
      { declared: [declared('network', before)] },
    );
    expect(prominent[0]?.change).toBe(change);
  });

  test('new and dropped ones are named; without a previous release nothing is new', () => {
    const facts = { declared: [declared('ui:panel')] };
    expect(panel({ facts }, { declared: [declared('write:results')] })).toMatchObject({
      others: [{ change: 'new' }],
      dropped: ['Write results'],
      comparedWith: '0.9.0',
    });
    expect(panel({ facts }).others[0]?.change).toBeUndefined();
  });
});

test('a process: the sentence in the red box, what is declared as the publisher’s word', () => {
  const detail = 'whatever the report says';
  const found = panel({
    host: 'project-ai',
    kind: 'process',
    facts: { declared: [declared('network'), declared('events')], unbounded: [{ cause: 'process', detail }] },
  });
  expect(found.unbounded).toMatchObject({ title: 'Can do anything your account can', details: [expect.any(String)] });
  expect(found.otherTitle).toBe('Its publisher also says');
  expect([...found.prominent, ...found.others].map(({ id, isOnlyDeclared }) => [id, isOnlyDeclared])).toEqual([
    ['network', true],
    ['events', true],
  ]);
  expect(panel({ facts: { declared: [declared('network')] } }).prominent[0]?.isOnlyDeclared).toBe(false);
  expect(panel({}).unbounded.details).toEqual([]);
});

test('runtime imports stand apart, by purpose', () => {
  const runtime = ['fd_write', 'proc_exit'].map((name) => ({ module: 'wasi', name, purpose: 'panic message' }));
  expect(panel({ facts: { runtime } })).toMatchObject({
    prominent: [],
    others: [],
    runtime: [{ purpose: 'panic message', imports: ['wasi.fd_write', 'wasi.proc_exit'] }],
  });
});

test('limits stand beside those of the host; a process shows no memory of its own', () => {
  expect(panel({}).limits).toContainEqual({
    name: 'Memory',
    plugin: 'starts with 64 KiB, sets itself no maximum',
    host: 'at most 512 MiB',
  });
  expect(panel({ host: 'project-ai', kind: 'process' }).limits.map(({ name }) => name)).toEqual([
    'File',
    'Time for a call',
  ]);
});

// Plugins that no registry lists: from a repository on GitHub and from a file. Nobody signed them, so what is said and what is asked is
// all there is.
import { type ConsentQuestion, type HostPolicy, memoryStore, parseSource } from '@plugmark/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codeOf } from '../testkit/office.ts';
import {
  bytesOf,
  closeSources,
  forgetRequests,
  github,
  host,
  type Made,
  manifestOf,
  moduleOf,
  openSources,
  refusalOf,
  release,
  repository,
  SHARED,
} from './source-host.ts';

beforeAll(openSources, 60_000);
afterAll(closeSources);
beforeEach(forgetRequests);

describe('what a person names', () => {
  test.each([
    ['github:octo/lamp', { repository: 'octo/lamp' }],
    ['github:octo/lamp@v1.0.0', { repository: 'octo/lamp', tag: 'v1.0.0' }],
    ['github:octo/lamp@release/2026', { repository: 'octo/lamp', tag: 'release/2026' }],
    ['https://github.com/octo/lamp', { repository: 'octo/lamp' }],
    ['https://github.com/octo/lamp.git', { repository: 'octo/lamp' }],
    ['https://github.com/octo/lamp/releases/tag/v1.0.0', { repository: 'octo/lamp', tag: 'v1.0.0' }],
  ])('%s', (text, source) => {
    expect(parseSource(text)).toEqual({ kind: 'github', ...source });
  });

  test.each([
    'github:octo',
    'github:octo/..',
    'github:octo/lamp@../../users',
    'github:octo/lamp@',
    'github:octo/lamp@a b',
    'github:octo/la%2Fmp',
    'github:-octo/lamp',
    'https://github.com/octo/lamp?tab=readme',
    'https://github.com.evil.example/octo/lamp',
  ])('%s is refused', (text) => {
    expect(() => parseSource(text)).toThrow(expect.objectContaining({ code: 'SOURCE_MALFORMED' }));
  });
});

describe('a repository', () => {
  test('is installed with what its code can do, pinned by number, tag and digest, and loads', async () => {
    const { id } = await repository('first', { capabilities: ['network'] });
    const [store, asked] = [memoryStore(), [] as ConsentQuestion[]];
    const plugins = host({ store, asked });
    const outcome = await plugins.installFrom(parseSource('github:Octo/First'));
    expect(outcome).toMatchObject({
      plugin: 'octo/lamp',
      version: '1.0.0',
      tier: 'community',
      publisher: { state: 'notSigned' },
      registry: { state: 'notSigned', levels: [] },
      analysed: true,
      grants: ['network'],
      source: { kind: 'github', repository: 'octo/first', repositoryId: String(id), tag: 'v1.0.0' },
    });
    expect(asked[0]).toMatchObject({ publisher: { title: 'octo/first', state: 'notSigned' }, tier: 'community' });
    expect(asked[0]?.decision.rules.map(({ rule }) => rule)).toEqual(['signature', 'capability']);
    expect(asked[0]?.screen.rows).toMatchObject([{ id: 'network', risk: 'high', seenInCode: ['ddalab.http_request'] }]);
    expect(await plugins.list()).toMatchObject([
      { plugin: 'octo/lamp', requested: '*', signer: { kind: 'none' }, consent: 'active' },
    ]);
    const loaded = await plugins.load('octo/lamp');
    expect(loaded.grants.map((grant) => grant.id)).toEqual(['network']);
    expect(await plugins.why('octo/lamp')).toMatchObject([{ requested: { plugin: 'octo/lamp', range: '*' } }]);
    const records = await plugins.log.records();
    expect(records.map(({ event, detail }) => [event, detail])).toEqual([
      ['consented', 'by user'],
      ['installed', 'from github:octo/first@v1.0.0'],
      ['loaded', undefined],
    ]);
    expect(github.unknown).toEqual([]);
  });

  test('whose files lie in it at the tag needs no assets', async () => {
    const { repositories } = github.state;
    const made = await repository('in-tree');
    const files = new Map([
      ['ddalab-plugin.yaml', manifestOf({})],
      ['out/lamp.wasm', moduleOf({})],
    ]);
    await github.push(made, 'main', files);
    await github.tag(made, 'v1.0.0');
    // A branch with the tag's name is not what is read.
    await github.push(made, 'v1.0.0', new Map([['ddalab-plugin.yaml', bytesOf('plugin: evil/other\n')]]));
    repositories.get(made.id)?.releases.set('v1.0.0', new Map());
    expect(await host().installFrom(parseSource('github:octo/in-tree'))).toMatchObject({ plugin: 'octo/lamp' });
  });

  test('nobody agreed to is not installed, and nothing of it is kept but news', async () => {
    await repository('refused', { capabilities: ['network'] });
    const store = memoryStore();
    for (const [says, code] of [
      ['no', 'CONSENT_DENIED'],
      ['nobody', 'CONSENT_REQUIRED'],
    ] as const)
      expect(await codeOf(() => host({ store, says }).installFrom(parseSource('github:octo/refused')))).toBe(code);
    expect(await store.list('')).toEqual([]);
  });

  test('without the inspect port is unknown: high risk, agreed to by name and for these bytes alone', async () => {
    const made = await repository('unread', { number: 1 });
    const [store, asked] = [memoryStore(), [] as ConsentQuestion[]];
    const plugins = host({ store, asked }, { inspect: undefined as never });
    expect(await plugins.installFrom(parseSource('github:octo/unread'))).toMatchObject({ analysed: false });
    expect(asked[0]?.decision.explicit).toEqual(['unknown']);
    expect(asked[0]?.screen).toMatchObject({
      risk: 'high',
      cannot: [],
      rows: [{ id: 'unknown', risk: 'high', prominent: true }],
    });
    await release(made, { version: '1.1.0', number: 2 }, 'v1.1.0');
    expect(await host({ store, says: 'nobody' }, { inspect: undefined as never }).update()).toMatchObject([
      { state: 'held', code: 'CONSENT_REQUIRED', to: '1.1.0', difference: { widened: [{ id: 'unbounded' }] } },
    ]);
  });

  test('whose code does more than it declares is refused, or asked about as a high risk', async () => {
    await repository('liar', { capabilities: ['read:channel_data'], declared: [] });
    const source = parseSource('github:octo/liar');
    const refusal = await refusalOf(host().installFrom(source));
    expect(refusal).toMatchObject({
      code: 'POLICY_REFUSED',
      details: { rules: expect.arrayContaining(['undeclared (read:channel_data)']) },
    });
    const asked: ConsentQuestion[] = [];
    await host({ asked, policy: { undeclared: 'ask' } }).installFrom(source);
    expect(asked[0]?.screen.rows).toMatchObject([
      { id: 'read:channel_data', undeclared: true, risk: 'high', grant: 'explicit' },
    ]);
    expect(asked[0]?.decision.explicit).toEqual(['read:channel_data']);
  });

  test.each([
    ['a policy that takes nothing unsigned', { unsigned: 'refuse' }, 'signature (notSigned)'],
    ['one that takes verified publishers only', { tiers: ['verified'] }, 'tier (community)'],
    ['one that waits', { minimumReleaseAgeMinutes: 1e9 }, 'age'],
  ] as const)('%s refuses it', async (_, policy, rule) => {
    const refusal = await refusalOf(host({ policy: policy as HostPolicy }).installFrom(SHARED));
    expect(refusal.code).toBe('POLICY_REFUSED');
    expect(String(refusal.details['rules'])).toContain(rule);
  });
});

describe('names', () => {
  test('a plugin does not take the place of another source’s by its name, nor what was allowed to that', async () => {
    await repository('real', { capabilities: ['network'] });
    await repository('fake', { capabilities: ['network'] });
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/real'));
    expect(await refusalOf(host({ store }).installFrom(parseSource('github:octo/fake')))).toMatchObject({
      code: 'SOURCE_CHANGED',
      details: { installed: 'github:octo/real@v1.0.0', named: 'github:octo/fake@v1.0.0' },
    });
    // Another lockfile over the same store: the same name and the same capabilities, and still nobody agreed to this one.
    const other = { pinName: 'other', lockfile: lockfilePort() };
    expect(
      await codeOf(() => host({ store, says: 'nobody' }, other).installFrom(parseSource('github:octo/fake'))),
    ).toBe('CONSENT_REQUIRED');
    const asked: ConsentQuestion[] = [];
    await host({ store, asked }, other).installFrom(parseSource('github:octo/fake'));
    expect(asked).toHaveLength(1);
    // And the first is still agreed to.
    expect((await host({ store }).list())[0]?.consent).toBe('active');
  });

  test('what it needs has to be there already', async () => {
    await repository('needy', { more: 'dependencies: { acme/fft: ^1 }\n' });
    expect(await refusalOf(host().installFrom(parseSource('github:octo/needy')))).toMatchObject({
      code: 'DEPENDENCY_CONFLICT',
      details: { plugin: 'acme/fft', wants: ['octo/lamp 1.0.0 wants ^1'], versions: ['it is not installed'] },
    });
  });
});

function lockfilePort() {
  let bytes: Uint8Array | undefined;
  return {
    read: async () => bytes,
    write: async (next: Uint8Array) => {
      bytes = next;
    },
  };
}

describe('a file', () => {
  const file = (made: Made, manifest = true) => ({
    kind: 'file' as const,
    name: 'My Lamp.wasm',
    bytes: moduleOf(made),
    ...(manifest ? { manifest: async () => manifestOf(made) } : {}),
  });

  test('is local: refused where the host takes none, else installed and named by itself', async () => {
    expect(await refusalOf(host().installFrom(file({}, false)))).toMatchObject({
      code: 'POLICY_REFUSED',
      details: { rules: ['tier (local)'] },
    });
    const [store, policy] = [memoryStore(), { tiers: ['local'] } as const];
    const bare = await host({ store, policy }).installFrom(
      file({ capabilities: ['read:channel_data'], number: 30 }, false),
    );
    expect(bare).toMatchObject({
      plugin: 'local/my-lamp',
      version: '0.0.0',
      tier: 'local',
      source: { kind: 'file' },
      publisher: { state: 'notSigned' },
    });
    const known = await host({ store, policy }).installFrom(file({ version: '3.1.0' }));
    expect(known).toMatchObject({ plugin: 'octo/lamp', version: '3.1.0' });
    expect(await host({ store, policy }).restore({ frozen: true })).toHaveLength(2);
    expect(await host({ store, policy }).update()).toMatchObject([{ state: 'current' }, { state: 'current' }]);
    expect(github.requests).toEqual([]);
    // Changed and installed again: the person did it. What reaches further is asked.
    await host({ store, policy, says: 'nobody' }).installFrom(
      file({ capabilities: ['read:channel_data'], number: 31 }, false),
    );
    expect(
      await codeOf(() =>
        host({ store, policy, says: 'nobody' }).installFrom(file({ capabilities: ['network'] }, false)),
      ),
    ).toBe('CONSENT_REQUIRED');
  });

  test('lost from the store cannot come back by itself, and that is said', async () => {
    const [store, policy] = [memoryStore(), { tiers: ['local'] } as const];
    const { sha256 } = await host({ store, policy }).installFrom(file({}));
    await store.delete(`blobs/sha256/${sha256}`);
    expect(await refusalOf(host({ store, policy }).restore())).toMatchObject({ code: 'NOT_INSTALLED' });
    expect(await codeOf(() => host({ store, policy }).load('octo/lamp'))).toBe('NOT_INSTALLED');
  });

  test('named so that no plugin could be called so needs a manifest', async () => {
    const nameless = { kind: 'file', name: '???.wasm', bytes: moduleOf({}) } as const;
    expect(await codeOf(() => host({ policy: { tiers: ['local'] } }).installFrom(nameless))).toBe('MANIFEST_MALFORMED');
  });
});

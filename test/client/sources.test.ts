// Plugins that no registry lists: from a repository on GitHub (the stand-in, over real git) and from a file. Nobody signed them, so what
// is pinned, what is said, and what is refused is all there is.

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ClientError,
  type ConsentQuestion,
  encodeLockfile,
  type HostPolicy,
  memoryStore,
  openPlugins,
  type PluginStore,
  type Plugins,
  type PluginsOptions,
  parseSource,
} from '@plugmark/client';
import { Policy, parseJson } from '@plugmark/schemas';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inspectPort } from '../../tools/cli/src/inspect-port.ts';
import { parseYaml } from '../../tools/cli/src/parse-yaml.ts';
import type { Repository } from '../../tools/dev/src/github/github-state.ts';
import { type GitHub, openGitHub } from '../../tools/dev/src/github/open-github.ts';
import { DDALAB, hostModule } from '../testkit/host-plugins.ts';
import { codeOf, HOUR, later, NOW } from '../testkit/office.ts';
import { copyOf } from './managed-host.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const POLICY = parseJson(
  Policy,
  new Uint8Array(readFileSync(new URL('../../registry/policy.json', import.meta.url))),
  'policy',
);
const INSPECT = inspectPort({ policy: POLICY, now: () => NOW });
const UNUSED = { url: 'http://registry.invalid/', root: new Uint8Array() };

let folder = '';
let github: GitHub;
let serial = 0;
/** For cases that change nothing of it. */
let shared: Repository;
const SHARED = parseSource('github:octo/shared');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-sources-'));
  github = await openGitHub({ folder, now: () => NOW });
  shared = await repository('shared', { number: 63 });
});
afterAll(async () => {
  await github.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  github.faults.length = 0;
  (github.requests as string[]).length = 0;
});

interface Made {
  readonly version?: string;
  readonly plugin?: string;
  readonly capabilities?: readonly ('network' | 'read:channel_data')[];
  readonly declared?: readonly string[];
  readonly more?: string;
  readonly number?: number;
}

function manifestOf({
  version = '1.0.0',
  plugin = 'octo/lamp',
  capabilities = [],
  declared = capabilities,
  more = '',
}: Made): Uint8Array {
  return bytesOf(
    `plugin: ${plugin}\nversion: ${version}\nlicense: MIT\ntitle: Lamp\nsummary: It shines\napi: ^1\nartifact: out/lamp.wasm\npermissions: [${declared.map((id) => `"${id}"`).join(', ')}]\n${more}`,
  );
}
const moduleOf = ({ capabilities = [], number = serial++ % 64 }: Made): Uint8Array =>
  hostModule(DDALAB, capabilities, { number });

/** A repository with one release, its files as assets. */
async function repository(name: string, made: Made = {}, tag = 'v1.0.0'): Promise<Repository> {
  const owner = github.user('octo', 7001);
  const created = await github.repository(owner, name, new Map([['README.md', bytesOf('# Lamp\n')]]));
  await release(created, made, tag);
  return created;
}

async function release(to: Repository, made: Made, tag: string): Promise<void> {
  to.releases.set(
    tag,
    new Map([
      ['ddalab-plugin.yaml', manifestOf(made)],
      ['lamp.wasm', moduleOf(made)],
    ]),
  );
  await github.tag(to, tag);
}

interface Setup {
  readonly store?: PluginStore;
  readonly policy?: HostPolicy;
  readonly asked?: ConsentQuestion[];
  readonly says?: 'yes' | 'no' | 'nobody';
}

function host(
  { store = memoryStore(), policy = {}, asked = [], says = 'yes' }: Setup = {},
  options: Partial<PluginsOptions> = {},
): Plugins {
  return openPlugins({
    ...UNUSED,
    store,
    fetch,
    now: () => NOW,
    host: { id: 'ddalab', api: '1.0.0' },
    profile: DDALAB,
    policy,
    inspect: INSPECT,
    readManifest: (bytes, file) => parseYaml(bytes, file),
    github: { api: github.address },
    timeoutMs: 5000,
    ...(says === 'nobody'
      ? {}
      : {
          consent: async (question: ConsentQuestion) => {
            asked.push(question);
            return says === 'yes' ? { allow: true, explicitly: question.decision.explicit } : { allow: false };
          },
        }),
    ...options,
  });
}

const refusalOf = async (act: Promise<unknown>): Promise<Pick<ClientError, 'code' | 'details'>> => {
  const error = await act.then(
    () => ({ code: 'ACCEPTED', details: {} }),
    (cause: unknown) => cause,
  );
  return error as ClientError;
};

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

describe('what was pinned', () => {
  test('a repository that was deleted and made again by somebody else is another one', async () => {
    const made = await repository('given-up');
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/given-up'));
    made.gone = true;
    const again = await repository('given-up', { version: '9.0.0' }, 'v9.0.0');
    const details = { repository: 'octo/given-up', expected: String(made.id), actual: String(again.id) };
    for (const act of [
      () => host({ store }).installFrom(parseSource('github:octo/given-up')),
      () => host({ store }).installFrom(parseSource('github:octo/given-up@v9.0.0')),
    ])
      expect(await refusalOf(act())).toMatchObject({ code: 'SOURCE_REPLACED', details });
    expect(await host({ store }).update()).toMatchObject([{ state: 'refused', code: 'SOURCE_REPLACED' }]);
    expect(await host({ store }).outdated()).toMatchObject([{ code: 'SOURCE_REPLACED' }]);
    expect((await host({ store }).load('octo/lamp')).version).toBe('1.0.0');
  });

  test('a tag that was moved to other bytes is refused, by whoever looks', async () => {
    const made = await repository('moved', { number: 3 });
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/moved@v1.0.0'));
    await release(made, { number: 4 }, 'v1.0.0');
    expect(await codeOf(() => host({ store }).installFrom(parseSource('github:octo/moved@v1.0.0')))).toBe(
      'SOURCE_MOVED',
    );
    expect(await host({ store }).update()).toMatchObject([{ state: 'refused', code: 'SOURCE_MOVED' }]);
    // What is installed goes on working; on a computer that has only the lockfile, nothing else is taken for it.
    expect((await host({ store }).load('octo/lamp')).version).toBe('1.0.0');
    const empty = memoryStore();
    await empty.put('hosts/ddalab/plugmark.lock', (await store.get('hosts/ddalab/plugmark.lock')) as Uint8Array);
    expect(await codeOf(() => host({ store: empty }).restore())).toBe('SOURCE_MOVED');
  });

  test('a manifest that was exchanged under the same bytes as well', async () => {
    const made = await repository('rewritten', { number: 5 });
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/rewritten'));
    await release(made, { number: 5, more: 'description: It shines brighter\n' }, 'v1.0.0');
    const empty = memoryStore();
    await empty.put('hosts/ddalab/plugmark.lock', (await store.get('hosts/ddalab/plugmark.lock')) as Uint8Array);
    expect(await refusalOf(host({ store: empty }).restore())).toMatchObject({
      code: 'SOURCE_MOVED',
      details: { what: 'manifestSha256' },
    });
  });

  test('a lockfile alone brings the very same on another computer, once somebody agrees', async () => {
    await repository('elsewhere');
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/elsewhere'));
    const empty = memoryStore();
    await empty.put('hosts/ddalab/plugmark.lock', (await store.get('hosts/ddalab/plugmark.lock')) as Uint8Array);
    expect(await codeOf(() => host({ store: empty, says: 'nobody' }).restore())).toBe('CONSENT_REQUIRED');
    expect(await host({ store: empty }).restore()).toMatchObject([{ plugin: 'octo/lamp', state: 'fetched' }]);
    const requests = github.requests.length;
    expect(await host({ store: empty }).restore({ frozen: true })).toMatchObject([{ state: 'proved' }]);
    expect(github.requests).toHaveLength(requests);
  });

  test.each([
    ['version', { version: '2.0.0' }],
    ['capabilityHash', { capabilityHash: '0'.repeat(64) }],
    ['tier', { tier: 'verified' }],
    ['kind', { kind: 'component' }],
  ] as const)('an edited lockfile is refused: %s', async (what, change) => {
    const store = memoryStore();
    await host({ store }).installFrom(SHARED);
    const lockfile = await host({ store }).lockfile();
    const [entry] = lockfile.plugins;
    await store.put(
      'hosts/ddalab/plugmark.lock',
      encodeLockfile({ ...lockfile, plugins: [{ ...entry, ...change } as never] }),
    );
    for (const act of [() => host({ store }).load('octo/lamp'), () => host({ store }).restore({ frozen: true })])
      expect(await refusalOf(act())).toMatchObject({ code: 'LOCKFILE_MISMATCH', details: { what } });
  });

  test('damaged bytes are fetched again from where they came, and only those bytes', async () => {
    const made = await repository('healed', { number: 6 });
    const store = memoryStore();
    const { sha256 } = await host({ store }).installFrom(parseSource('github:octo/healed'));
    await store.put(`blobs/sha256/${sha256}`, bytesOf('damaged'));
    expect((await host({ store }).load('octo/lamp')).sha256).toBe(sha256);
    await store.put(`blobs/sha256/${sha256}`, bytesOf('damaged'));
    await release(made, { number: 7 }, 'v1.0.0');
    expect(await codeOf(() => host({ store }).load('octo/lamp'))).toBe('ARTIFACT_DIGEST');
    expect(await host({ store }).audit()).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ kind: 'damaged' })]),
    });
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

describe('updates', () => {
  test('look for a newer release and ask no registry; wider ones wait, unhealthy ones go back', async () => {
    const made = await repository('growing', { number: 10 });
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/growing'));
    expect(await host({ store }).outdated()).toEqual([]);
    expect(await host({ store }).update()).toMatchObject([{ state: 'current' }]);
    await release(made, { version: '1.1.0', number: 11 }, 'v1.1.0');
    expect(await host({ store }).outdated()).toMatchObject([
      { installed: '1.0.0', latest: '1.1.0', difference: { widened: [] } },
    ]);
    expect(await host({ store, says: 'nobody' }).update('octo/lamp')).toMatchObject([
      { state: 'updated', to: '1.1.0' },
    ]);
    await release(made, { version: '1.2.0', number: 12, capabilities: ['network'] }, 'v1.2.0');
    expect(await host({ store, says: 'nobody' }).update()).toMatchObject([
      { state: 'held', to: '1.2.0', difference: { widened: [{ id: 'network', change: 'new' }] } },
    ]);
    expect(await host({ store }).update('octo/lamp', { health: async () => false })).toMatchObject([
      { state: 'rolledBack' },
    ]);
    expect((await host({ store }).list())[0]?.version).toBe('1.1.0');
    expect(await host({ store }).update()).toMatchObject([{ state: 'current', excluded: [{ code: 'failed' }] }]);
    await release(made, { version: '1.0.5', number: 13 }, 'v1.0.5');
    expect(await host({ store }).update()).toMatchObject([
      { state: 'current', excluded: [{ version: '1.0.5', code: 'lower' }] },
    ]);
    expect((await host({ store }).rollback('octo/lamp')).version).toBe('1.0.0');
    expect((await host({ store }).load('octo/lamp')).version).toBe('1.0.0');
  });

  test('drafts and prereleases are nobody’s latest; a tag that was asked for stays', async () => {
    const made = await repository('drafts', { number: 20 });
    await release(made, { version: '2.0.0-rc.1', number: 21 }, 'v2.0.0-rc.1');
    Object.assign(made, { prereleases: new Set(['v2.0.0-rc.1']), drafts: new Set(['v3.0.0']) });
    await release(made, { version: '3.0.0', number: 22 }, 'v3.0.0');
    expect((await host().installFrom(parseSource('github:octo/drafts'))).version).toBe('1.0.0');
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/drafts@v2.0.0-rc.1'));
    expect(await host({ store }).update()).toMatchObject([{ state: 'current', to: '2.0.0-rc.1' }]);
    expect(await codeOf(() => host().installFrom(parseSource('github:octo/drafts@v3.0.0')))).toBe('SOURCE_MISSING');
  });

  test('a renamed repository is the same one', async () => {
    const made = await repository('old-name', { number: 25 });
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/old-name'));
    Object.assign(made, { name: 'new-name', formerNames: ['old-name'] });
    await release(made, { version: '1.1.0', number: 26 }, 'v1.1.0');
    expect(await host({ store }).update()).toMatchObject([{ state: 'updated', to: '1.1.0' }]);
    expect((await host({ store }).list())[0]?.source).toMatchObject({ repository: 'octo/new-name' });
  });

  test('an audit says what nobody can know', async () => {
    const store = memoryStore();
    await host({ store }).installFrom(SHARED);
    expect(await host({ store }).audit()).toMatchObject({
      against: 'nothing',
      findings: [
        {
          kind: 'unwatched',
          severity: 'warning',
          reason: 'from github:octo/shared@v1.0.0: no registry revokes it, and nobody writes advisories about it here',
        },
      ],
    });
  });
});

describe('a hostile or broken answer', () => {
  test.each([
    ['a sign-in page', 'signInPage', 'NETWORK'],
    ['a redirect to an address behind the firewall', 'elsewhere', 'NETWORK'],
    ['bytes without end', 'endless', 'TOO_LARGE'],
    ['a limit', 'rateLimit', 'SOURCE_LIMITED'],
    ['a second kind of limit', 'secondaryRateLimit', 'SOURCE_LIMITED'],
    ['a gateway', 'badGateway', 'NETWORK'],
    ['half an answer', 'truncated', 'NETWORK'],
    ['a broken connection', 'reset', 'NETWORK'],
  ] as const)('%s', async (_, kind, code) => {
    const store = memoryStore();
    for (const on of [/GET \/repos\/octo\/[^/]+$/, /releases\/latest/, /GET \/objects\//]) {
      github.faults.length = 0;
      github.faults.push({ kind, on });
      expect({ on, code: await codeOf(() => host({ store }).installFrom(SHARED)) }).toEqual({ on, code });
    }
    expect(await store.list('')).toEqual([]);
  });

  test('a server that never answers is given up', async () => {
    await repository('silent');
    const silent: typeof fetch = (_, init) =>
      new Promise((_done, fail) => init?.signal?.addEventListener('abort', () => fail(new TypeError('aborted'))));
    expect(
      await refusalOf(host({}, { fetch: silent, timeoutMs: 20 }).installFrom(parseSource('github:octo/silent'))),
    ).toMatchObject({
      code: 'NETWORK',
      details: { timeoutMs: 20 },
    });
  });

  test.each([
    'http://10.0.0.1/x',
    'https://user:pass@github.com/x',
    'https://evil.example/x',
    'file:///etc/passwd',
    'ftp://github.com/x',
  ])('a redirect to %s is not followed', async (to) => {
    github.faults.push({ kind: 'elsewhere', on: /GET \/objects\//, to });
    const seen: string[] = [];
    const watching: typeof fetch = (input, init) => {
      seen.push(String(input));
      return fetch(input, init);
    };
    expect(await refusalOf(host({}, { fetch: watching }).installFrom(SHARED))).toMatchObject({
      code: 'NETWORK',
      details: { redirect: to },
    });
    expect(seen.every((url) => url.startsWith(github.address))).toBe(true);
  });

  test.each([
    ['no manifest', (files: Map<string, Uint8Array>) => files.delete('ddalab-plugin.yaml'), 'SOURCE_MISSING'],
    ['no such file', (files: Map<string, Uint8Array>) => files.delete('lamp.wasm'), 'SOURCE_MISSING'],
    [
      'a manifest that is no YAML',
      (files: Map<string, Uint8Array>) => files.set('ddalab-plugin.yaml', bytesOf('a: [')),
      'MANIFEST_MALFORMED',
    ],
    [
      'one that is a page',
      (files: Map<string, Uint8Array>) => files.set('ddalab-plugin.yaml', bytesOf('<html>')),
      'MANIFEST_MALFORMED',
    ],
    [
      'one with a path that climbs out',
      (files: Map<string, Uint8Array>) =>
        files.set(
          'ddalab-plugin.yaml',
          bytesOf(new TextDecoder().decode(manifestOf({})).replace('out/lamp', '../../lamp')),
        ),
      'MANIFEST_MALFORMED',
    ],
    [
      'one for another host',
      (files: Map<string, Uint8Array>) => files.set('ddalab-plugin.yaml', manifestOf({ more: 'host: conductor\n' })),
      'NO_RELEASE',
    ],
    [
      'one for a later host',
      (files: Map<string, Uint8Array>) =>
        files.set('ddalab-plugin.yaml', bytesOf(new TextDecoder().decode(manifestOf({})).replace('^1', '^2'))),
      'NO_RELEASE',
    ],
    [
      'a plugin that is a page',
      (files: Map<string, Uint8Array>) => files.set('lamp.wasm', bytesOf('<html>')),
      'ARTIFACT_UNREADABLE',
    ],
    [
      'a plugin that is cut off',
      (files: Map<string, Uint8Array>) => files.set('lamp.wasm', moduleOf({}).subarray(0, 20)),
      'ARTIFACT_UNREADABLE',
    ],
  ] as const)('%s', async (_, change, code) => {
    const whole = shared.releases.get('v1.0.0') ?? new Map();
    const files = new Map(whole);
    change(files);
    shared.releases.set('v1.0.0', files);
    const store = memoryStore();
    expect(await codeOf(() => host({ store }).installFrom(SHARED))).toBe(code);
    shared.releases.set('v1.0.0', whole);
    expect(await store.list('')).toEqual([]);
  });

  test('an asset larger than the host takes is not fetched', async () => {
    await repository('large', {});
    expect(await codeOf(() => host({ policy: { maxBytes: 10 } }).installFrom(parseSource('github:octo/large')))).toBe(
      'TOO_LARGE',
    );
    expect(github.requests.filter((line) => line.startsWith('GET /objects/'))).toHaveLength(1);
  });

  test('no repository, no release', async () => {
    expect(await refusalOf(host().installFrom(parseSource('github:octo/nowhere')))).toMatchObject({
      code: 'SOURCE_MISSING',
      details: { what: 'repository' },
    });
    await github.repository(github.user('octo', 7001), 'empty', new Map([['a', bytesOf('a')]]));
    expect(await refusalOf(host().installFrom(parseSource('github:octo/empty')))).toMatchObject({
      code: 'SOURCE_MISSING',
      details: { what: 'release' },
    });
  });
});

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

describe('grants', () => {
  const installed = async () => {
    const store = memoryStore();
    const { name } = await repository(`grants-${serial++}`, { capabilities: ['network', 'read:channel_data'] });
    await host({ store }).installFrom(parseSource(`github:octo/${name}`));
    return store;
  };

  test('show what is granted and when it was last used; one is taken back, then all, then given anew', async () => {
    const store = await installed();
    await host({ store }, { now: () => later(HOUR) }).load('octo/lamp');
    await host({ store }).revoke('octo/lamp', { capability: 'network' });
    const loaded = await host({ store }, { now: () => later(2 * HOUR) }).load('octo/lamp');
    expect(loaded.grants.map(({ id }) => id)).toEqual(['read:channel_data']);
    expect(await host({ store }).permissions('octo/lamp')).toMatchObject({
      consent: 'active',
      lastActivity: '2026-06-01T14:00:00Z',
      screen: { rows: [{ id: 'network' }, { id: 'read:channel_data' }] },
      capabilities: [
        { id: 'network', granted: false, lastActivity: '2026-06-01T13:00:00Z' },
        { id: 'read:channel_data', granted: true, lastActivity: '2026-06-01T14:00:00Z' },
      ],
    });
    expect(await codeOf(() => host({ store }).revoke('octo/lamp', { capability: 'network' }))).toBe(
      'CONSENT_INCOMPLETE',
    );
    await host({ store }).revoke('octo/lamp');
    expect(await codeOf(() => host({ store }).load('octo/lamp'))).toBe('GRANT_REVOKED');
    expect(await host({ store }).permissions('octo/lamp')).toMatchObject({
      consent: 'revoked',
      capabilities: [{ granted: false }, { granted: false }],
    });
    expect(await codeOf(() => host({ store, says: 'no' }).agree('octo/lamp'))).toBe('CONSENT_DENIED');
    expect(await host({ store }).agree('octo/lamp')).toEqual(['network', 'read:channel_data']);
    expect((await host({ store }).load('octo/lamp')).grants).toHaveLength(2);
    expect((await host({ store }).log.records()).map(({ event, detail }) => [event, detail]).slice(-4)).toEqual([
      ['revokedConsent', undefined],
      ['refused', undefined],
      ['consented', 'by user'],
      ['loaded', undefined],
    ]);
  });

  test('uninstalling takes them back', async () => {
    const store = await installed();
    expect(await host({ store }).uninstall('octo/lamp')).toEqual(['octo/lamp']);
    expect(await host({ store }).list()).toEqual([]);
  });
});

test('a cut of the power leaves the old state or the new one', async () => {
  const made = await repository('power', { number: 40 });
  const before = memoryStore();
  await host({ store: before }).installFrom(parseSource('github:octo/power'));
  await release(made, { version: '1.1.0', number: 41 }, 'v1.1.0');
  for (let writes = 0; ; writes++) {
    const store = await copyOf(before);
    let left = writes;
    const dying = {
      ...store,
      put: (name: string, bytes: Uint8Array) =>
        left-- > 0 ? store.put(name, bytes) : Promise.reject(new TypeError('no power')),
    };
    const ended = await host({ store: dying })
      .update('octo/lamp', { health: async () => true })
      .catch((error: unknown) => error);
    const plugins = host({ store });
    const [listed] = await plugins.list();
    expect(['1.0.0', '1.1.0']).toContain(listed?.version);
    expect((await plugins.load('octo/lamp')).version).toBe(listed?.version);
    expect(await plugins.restore({ frozen: true })).toHaveLength(1);
    if (!(ended instanceof TypeError)) break;
    expect(writes).toBeLessThan(50);
  }
});

test('a clock that is years behind does not take what is not released yet by it', async () => {
  const refusal = await refusalOf(host({}, { now: () => new Date('2020-01-01T00:00:00Z') }).installFrom(SHARED));
  expect(refusal.code).toBe('POLICY_REFUSED');
  expect(String(refusal.details['rules'])).toContain('age (-');
});

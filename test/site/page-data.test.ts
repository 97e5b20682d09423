import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListedArtifact } from '@plugmark/analysis';
import type { Index, IndexEntry, Registry, Revocations } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { artifactPlaces } from '../../site/src/data/artifact-places.ts';
import { installSnippets } from '../../site/src/data/install-snippets.ts';
import { groupPlugins, newestPlugins } from '../../site/src/data/plugin-list.ts';
import { type PluginPageInput, pluginPage } from '../../site/src/data/plugin-page.ts';
import type { ReleaseCheck } from '../../site/src/data/release-check.ts';
import { sayBytes, sayCount, sayDay, sayList, sayMany } from '../../site/src/data/say-numbers.ts';
import type { SiteError } from '../../site/src/data/site-error.ts';
import { statusBanners } from '../../site/src/data/status-banner.ts';
import { statusFacts } from '../../site/src/data/status-page.ts';
import { verificationPanel } from '../../site/src/data/verification-panel.ts';
import { versionsTable } from '../../site/src/data/versions-table.ts';
import { pluginMarkup } from '../../site/src/markup/plugin-markup.ts';
import { toHtml } from '../../site/src/markup/to-html.ts';
import { checkedPlugins } from '../../site/src/tree/check-releases.ts';
import { openTree } from '../../site/src/tree/open-tree.ts';
import { TEST_POLICY } from '../testkit/policy.ts';
import { EXAMPLES } from '../testkit/schema-examples.ts';
import { hostProfile, sampleDocument, sampleRelease } from './sample-release.ts';

const NO_REVOCATIONS: Revocations = { schemaVersion: 1, registry: 'test', revocations: [] };
const NO_INDEX = { plugins: [] } as unknown as Index;
const VERIFIED: ReleaseCheck = {
  publisher: 'verified',
  registry: 'verified',
  signer: 'a'.repeat(64),
  tier: 'verified',
  levels: ['PLUGMARK_IMPORTS_DECLARED'],
};
const HOSTS = new Map(['ddalab', 'project-ai'].map((id) => [id, hostProfile(id)]));

function pageInput(changes: Partial<PluginPageInput> = {}): PluginPageInput {
  const document = sampleDocument([sampleRelease({ version: '1.1.0' }), sampleRelease()]);
  const registry = { title: 'Test', url: 'https://registry.example/' };
  return {
    document,
    hosts: HOSTS,
    report: () => undefined,
    check: VERIFIED,
    tier: 'community',
    revocations: NO_REVOCATIONS,
    registry,
    places: { budgetBytes: 1, mirrors: [], beyond: new Set(), beyondBytes: 0 },
    generatedAt: '2026-02-01T08:05:00Z',
    waits: TEST_POLICY.waits,
    version: '1.1.0',
    ...changes,
  };
}

describe('verification', () => {
  const words = (check: ReleaseCheck): string[] =>
    pluginPage(pageInput({ check })).verification.marks.map(({ word }) => word);

  test.each<[string, ReleaseCheck, string[]]>([
    ['all verified', VERIFIED, ['Verified', 'Verified', 'Verified']],
    [
      'no mark of the registry',
      { ...VERIFIED, registry: 'notSigned', levels: [] },
      ['Verified', 'Verified', 'Not signed'],
    ],
    [
      'not looked at',
      { publisher: 'notChecked', registry: 'notChecked', code: 'NO_RELEASE', levels: [] },
      ['Not checked', 'Not checked', 'Not checked'],
    ],
    [
      'refused',
      { publisher: 'verificationFailed', registry: 'verificationFailed', code: 'ARTIFACT_DIGEST', levels: [] },
      ['Failed', 'Failed', 'Failed'],
    ],
  ])('%s', (_, check, expected) => {
    expect(words(check)).toEqual(expected);
  });

  test('names the time of the check and a command, and claims nothing about a browser', () => {
    const { verification } = pluginPage(pageInput());
    expect(verification.checkedAt).toBe('1 February 2026, 08:05 UTC');
    expect(verification.command).toBe(
      `npx plugmark verify ${'a'.repeat(64)}.wasm --registry https://registry.example/ --root ROOT`,
    );
    expect(JSON.stringify(verification)).not.toMatch(/browser|safe\b/i);
  });

  test('a community publisher is not said to be known', () => {
    const input = {
      release: sampleRelease(),
      publisher: { title: 'Acme', identities: [] },
      registry: { title: 'Test', url: '' },
      generatedAt: '2026-02-01T08:05:00Z',
    };
    const { marks } = verificationPanel({ ...input, check: { ...VERIFIED, tier: 'community' } });
    expect(marks[1]?.says).toContain('Nobody here has checked who holds the key.');
  });

  test('the tier is the one the client derived, not the one an unsigned index gives', () => {
    expect(pluginPage(pageInput({ tier: 'built-in' })).tier.title).toBe('Verified');
    const failed: ReleaseCheck = {
      publisher: 'verificationFailed',
      registry: 'verificationFailed',
      code: 'TARGET_DIGEST',
      levels: [],
    };
    const page = pluginPage(pageInput({ tier: 'built-in', check: failed }));
    expect(page.tier.title).toBe('Community');
    expect(page.banners).toMatchObject([
      { title: 'Verification failed', says: expect.stringContaining('TARGET_DIGEST') },
    ]);
    const { tier: _, ...unverified } = VERIFIED;
    expect(pluginPage(pageInput({ tier: 'community', check: unverified })).tier.title).toBe('Community');
  });
});

describe('a page that cannot be made', () => {
  test.each([
    ['PLUGIN_UNKNOWN', { version: '9.0.0' }],
    ['HOST_UNKNOWN', { hosts: new Map() }],
  ])('%s', (code, changes) => {
    expect(() => pluginPage(pageInput(changes))).toThrow(expect.objectContaining({ code, name: 'SiteError' }));
  });
});

describe('the tree', () => {
  const withTree = (files: Readonly<Record<string, string>>, use: (folder: string) => unknown): unknown => {
    const folder = mkdtempSync(join(tmpdir(), 'plugmark-tree-'));
    try {
      for (const directory of ['v1', 'readmes']) mkdirSync(join(folder, directory));
      for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
      return use(folder);
    } catch (error) {
      return (error as SiteError).code;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('is refused when it is none, when a file is missing, malformed or not the one named', () => {
    expect(withTree({}, openTree)).toBe('TREE_MISSING');
    expect(withTree({ 'v1/index.json': '{"schemaVersion":2}' }, (folder) => openTree(folder).index())).toBe(
      'SCHEMA_VERSION',
    );
    expect(withTree({ 'v1/index.json': '{}' }, (folder) => openTree(folder).index())).toBe('SCHEMA_INVALID');
    expect(withTree({ 'v1/index.json': '{}' }, (folder) => openTree(folder).registry())).toBe('FILE_MISSING');
    const digest = 'b'.repeat(64);
    expect(
      withTree({ 'v1/index.json': '{}', [`readmes/${digest}.md`]: 'x' }, (folder) => openTree(folder).readme(digest)),
    ).toBe('DIGEST_MISMATCH');
  });
});

describe('banners', () => {
  const since = '2026-01-31T00:00:00Z';
  const entry = {
    sha256: 'a'.repeat(64),
    plugin: 'acme/probe',
    version: '1.0.0',
    since,
    severity: 'high',
    reason: 'steals',
    evidence: 'https://a.example/1',
  } as const;

  test('revocation comes from the signed list; a status can only ask for it', () => {
    const document = sampleDocument([
      sampleRelease({
        status: { state: 'revoked', since, severity: 'high', reason: 'r', evidence: 'https://a.example/2' },
      }),
    ]);
    expect(statusBanners(document, '1.0.0', NO_REVOCATIONS)).toMatchObject([
      { title: 'Revocation asked for', reason: 'r', evidence: 'https://a.example/2' },
    ]);
    const revoked = statusBanners(document, '1.0.0', { ...NO_REVOCATIONS, revocations: [entry] });
    expect(revoked[0]).toMatchObject({
      title: 'Revoked',
      reason: 'steals',
      says: 'Hosts refuse to load these bytes since 31 January 2026.',
    });
    const lifted = { ...entry, lifted: { at: since, reason: 'mistake' } };
    expect(
      statusBanners(sampleDocument([sampleRelease()]), '1.0.0', { ...NO_REVOCATIONS, revocations: [lifted] }),
    ).toEqual([]);
  });

  test('yanked, and the whole plugin moved', () => {
    const yanked = sampleRelease({
      status: { state: 'yanked', since, reasonCode: 'broken', reason: 'b', replacement: { plugin: 'acme/other' } },
    });
    const document = sampleDocument([yanked], { whole: { state: 'transferred', since, reason: 'm', to: 'acme/new' } });
    expect(statusBanners(document, '1.0.0', NO_REVOCATIONS)).toMatchObject([
      { title: 'Transferred', replacement: 'acme/new' },
      { title: 'Yanked', replacement: 'acme/other' },
    ]);
  });
});

test('versions say what changed, with the host’s words', () => {
  const facts = { declared: [{ id: 'ui:panel', reason: 'r' }], hash: 'c'.repeat(64) };
  const releases = [
    sampleRelease({ version: '1.3.0', facts: { hash: 'd'.repeat(64) } }),
    sampleRelease({ version: '1.2.0', facts }),
    sampleRelease({ version: '1.1.0' }),
    sampleRelease(),
  ];
  const rows = versionsTable(sampleDocument(releases), (_, id) => (id === 'ui:panel' ? 'Show a side panel' : id));
  expect(rows.map(({ version, changes }) => [version, ...changes])).toEqual([
    ['1.3.0', '− Show a side panel'],
    ['1.2.0', '+ Show a side panel'],
    ['1.1.0', 'no change'],
    ['1.0.0', 'first version'],
  ]);
});

test('snippets are filled in once: a value that looks like a place to fill in stays', () => {
  const host = {
    ...hostProfile('ddalab'),
    install: [{ title: 't', language: 'sh' as const, template: 'get {plugin}@{version} {url} {unknown}\n' }],
  };
  const { release } = sampleRelease();
  expect(installSnippets(host, release, 'https://{version}.example/plugin.wasm')).toEqual([
    {
      title: 't',
      text: 'get acme/probe@1.0.0 https://{version}.example/plugin.wasm {unknown}',
    },
  ]);
});

describe('artifacts beyond the budget', () => {
  const [first, second] = ['https://mirror.example/a/', 'https://other.example/'];
  const registry = {
    ...(EXAMPLES.registry as Registry),
    url: 'https://registry.example/',
    blobBudgetBytes: 10,
  };
  const artifact = (sha256: string, publishedAt: string): ListedArtifact => ({
    plugin: 'acme/probe',
    version: '1.0.0',
    sha256: sha256.repeat(64),
    kind: 'core',
    size: 8,
    publishedAt,
    isLatest: false,
  });
  const artifacts = () => [artifact('a', '2026-01-01T00:00:00Z'), artifact('b', '2026-01-02T00:00:00Z')];
  const mirrors = [first, second].map((url) => ({ url, serves: 'blobs' as const }));
  const files = (page: ReturnType<typeof pluginPage>) =>
    page.files.filter(({ title }) => title.startsWith('The plugin'));

  test('a page links to the first mirror, and the snippet says the same', () => {
    const places = artifactPlaces({ registry, mirrors, blobBytes: 16, artifacts });
    const page = pluginPage(pageInput({ places }));
    const url = `${first}blobs/sha256/${'a'.repeat(64)}.wasm`;
    expect(page.sha256).toBe('a'.repeat(64));
    expect(files(page)).toEqual([{ title: 'The plugin (.wasm), on a mirror', url }]);
    expect(toHtml(pluginMarkup(page, undefined, (path) => `/${path}`))).toContain(`href="${url}"`);
    const snippets = page.hosts.flatMap(({ install }) => install.map(({ text }) => text)).join();
    expect(snippets).not.toContain('https://registry.example/blobs/');
  });

  test.each([
    ['there is no mirror', [], 16],
    ['the only mirror is not asked', [{ url: 'http://mirror.example/', serves: 'blobs' as const }], 16],
    ['all of it fits', mirrors, 10],
  ])('all links are to this site where %s', (_, listed, blobBytes) => {
    const places = artifactPlaces({ registry, mirrors: listed, blobBytes, artifacts });
    expect(files(pluginPage(pageInput({ places })))).toEqual([
      { title: 'The plugin (.wasm)', path: `blobs/sha256/${'a'.repeat(64)}.wasm` },
    ]);
    expect(statusFacts(NO_INDEX, places).find(({ name }) => name === 'Served here')?.value).toBe('all artifacts');
  });

  test('the status page says how much is where', () => {
    const facts = statusFacts(NO_INDEX, artifactPlaces({ registry, mirrors, blobBytes: 16, artifacts }));
    expect(facts.slice(-2)).toEqual([
      { name: 'Served here', value: 'up to 10 bytes of artifacts', note: 'The newest of each plugin first.' },
      {
        name: 'On mirrors alone',
        value: '8 bytes',
        note: '1 file. Clients take what is missing from mirror.example, other.example.',
      },
    ]);
  });
});

describe('lists', () => {
  const entry = (plugin: string, changes: Partial<IndexEntry> = {}): IndexEntry => ({
    plugin,
    title: plugin,
    summary: 's',
    hosts: ['ddalab'],
    host: 'ddalab',
    latest: '1.0.0',
    sha256: 'a'.repeat(64),
    size: 1,
    kind: 'core',
    tier: 'community',
    risk: 'none',
    capabilities: [],
    classes: [],
    determinism: 'untested',
    license: 'MIT',
    categories: [],
    keywords: [],
    toolchain: [],
    publishedAt: '2026-01-31T12:00:00Z',
    state: 'active',
    ...changes,
  });
  const all = [
    entry('a/process', { kind: 'process' }),
    entry('a/out', { classes: ['network', 'data'], capabilities: ['network'], risk: 'low' }),
    entry('a/in', { classes: ['ui'], capabilities: ['ui:panel'], risk: 'low' }),
    entry('a/none', { publishedAt: '2026-02-01T12:00:00Z', state: 'yanked' }),
  ];

  test('are grouped by reach, and a low rating does not hide that something reaches out', () => {
    const groups = groupPlugins(all, HOSTS).map(({ id, plugins }) => [
      id,
      ...plugins.flatMap(({ plugin, level, reach }) => [plugin, level, reach]),
    ]);
    expect(groups).toEqual([
      ['nothing', 'a/none', 'none', 'asks for nothing'],
      ['inside', 'a/in', 'low', 'low risk'],
      ['outside', 'a/out', 'outside', 'reaches out: network'],
      ['anything', 'a/process', 'unbounded', 'can do anything your account can'],
    ]);
  });

  test('newest first, and what is not active says so', () => {
    const index = {
      schemaVersion: 1,
      registry: 'test',
      generatedAt: '2026-02-01T08:05:00Z',
      verification: 'none: plain JSON over TLS; use the client or the specification',
      plugins: all,
    } as const;
    expect(newestPlugins({ ...index, plugins: all }, HOSTS, 2)).toMatchObject([
      { plugin: 'a/none', state: 'yanked' },
      { plugin: 'a/in' },
    ]);
  });
});

test('numbers as people read them', () => {
  expect([1, 1023, 1024, 14_427, 636_736, 536_870_912].map(sayBytes)).toEqual([
    '1 byte',
    '1023 bytes',
    '1 KiB',
    '14.1 KiB',
    '621.8 KiB',
    '512 MiB',
  ]);
  expect(sayCount(20_000_000_000)).toBe('20\u00a0000\u00a0000\u00a0000');
  expect([sayMany(1, 'plugin'), sayMany(0, 'plugin')]).toEqual(['1 plugin', '0 plugins']);
  expect([sayList([]), sayList(['a']), sayList(['a', 'b']), sayList(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
  expect(sayDay('2026-01-31T12:00:00Z')).toBe('31 January 2026');
});

test('of a large registry the newest are checked and some are drawn; the others say so', () => {
  const plugins = Array.from({ length: 3000 }, (_, i) => ({
    plugin: `acme/p${i}`,
    publishedAt: new Date(1_700_000_000_000 + i * 1000).toISOString(),
  })) as unknown as IndexEntry[];
  const generatedAt = '2026-02-01T08:05:00Z';
  const chosen = checkedPlugins({ plugins, generatedAt });
  expect(plugins.slice(-1000).every(({ plugin }) => chosen.has(plugin))).toBe(true);
  expect(chosen.size).toBeGreaterThan(1000);
  expect(chosen.size).toBeLessThanOrEqual(1050);
  expect(checkedPlugins({ plugins, generatedAt: '2026-02-02T08:05:00Z' })).not.toEqual(chosen);
  expect(checkedPlugins({ plugins: plugins.slice(0, 2000), generatedAt }).size).toBe(2000);
  const check: ReleaseCheck = { publisher: 'notChecked', registry: 'notChecked', isLeftOut: true, levels: [] };
  const { verification, hallmarks } = pluginPage(pageInput({ check }));
  expect(verification.marks.map(({ word }) => word)).toEqual(['Not checked', 'Not checked', 'Not checked']);
  expect(verification.marks[0]?.says).toContain('Your browser can do it now.');
  expect(hallmarks.filter(({ isStruck }) => isStruck).map(({ shape }) => shape)).not.toContain('maker');
});

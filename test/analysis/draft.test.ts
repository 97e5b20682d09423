// Drafts of host profiles against the profiles we wrote by hand, against the plugins they are made from, and against names that
// were chosen to mislead.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { artifactFacts, type DraftImport, type DraftPlugin, draftHostProfile, reviewRelease } from '@plugmark/analysis';
import { type CoreFacts, HostProfile, parse, parseJson } from '@plugmark/schemas';
import { inspectWasm, parseWit } from '@plugmark/wasm';
import { satisfies } from 'semver';
import { describe, expect, test } from 'vitest';
import {
  COMPILER_IMPORTS,
  DRAFT_CAPABILITIES,
  WASI_02,
  WASI_PREVIEW1,
} from '../../tools/analysis/src/known-imports.ts';
import { TEST_POLICY } from '../testkit/policy.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const bytesOf = (file: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(ROOT + file));
const profileOf = (host: string): HostProfile => parseJson(HostProfile, bytesOf(`registry/hosts/${host}.json`), host);
const FORMATTERS = ['dockerfile', 'json', 'toml', 'typescript'].map(
  (name) => `node_modules/@dprint/${name}/plugin.wasm`,
);
const NATIVE = {
  ddalab: 'test/plugins/permutation-entropy/permutation-entropy.wasm',
  conductor: 'test/plugins/scale-harmoniser/scale-harmoniser.wasm',
  hielements: 'test/plugins/source-imports/source-imports.wasm',
} as const;

function pluginOf(file: string): DraftPlugin {
  const { facts, features } = inspectWasm(bytesOf(file));
  return {
    name: file.split('/').at(-2) ?? file,
    facts: artifactFacts(facts),
    features: features.map(({ feature }) => feature),
  };
}

function draftOf(plugins: readonly DraftPlugin[], offered: readonly DraftImport[] = []) {
  const draft = draftHostProfile({ host: 'acme', plugins, offered });
  // Whatever came in, what comes out is a profile.
  expect(parse(HostProfile, JSON.parse(JSON.stringify(draft.profile)), 'draft')).toEqual(draft.profile);
  return draft;
}

async function verdictOf(profile: HostProfile, file: string): Promise<{ verdict: string; refused: string[] }> {
  const report = await reviewRelease(
    { host: 'acme', profile, policy: TEST_POLICY },
    { artifact: async () => bytesOf(file), satisfies, now: new Date('2026-06-01T00:00:00Z') },
  );
  return {
    verdict: report.verdict,
    refused: report.outcomes.flatMap(({ outcome, findings }) =>
      outcome === 'fail' ? findings.map(({ ruleId }) => ruleId) : [],
    ),
  };
}

describe('from the four dprint formatters', () => {
  const { profile, open } = draftOf(FORMATTERS.map(pluginOf));
  const written = profileOf('dprint');

  test('kind, calling convention and strings are those of the profile we wrote', () => {
    const facts = ({ artifact, abi, conventions, imports }: HostProfile) => ({
      artifact,
      abi,
      strings: conventions.strings,
      threads: conventions.threads,
      imports: imports.length > 0,
    });
    expect(facts(profile)).toEqual({ ...facts(written), imports: false });
  });

  test('the exports are those of the profile we wrote, with a type that it accepts', () => {
    expect(profile.exports.map(({ name }) => name).sort()).toEqual(written.exports.map(({ name }) => name).sort());
    for (const { name, kind, types } of profile.exports) {
      const ours = written.exports.find((exported) => exported.name === name);
      expect([name, kind]).toEqual([name, ours?.kind]);
      expect(types.filter((type) => !(ours?.types ?? []).includes(type))).toEqual([]);
    }
    const required = new Set(profile.exports.flatMap((exported) => (exported.required ? [exported.name] : [])));
    expect(written.exports.filter((exported) => exported.required && !required.has(exported.name))).toEqual([]);
  });

  test.each(FORMATTERS)('%s passes under the draft', async (file) => {
    expect(await verdictOf(profile, file)).toEqual({ verdict: 'pass', refused: [] });
  });

  test('limits have room for each and are no larger than those we wrote', () => {
    const largest = Math.max(...FORMATTERS.map((file) => bytesOf(file).length));
    expect(profile.limits.artifactBytes).toBeGreaterThanOrEqual(largest * 2);
    for (const limit of ['artifactBytes', 'memoryBytes', 'tableElements'] as const)
      expect([limit, profile.limits[limit] <= written.limits[limit]]).toEqual([limit, true]);
  });

  test('nothing is asked about imports, for there are none', () => {
    expect(open.map(({ what }) => what).filter((what) => what.startsWith('import') || what === 'assumptions')).toEqual(
      [],
    );
  });
});

describe.each(Object.entries(NATIVE))('from one plugin of %s', (host, file) => {
  const { profile, open } = draftOf([pluginOf(file)]);
  const written = profileOf(host);
  const own = written.imports.filter(({ module }) => module === host);

  test('the calling convention is recognised', () => expect(profile.abi).toBe(host));

  test('every import has the type of the profile we wrote', () => {
    for (const rule of profile.imports) {
      expect(written.imports.find(({ module, name }) => module === rule.module && name === rule.name)).toMatchObject({
        kind: rule.kind,
        type: rule.type,
      });
    }
  });

  test('an import of the host itself is asked about, and refuses its plugins until it is decided', async () => {
    const undecided = profile.imports.filter(({ module }) => module === host);
    expect(undecided.every(({ meaning }) => meaning.as === 'forbidden')).toBe(true);
    expect(open.filter(({ what }) => what === 'import-undecided').map(({ name }) => name)).toEqual(
      undecided.map(({ module, name }) => `${module} ${name}`),
    );
    const before = await verdictOf(profile, file);
    expect(before.verdict).toBe(undecided.length > 0 ? 'fail' : 'pass');
    const decided = profile.imports.map(
      (rule) => own.find(({ name, module }) => module === rule.module && name === rule.name) ?? rule,
    );
    const after = await verdictOf(
      {
        ...profile,
        imports: decided,
        capabilities: [
          ...profile.capabilities,
          ...written.capabilities.filter(({ id }) => !profile.capabilities.some((one) => one.id === id)),
        ],
      },
      file,
    );
    expect(after).toEqual({ verdict: 'pass', refused: [] });
  });
});

describe('from a world', () => {
  test("parseltongue's text gives the decoded world of its profile, and its exports", () => {
    const { world, exports } = profileOf('parseltongue');
    const decoded = parseWit([{ name: 'world.wit', text: world?.wit ?? '' }]);
    expect(decoded).toEqual(world?.decoded);
    if (world === undefined) throw new TypeError('the profile has no world');
    const { profile, open } = draftHostProfile({ host: 'acme', plugins: [], offered: [], world });
    expect(parse(HostProfile, profile, 'draft')).toEqual(profile);
    const facts = (list: HostProfile['exports']) =>
      list.map(({ name, kind, types, required }) => ({ name, kind, types, required }));
    expect(facts(profile.exports)).toEqual(facts(exports));
    expect([profile.artifact, profile.abi, profile.world]).toEqual(['component', 'component', world]);
    expect(profile.componentImports).toEqual([
      {
        interface: 'parseltongue:plugin/host-log',
        versions: '^0.1.0',
        meaning: { as: 'forbidden', reason: 'not yet decided what having this means' },
      },
    ]);
    expect(open).toContainEqual({ what: 'import-undecided', name: 'parseltongue:plugin/host-log@0.1.0', in: [] });
  });

  test('interfaces of WASI have their known meaning, under any of their versions', () => {
    const text = `package a:b;
      world it { import wasi:cli/stdout@0.2.3; import wasi:sockets/tcp-create-socket@0.2.0; import wasi:made/up@0.2.0; import log: func(); }
      package wasi:cli@0.2.3 { interface stdout { } } package wasi:sockets@0.2.0 { interface tcp-create-socket { } } package wasi:made@0.2.0 { interface up { } }`;
    const decoded = JSON.parse(JSON.stringify(parseWit([{ name: 'a.wit', text }])));
    const { profile } = draftHostProfile({ host: 'acme', plugins: [], offered: [], world: { wit: text, decoded } });
    const meanings = profile.componentImports.map((rule) => [rule.interface, rule.versions, rule.meaning.as]);
    expect(meanings.sort()).toEqual([
      ['log', undefined, 'forbidden'],
      ['wasi:cli/stdout', '^0.2.0', 'runtime'],
      ['wasi:made/up', '^0.2.0', 'forbidden'],
      ['wasi:sockets/tcp-create-socket', '^0.2.0', 'capability'],
    ]);
    expect(profile.capabilities.map(({ id }) => id)).toEqual(['network']);
  });
});

describe('the table of known imports', () => {
  test('has the names and types of the profiles we wrote, and the same classes of files and network', () => {
    const { imports, capabilities } = profileOf('ddalab');
    const wasi = imports.filter(({ module }) => module === 'wasi_snapshot_preview1');
    expect([...WASI_PREVIEW1.keys()].sort()).toEqual(wasi.map(({ name }) => name).sort());
    for (const { name, type, meaning } of wasi) {
      const [known, ours] = WASI_PREVIEW1.get(name) ?? [];
      expect([name, known]).toEqual([name, type]);
      const dangerous =
        meaning.as === 'capability' ? capabilities.find(({ id }) => id === meaning.capability)?.class : undefined;
      const drafted =
        ours !== undefined && 'capability' in ours ? DRAFT_CAPABILITIES[ours.capability].class : undefined;
      if (dangerous !== undefined) expect([name, drafted]).toEqual([name, dangerous]);
      else expect([name, ['network', 'filesystem'].includes(drafted ?? '')]).toEqual([name, false]);
    }
    expect([...COMPILER_IMPORTS.keys()]).toEqual(['env abort']);
  });

  test('has the interfaces of WASI 0.2 that parseltongue lists, and never less caution', () => {
    const { componentImports } = profileOf('parseltongue');
    const listed = componentImports.filter(({ interface: name }) => name.startsWith('wasi:'));
    expect([...WASI_02.keys()].sort()).toEqual([...new Set(listed.map(({ interface: name }) => name))].sort());
    for (const [name, rules] of WASI_02) {
      const ours = listed.filter((rule) => rule.interface === name);
      expect(rules.map(({ functions }) => functions)).toEqual(ours.map(({ functions }) => functions));
      for (const [i, { meaning }] of ours.entries()) {
        if (meaning.as !== 'runtime') expect([name, 'runtime' in (rules[i]?.meaning ?? {})]).toEqual([name, false]);
      }
    }
  });
});

describe('hostile lists', () => {
  const fn = (module: string, name: string, type?: string): DraftImport => ({ module, name, kind: 'function', type });
  const EMPTY = pluginOf(NATIVE.conductor).facts as CoreFacts;
  const plugin = (name: string, facts: Partial<CoreFacts>): DraftPlugin => ({
    name,
    facts: { ...EMPTY, ...facts },
    features: [],
  });

  test('a known name with another type, kind or module is not known', () => {
    const { profile, open } = draftOf(
      [],
      [
        fn('wasi_snapshot_preview1', 'fd_write', '(i32) -> (i64)'),
        { module: 'wasi_snapshot_preview1', name: 'proc_exit', kind: 'global', type: 'i32' },
        fn('wasi_snapshot_preview2', 'fd_write', '(i32, i32, i32, i32) -> (i32)'),
        fn('wasi_snapshot_preview1 ', 'fd_write', '(i32, i32, i32, i32) -> (i32)'),
        fn('env', 'abort', '() -> ()'),
      ],
    );
    expect(profile.imports.map(({ meaning }) => meaning.as)).toEqual(Array(4).fill('forbidden'));
    expect(open.filter(({ what }) => what === 'import-undecided')).toHaveLength(4);
    expect(open.filter(({ what }) => what === 'import-not-writable').map(({ name }) => name)).toEqual([
      'wasi_snapshot_preview1  fd_write',
    ]);
  });

  test('without a type a known name has the known one', () => {
    const { profile } = draftOf([], [fn('wasi_snapshot_preview1', 'path_open')]);
    expect(profile.imports).toMatchObject([
      {
        type: '(i32, i32, i32, i32, i32, i64, i64, i32, i32) -> (i32)',
        meaning: { as: 'capability', capability: 'filesystem' },
      },
    ]);
  });

  test('two plugins that disagree on a type leave it open', () => {
    const facts = (type: string) => ({ imports: [{ module: 'acme', name: 'send', kind: 'function' as const, type }] });
    const { profile, open } = draftOf([plugin('one', facts('(i32) -> ()')), plugin('two', facts('(i64) -> ()'))]);
    expect(profile.imports).toEqual([
      {
        module: 'acme',
        name: 'send',
        kind: 'function',
        meaning: { as: 'forbidden', reason: 'not yet decided what having this means' },
      },
    ]);
    expect(open).toContainEqual({ what: 'import-types-differ', name: 'acme send', in: ['one', 'two'] });
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    '%s is a name like any other',
    (name) => {
      const { profile, open } = draftOf([
        plugin('p', {
          exports: [{ name, kind: 'function', type: '() -> ()' }],
          imports: [{ module: name, name, kind: 'function', type: '() -> ()' }],
        }),
      ]);
      expect(profile.imports).toMatchObject([{ module: name, name, meaning: { as: 'forbidden' } }]);
      expect(profile.exports.map((exported) => exported.name)).toEqual(name === '__proto__' ? [] : [name]);
      expect(open).toContainEqual({ what: 'import-undecided', name: `${name} ${name}`, in: ['p'] });
    },
  );

  test('names that turn text around, hide or are empty never get into a profile', () => {
    const names = ['\u202egpj.exe', 'a\u200bb', '', 'tab\there', '\u0000', 'é', 'x'.repeat(201), '\ud800'];
    const { profile, open } = draftOf([
      plugin('p', {
        exports: names.map((name) => ({ name, kind: 'function', type: '() -> ()' })),
        imports: names.map((name) => ({ module: 'acme', name, kind: 'function', type: '() -> ()' })),
      }),
    ]);
    expect([profile.imports, profile.exports]).toEqual([[], []]);
    expect(open.filter(({ what }) => what === 'import-not-writable')).toHaveLength(names.length);
  });

  test('of a hundred thousand imports a draft keeps what a person could read; the rest stays refused', () => {
    const { profile, open } = draftOf(
      [],
      Array.from({ length: 100_000 }, (_, n) => fn('acme', `f${n}`, '() -> ()')),
    );
    expect(profile.imports).toHaveLength(2_000);
    expect(profile.imports.every(({ meaning }) => meaning.as === 'forbidden')).toBe(true);
    expect(open).toContainEqual({ what: 'too-many-imports', name: '98000', in: [] });
  });

  test('plugins of two kinds: the draft is for the kind of the first, and says which were left out', () => {
    const component: DraftPlugin = {
      name: 'c',
      facts: {
        kind: 'component',
        size: 1,
        imports: [{ name: 'a:b/c@1.0.0', kind: 'instance' }],
        exports: [],
        modules: [],
        components: 0,
        customSections: [],
        producers: [],
      },
      features: [],
    };
    const { profile, open } = draftOf([pluginOf(NATIVE.conductor), component]);
    expect([profile.artifact, profile.componentImports.length]).toEqual(['core', 0]);
    expect(open).toContainEqual({ what: 'kinds-differ', name: 'core', in: ['c'] });
  });

  test('sizes beyond any machine stay within what a profile can say', () => {
    const memories = [{ imported: false, minPages: 2 ** 48, shared: false, memory64: true, pageSize: 65_536 }];
    const { profile } = draftOf([
      plugin('p', {
        size: 2 ** 50,
        memories,
        tables: [{ imported: false, element: 'funcref', min: 2 ** 32 - 1, table64: false }],
      }),
    ]);
    expect(profile.limits).toMatchObject({ artifactBytes: 2 ** 30, memoryBytes: 2 ** 32, tableElements: 10_000_000 });
  });
});

// Import lists and plugins that were made to mislead whoever drafts a host profile from them.
import type { DraftImport, DraftPlugin } from '@plugmark/analysis';
import type { CoreFacts } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { draftOf, NATIVE, pluginOf } from './draft-inputs.ts';

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

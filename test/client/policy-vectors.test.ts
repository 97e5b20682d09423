// The policy engine and the dependency solver are functions, so their vectors are plain files any language can read.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { decide, type HostPolicy, POLICY_RULES, type PolicySubject } from '@plugmark/client';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, solveDependencies } from '../../tools/client/src/plugins/solve-dependencies.ts';
import { compareVersions, satisfies } from '../../tools/client/src/semver.ts';

const VECTORS = new URL('../vectors/', import.meta.url);
const casesOf = (area: string): string[] => readdirSync(new URL(`${area}/`, VECTORS));
const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, VECTORS), 'utf8')) as T;

interface PolicyInput {
  readonly subject: PolicySubject;
  readonly policy: HostPolicy;
  readonly registryAdviceMinutes: number;
}

describe('policy', () => {
  test.each(casesOf('policy'))('%s', (name) => {
    const { subject, policy, registryAdviceMinutes } = read<PolicyInput>(`policy/${name}/input.json`);
    const { outcome, rules, ask, explicit } = decide(subject, policy, registryAdviceMinutes);
    expect({ outcome, rules: rules.map(({ rule }) => rule), ask, explicit }).toEqual(
      read(`policy/${name}/expect.json`),
    );
    expect(name.endsWith('_fail')).toBe(outcome === 'refuse');
    expect(existsSync(new URL(`policy/${name}/README.md`, VECTORS))).toBe(true);
  });

  test('every rule of the table speaks in some vector, and no other does', () => {
    const spoken = new Set(
      casesOf('policy').flatMap((name) => read<{ rules: string[] }>(`policy/${name}/expect.json`).rules),
    );
    expect([...spoken].sort()).toEqual(Object.keys(POLICY_RULES).sort());
  });
});

interface SolveInput {
  readonly requests: Readonly<Record<string, string>>;
  readonly candidates: Readonly<
    Record<string, readonly { readonly version: string; readonly dependencies: Record<string, string> }[]>
  >;
}

function solve({ requests, candidates }: SolveInput) {
  const wants = new Map(Object.entries(requests).map(([plugin, range]) => [plugin, [{ by: 'you', range }]]));
  const offered = (plugin: string): Candidate<undefined>[] =>
    (candidates[plugin] ?? []).map(({ version, dependencies }) => ({
      version,
      dependencies: new Map(Object.entries(dependencies)),
      release: undefined,
    }));
  return solveDependencies(wants, offered);
}

describe('dependencies', () => {
  test.each(casesOf('dependencies'))('%s', (name) => {
    const solution = solve(read<SolveInput>(`dependencies/${name}/input.json`));
    const shown = solution.solved
      ? { chosen: Object.fromEntries([...solution.chosen].map(([plugin, { version }]) => [plugin, version])) }
      : { conflict: { plugin: solution.plugin, wants: solution.wants.map(({ by, range }) => `${by} wants ${range}`) } };
    expect(shown).toEqual(read(`dependencies/${name}/expect.json`));
  });

  const NAMES = ['a/a', 'b/b', 'c/c', 'd/d'] as const;
  const VERSIONS = ['2.0.0', '1.1.0', '1.0.0'] as const;
  const dependencies = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom('^1', '^2', '>=1.1.0', '1.0.0', '*'), {
    maxKeys: 2,
  });
  const registry = fc.record(
    Object.fromEntries(NAMES.map((name) => [name, fc.tuple(dependencies, dependencies, dependencies)])) as Record<
      string,
      fc.Arbitrary<[object, object, object]>
    >,
  );

  test('a choice is found exactly where trying everything finds one, and then everybody is content', () => {
    fc.assert(
      fc.property(
        registry,
        fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom('*', '^1'), { minKeys: 1, maxKeys: 2 }),
        (made, requests) => {
          const candidates = Object.fromEntries(
            Object.entries(made).map(([name, sets]) => [
              name,
              VERSIONS.map((version, i) => ({ version, dependencies: sets[i] as Record<string, string> })),
            ]),
          );
          const solution = solve({ requests, candidates });
          expect(solution.solved).toBe(existsByBruteForce(requests, candidates));
          if (!solution.solved) return;
          for (const [name, range] of Object.entries(requests))
            expect(satisfies(solution.chosen.get(name)?.version ?? '', range)).toBe(true);
          for (const { dependencies: needed } of solution.chosen.values())
            for (const [name, range] of needed)
              expect(satisfies(solution.chosen.get(name)?.version ?? '', range)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  function existsByBruteForce(requests: Record<string, string>, candidates: SolveInput['candidates']): boolean {
    const options = NAMES.map((name) => [undefined, ...(candidates[name] ?? [])]);
    const product = options.reduce<unknown[][]>(
      (rows, choices) => rows.flatMap((row) => choices.map((choice) => [...row, choice])),
      [[]],
    );
    return product.some((row) => {
      const chosen = new Map(
        NAMES.map((name, i) => [name as string, row[i] as SolveInput['candidates'][string][number] | undefined]),
      );
      const holds = ([name, range]: [string, string]): boolean => satisfies(chosen.get(name)?.version ?? '', range);
      return (
        Object.entries(requests).every(holds) &&
        [...chosen.values()].every((item) => item === undefined || Object.entries(item.dependencies).every(holds))
      );
    });
  }

  test('a registry made to take for ever is given up', () => {
    const many = Array.from({ length: 12 }, (_, i) => `${i}.0.0`).sort(compareVersions);
    const names = Array.from({ length: 12 }, (_, i) => `p/p${i}`);
    const candidates = Object.fromEntries(
      names.map((name, i) => [
        name,
        many.map((version) => ({ version, dependencies: { [names[i + 1] ?? 'p/none']: '*' } })),
      ]),
    );
    const solution = solve({ requests: { 'p/p0': '*' }, candidates });
    expect(solution).toMatchObject({ solved: false, plugin: 'p/none', tooMany: true });
  });
});

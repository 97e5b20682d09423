// The registry's own host profiles against honest files: real formatters, and what each toolchain leaves in every binary.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mapImports, reviewRelease } from '@plugmark/analysis';
import { HostProfile, parseJson } from '@plugmark/schemas';
import { readWasm } from '@plugmark/wasm';
import { satisfies } from 'semver';
import { describe, expect, test } from 'vitest';
import { TEST_POLICY } from '../testkit/policy.ts';
import { assemble } from './assemble.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HOSTS = new Map(
  globSync('registry/hosts/*.json', { cwd: ROOT })
    .sort()
    .map((file) => {
      const profile = parseJson(HostProfile, new Uint8Array(readFileSync(ROOT + file)), file);
      return [profile.host, profile] as const;
    }),
);
const host = (id: string): HostProfile => {
  const profile = HOSTS.get(id);
  if (profile === undefined) throw new TypeError(`registry/hosts/${id}.json is missing`);
  return profile;
};

test.each(['dockerfile', 'json', 'toml', 'typescript'])(
  'the dprint formatter %s passes as a bare file',
  async (name) => {
    const bytes = new Uint8Array(readFileSync(`${ROOT}node_modules/@dprint/${name}/plugin.wasm`));
    const report = await reviewRelease(
      { host: 'dprint', profile: host('dprint'), policy: TEST_POLICY },
      { artifact: async () => bytes, satisfies, now: new Date('2026-06-01T00:00:00Z') },
    );
    const open = report.outcomes.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'notApplicable');
    expect({ verdict: report.verdict, open }).toEqual({ verdict: 'pass', open: [] });
    expect(report.capabilities).toMatchObject({ derived: [], unknown: [], unbounded: [], risk: 'none' });
  },
);

/** The vectors with what toolchains leave behind, as text. */
const shape = (name: string): ReturnType<typeof readWasm> =>
  readWasm(assemble(readFileSync(new URL(`../vectors/analysis/shape-${name}/input.wat`, import.meta.url), 'utf8')));

describe.each(['conductor', 'ddalab', 'hielements'])('%s', (id) => {
  test.each(['rust-wasi', 'c-puts', 'assemblyscript', 'no-imports'])('%s imports are runtime only', (name) => {
    const { derived, unknown, forbidden, mistyped, unbounded } = mapImports(shape(name), host(id), satisfies);
    expect({ derived: [...derived.keys()], unknown, forbidden, mistyped, unbounded }).toEqual({
      derived: [],
      unknown: [],
      forbidden: [],
      mistyped: [],
      unbounded: [],
    });
  });

  test('opening paths is a capability of the class filesystem', () => {
    const profile = host(id);
    const { derived, mistyped } = mapImports(shape('filesystem'), profile, satisfies);
    const opening = [...derived]
      .filter(([, imports]) => imports.some(({ name }) => name === 'path_open'))
      .map(([capability]) => capability);
    const classes = profile.capabilities
      .filter((capability) => opening.includes(capability.id))
      .map((capability) => capability.class);
    expect(classes).toEqual(['filesystem']);
    expect(mistyped).toEqual([]);
  });
});

test.each([...HOSTS])('%s: every import means a capability that is there, and none is listed twice', (_id, profile) => {
  const known = new Set(profile.capabilities.map(({ id }) => id));
  for (const { meaning } of [...profile.imports, ...profile.componentImports]) {
    if (meaning.as === 'capability') expect(known).toContain(meaning.capability);
  }
  for (const version of profile.apiVersions) {
    const keys = profile.imports
      .filter(({ api = '*' }) => satisfies(version, api))
      .map(({ module, name, kind }) => `${module} ${name} ${kind}`);
    expect(new Set(keys).size).toBe(keys.length);
  }
  // Of two rules for one interface the first speaks of some functions and the other of the rest.
  const rules = profile.componentImports.map(
    (rule) => `${rule.interface} ${rule.functions === undefined ? 'rest' : 'some'}`,
  );
  expect(new Set(rules).size).toBe(rules.length);
  for (const { interface: name } of profile.componentImports.filter((rule) => rule.functions !== undefined)) {
    expect(rules.indexOf(`${name} rest`)).toBeGreaterThan(rules.indexOf(`${name} some`));
  }
});

test('the profiles are there', () => {
  expect([...HOSTS.keys()]).toEqual(
    expect.arrayContaining(['conductor', 'ddalab', 'dprint', 'hielements', 'parseltongue', 'project-ai']),
  );
});

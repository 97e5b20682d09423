// Drafts of host profiles against the profiles we wrote by hand, and against the plugins they are made from.
import { draftHostProfile, reviewRelease } from '@plugmark/analysis';
import { HostProfile, parse } from '@plugmark/schemas';
import { parseWit } from '@plugmark/wasm';
import { satisfies } from 'semver';
import { describe, expect, test } from 'vitest';
import {
  COMPILER_IMPORTS,
  DRAFT_CAPABILITIES,
  WASI_02,
  WASI_PREVIEW1,
} from '../../tools/analysis/src/known-imports.ts';
import { TEST_POLICY } from '../testkit/policy.ts';
import { bytesOf, draftOf, FORMATTERS, NATIVE, pluginOf, profileOf } from './draft-inputs.ts';

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

  // Of schema version 3 there is no plugin among these.
  const current = written.exports.filter(({ api }) => api === undefined || satisfies('4.0.0', api));

  test('the exports are those of the profile we wrote, with a type that it accepts', () => {
    expect(profile.exports.map(({ name }) => name).sort()).toEqual(current.map(({ name }) => name).sort());
    for (const { name, kind, types } of profile.exports) {
      const ours = current.find((exported) => exported.name === name);
      expect([name, kind]).toEqual([name, ours?.kind]);
      expect(types.filter((type) => !(ours?.types ?? []).includes(type))).toEqual([]);
    }
    const required = new Set(profile.exports.flatMap((exported) => (exported.required ? [exported.name] : [])));
    expect(current.filter((exported) => exported.required && !required.has(exported.name))).toEqual([]);
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

// A host profile drafted from what its plugins import and export, from a list of what it offers, or from its WIT world. The
// draft is a valid profile under which nothing undecided passes; the open questions say what a person has to decide.

import type { Abi, HostProfile, RequiredExport } from '@plugmark/schemas';
import { draftExports, NOT_DESCRIBED, recogniseAbi } from './draft-exports.ts';
import { type DraftedImports, draftComponentImports, draftCoreImports } from './draft-imports.ts';
import { draftLimits } from './draft-limits.ts';
import type { DraftImport, DraftInput, DraftPlugin, HostDraft, OpenQuestion } from './draft-types.ts';
import { DRAFT_CAPABILITIES } from './known-imports.ts';

type Conventions = HostProfile['conventions'];

/** What an engine can lack without honest plugins noticing; a feature that a plugin uses is taken off. */
const RARELY_SUPPORTED: readonly string[] = [
  'threads',
  'relaxed-simd',
  'gc',
  'memory64',
  'multi-memory',
  'exceptions',
  'legacy-exceptions',
  'stack-switching',
  'custom-page-sizes',
  'wide-arithmetic',
];

const STRINGS: Readonly<Record<Abi, Conventions['strings']>> = {
  ddalab: 'pointer-length',
  conductor: 'pointer-length',
  hielements: 'nul-terminated',
  dprint: 'shared-buffer',
  'wasi-command': 'pointer-length',
  component: 'canonical-abi',
  process: 'json-lines',
  raw: 'pointer-length',
};

export function draftHostProfile(input: DraftInput): HostDraft {
  const { host, world } = input;
  const kind = kindOf(input);
  const plugins = input.plugins.filter(({ facts }) => facts.kind === kind);
  const recognised = input.abi ?? (kind === 'component' ? 'component' : recogniseAbi(plugins));
  const imports = draftImports(input, plugins);
  const { exports, open } = exportsOf(input, plugins);
  const profile: HostProfile = {
    schemaVersion: 1,
    host,
    title: host,
    summary: NOT_DESCRIBED,
    artifact: kind,
    abi: recognised ?? 'raw',
    apiVersions: ['1.0.0'],
    manifest: { file: 'plugin.yaml', fields: {} },
    conventions: conventionsOf(recognised ?? 'raw'),
    exports,
    imports: imports.imports,
    componentImports: imports.componentImports,
    capabilities: [...imports.capabilities].sort().map((id) => DRAFT_CAPABILITIES[id]),
    bounds: [],
    limits: draftLimits(plugins),
    fuelSchedule: 'wasmtime/classic',
    unsupportedFeatures: RARELY_SUPPORTED.filter((id) => !plugins.some(({ features }) => features.includes(id))),
    ...(world !== undefined && { world }),
    install: [
      {
        title: 'On the command line',
        language: 'sh',
        template: `plugmark install {plugin}@{version} --host ${host}\n`,
      },
    ],
  };
  return { profile, open: [...imports.open, ...open, ...general(input, { plugins, recognised, profile })] };
}

/** A world means components; otherwise what most people would call the plugins they handed in: the first one's kind. */
function kindOf({ world, plugins, abi }: DraftInput): 'core' | 'component' {
  if (world !== undefined || abi === 'component') return 'component';
  return plugins[0]?.facts.kind ?? 'core';
}

function draftImports({ offered, world }: DraftInput, plugins: readonly DraftPlugin[]): DraftedImports {
  const core = plugins.flatMap(({ name, facts }): DraftImport[] =>
    facts.kind === 'core' ? facts.imports.map((found) => ({ ...found, plugin: name })) : [],
  );
  const component = plugins.flatMap(({ name, facts }) =>
    facts.kind === 'component' ? facts.imports.map((found) => ({ name: found.name, plugin: name })) : [],
  );
  const ofWorld = [...(world?.decoded.imports.interfaces ?? []), ...(world?.decoded.imports.functions ?? [])]
    // Functions of a resource of the world stand for no import of their own.
    .filter(({ name }) => !name.startsWith('['))
    .map((found) => ({
      name: 'implements' in found && found.implements !== undefined ? found.implements : found.name,
    }));
  const one = draftCoreImports([...offered, ...core]);
  const other = draftComponentImports([...ofWorld, ...component]);
  return {
    imports: one.imports,
    componentImports: other.componentImports,
    capabilities: new Set([...one.capabilities, ...other.capabilities]),
    open: [...one.open, ...other.open],
  };
}

/** A world says itself what must be exported. */
function exportsOf({ world }: DraftInput, plugins: readonly DraftPlugin[]): ReturnType<typeof draftExports> {
  if (world === undefined) return draftExports(plugins);
  const named =
    (kind: RequiredExport['kind']) =>
    ({ name }: { readonly name: string }): RequiredExport => ({
      name,
      kind,
      types: [],
      required: true,
      purpose: NOT_DESCRIBED,
    });
  const { interfaces, functions } = world.decoded.exports;
  const exports = [...interfaces.map(named('instance')), ...functions.map(named('function'))];
  return { exports, open: exports.map(({ name }) => ({ what: 'export-purpose', name, in: [] })) };
}

function conventionsOf(abi: Abi): Conventions {
  const text = { allocation: NOT_DESCRIBED, input: NOT_DESCRIBED, output: NOT_DESCRIBED };
  return { strings: STRINGS[abi], ...text, errors: NOT_DESCRIBED, lifecycle: NOT_DESCRIBED, threads: false };
}

interface Drafted {
  readonly plugins: readonly DraftPlugin[];
  readonly recognised: Abi | undefined;
  readonly profile: HostProfile;
}

function general(input: DraftInput, { plugins, recognised, profile }: Drafted): OpenQuestion[] {
  const { imports, componentImports } = profile;
  const left = input.plugins.filter((plugin) => !plugins.includes(plugin)).map(({ name }) => name);
  const assumes = [...imports, ...componentImports].some(({ meaning }) => meaning.as === 'runtime');
  const asked: readonly (readonly [boolean, OpenQuestion])[] = [
    [left.length > 0, { what: 'kinds-differ', name: profile.artifact, in: left }],
    [recognised === undefined, { what: 'abi-unknown', name: profile.abi, in: [] }],
    [plugins.length === 1 && input.world === undefined, { what: 'one-plugin', name: plugins[0]?.name ?? '', in: [] }],
    [assumes, { what: 'assumptions', name: 'runtime', in: [] }],
    [true, { what: 'limits', name: 'limits', in: [] }],
    [true, { what: 'texts', name: 'texts', in: [] }],
  ];
  return asked.flatMap(([applies, question]) => (applies ? [question] : []));
}

import { basename, join, relative, resolve } from 'node:path';
import {
  type ReleaseFile,
  renderCycloneDx,
  renderMarkdown,
  renderSarif,
  renderTerminal,
  reviewRelease,
  type SignatureResult,
  type SubmittedRun,
} from '@plugmark/analysis';
import { satisfies } from '@plugmark/client';
import { type ManifestFiles, makeRelease, sha256 } from '@plugmark/publish';
import {
  type AnalysisReport,
  canonicalBytes,
  canonicalJson,
  type HostProfile,
  parseJson,
  type Release,
  Vector,
} from '@plugmark/schemas';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, painter, print } from '../io.ts';
import { readManifestFolder } from '../manifest-folder.ts';
import { inspectNamed, isFolder, readInput } from '../read-input.ts';
import { hostNames, hostProfile, registryFolder, registryPolicy } from '../registry-folder.ts';
import { type RunInput, runReport } from '../run-report.ts';
import { SECOND_ENGINE_HELP, sayNotRun, secondEngineOf } from '../second-engine-of.ts';

interface CheckOptions {
  readonly host?: string;
  readonly registry?: string;
  readonly format: 'text' | 'json' | 'sarif' | 'markdown' | 'cyclonedx';
  readonly json?: true;
  readonly accept?: 'review';
  /** commander: false with --no-run. */
  readonly run: boolean;
}

const EXAMPLES = `
Examples:
  plugmark check plugin.wasm --host dprint
  plugmark check my-plugin/
  plugmark check my-plugin/ --json > analysis.json`;

export function checkCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('check')
    .summary('analyse a file or a plugin folder as the registry would')
    .description(
      'Analyses a .wasm or .zip file, or a folder with a manifest, for one host: what it can do, whether that is declared, whether it fits. Exit code 0 for the verdict pass, 1 for review and fail.',
    )
    .argument('<path>', 'a .wasm or .zip file, or a folder with a manifest')
    .option('--host <host>', 'the host application; a folder’s manifest names its own')
    .option('--registry <folder>', 'registry data with policy and host profiles (default: the nearest registry/)')
    .addOption(
      new Option('--format <format>', 'how to print the report')
        .choices(['text', 'json', 'sarif', 'markdown', 'cyclonedx'])
        .default('text'),
    )
    .option('--json', 'the same as --format json (schema: analysis)')
    .option('--no-run', 'do not run the vectors of a folder in the sandbox')
    .addOption(new Option('--accept <verdict>', 'exit with 0 for this verdict too').choices(['review']))
    .addHelpText('after', SECOND_ENGINE_HELP + EXAMPLES)
    .action(async (path: string, options: CheckOptions) => {
      const analysed = await analysePath(io, path, options);
      print(io, await RENDERERS[options.json ? 'json' : options.format](analysed, io));
      const { report } = analysed;
      finish(report.verdict === 'pass' || report.verdict === options.accept ? EXIT.ok : EXIT.failed);
    });
}

const RENDERERS: Readonly<Record<CheckOptions['format'], (analysed: Analysed, io: Io) => string | Promise<string>>> = {
  text: ({ report }, io) => {
    const columns = columnsOf(io, io.stdout);
    return renderTerminal(report, { paint: painter(io, io.stdout), ...(columns === undefined ? {} : { columns }) });
  },
  json: ({ report }) => canonicalJson(report),
  sarif: ({ report, file }) => renderSarif(report, { path: file }),
  markdown: ({ report }) => renderMarkdown(report),
  // No judgement, but the one place where manifest and bytes meet; the exit code is the verdict's, as with every format.
  cyclonedx: async ({ bytes, file, release }) => {
    // What cannot be read is said with the file's name.
    await inspectNamed(bytes, file);
    return renderCycloneDx(bytes, { name: basename(file), ...(release === undefined ? {} : { release }) });
  },
};

export interface Analysed {
  readonly report: AnalysisReport;
  readonly bytes: Uint8Array;
  /** The artifact's path, for results that are shown beside it. */
  readonly file: string;
  /** What the manifest would release; a bare file has none. */
  readonly release?: Release;
}

/** Analyses a file or a folder as the registry would. */
export async function analysePath(
  io: Io,
  path: string,
  { host, registry: named, run = false }: Pick<CheckOptions, 'host' | 'registry'> & { readonly run?: boolean },
): Promise<Analysed> {
  const registry = registryFolder(io, named);
  return (await isFolder(io, path))
    ? checkFolder(io, path, { registry, host, run })
    : checkFile(io, path, registry, host);
}

async function checkFile(io: Io, path: string, registry: string, host: string | undefined): Promise<Analysed> {
  if (host === undefined)
    throw new CliError('USAGE', 'a file does not say which host it is for', { hint: await hostHint(registry) });
  const bytes = await readInput(io, path);
  const [profile, policy] = await Promise.all([hostProfile(registry, host), registryPolicy(registry)]);
  const ports = { artifact: async () => bytes, satisfies, now: io.now() };
  return { report: await reviewRelease({ host, profile, policy }, ports), bytes, file: shownPath(io, path) };
}

/** Relative to where the command runs, which is what results are shown for; elsewhere the name alone. */
function shownPath({ cwd }: Io, path: string): string {
  const shown = relative(cwd, resolve(cwd, path));
  return shown.startsWith('..') ? basename(path) : shown;
}

async function hostHint(registry: string): Promise<string> {
  return `name it with --host: ${(await hostNames(registry)).join(', ')}`;
}

const NOT_SIGNED_YET: SignatureResult = {
  outcome: 'notApplicable',
  reason: 'not signed yet: plugmark sign makes the mark',
};

interface FolderCheck {
  readonly registry: string;
  readonly host: string | undefined;
  readonly run: boolean;
}

async function checkFolder(io: Io, path: string, { registry, host: named, run }: FolderCheck): Promise<Analysed> {
  const { manifest, files } = await readManifestFolder(io, resolve(io.cwd, path), registry);
  const host = named ?? manifest.host ?? manifest.targets?.[0]?.host;
  if (host === undefined)
    throw new CliError('USAGE', 'the manifest names no host', {
      hint: `add \`host:\` to it, or ${await hostHint(registry)}`,
    });
  const [profile, policy] = await Promise.all([hostProfile(registry, host), registryPolicy(registry)]);
  const value = makeRelease(
    manifest.host === undefined && manifest.targets === undefined ? { ...manifest, host } : manifest,
    files,
    profile,
  );
  const digests: ReleaseFile[] = [
    ...(files.readme === undefined
      ? []
      : [{ file: 'README.md', expected: value.readme?.sha256 ?? '', actual: sha256(files.readme) }]),
    ...files.vectors.map(({ name, bytes }) => ({
      file: `vectors/${name}.json`,
      expected: sha256(bytes),
      actual: sha256(bytes),
    })),
  ];
  const manifestSha256 = sha256(canonicalBytes(value));
  const submitted = run
    ? await submittedRun(io, { files, profile, value, manifestSha256, requiredLayers: policy.sandbox.requiredLayers })
    : undefined;
  const report = await reviewRelease(
    {
      host,
      profile,
      policy,
      release: { value, sha256: manifestSha256 },
      ...(submitted === undefined ? {} : { run: submitted }),
    },
    {
      artifact: async () => files.artifact.bytes,
      files: async () => digests,
      signature: async () => NOT_SIGNED_YET,
      satisfies,
      now: io.now(),
    },
  );
  return { report, bytes: files.artifact.bytes, file: shownPath(io, join(path, manifest.artifact)), release: value };
}

interface FolderRun {
  readonly files: ManifestFiles;
  readonly profile: HostProfile;
  readonly value: Release;
  readonly manifestSha256: string;
  readonly requiredLayers: readonly string[];
}

/** Runs the folder's vectors for this host in the sandbox; undefined when it has none, or is of a kind that is not run here. */
async function submittedRun(
  io: Io,
  { files, profile, value, manifestSha256, requiredLayers }: FolderRun,
): Promise<SubmittedRun | undefined> {
  const { artifact } = files;
  const vectors = new Map(
    files.vectors.flatMap(({ name, bytes }) => {
      const vector = parseJson(Vector, bytes, `vectors/${name}.json`);
      return vector.host === profile.host ? [[name, { vector, sha256: sha256(bytes) }] as const] : [];
    }),
  );
  if (vectors.size === 0 || artifact.kind === 'process') return undefined;
  const { plugin, version } = value;
  const input: RunInput = {
    artifact: artifact.bytes,
    kind: artifact.kind,
    profile,
    vectors: [...vectors.values()].map(({ vector }) => vector),
    release: { plugin, version, manifestSha256 },
    now: io.now(),
  };
  const report = await runReport(input, { ...secondEngineOf(io), requiredLayers });
  sayNotRun(io, report);
  return { report, vectors };
}

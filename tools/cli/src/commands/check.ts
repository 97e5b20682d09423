import { resolve } from 'node:path';
import { type ReleaseFile, renderTerminal, reviewRelease, type SignatureResult } from '@plugmark/analysis';
import { satisfies } from '@plugmark/client';
import { makeRelease, sha256 } from '@plugmark/publish';
import { type AnalysisReport, canonicalBytes } from '@plugmark/schemas';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, painter, print, printJson } from '../io.ts';
import { readManifestFolder } from '../manifest-folder.ts';
import { isFolder, readInput } from '../read-input.ts';
import { hostNames, hostProfile, registryFolder, registryPolicy } from '../registry-folder.ts';

interface CheckOptions {
  readonly host?: string;
  readonly registry?: string;
  readonly format: 'text' | 'json';
  readonly json?: true;
  readonly accept?: 'review';
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
      'Analyses a .wasm file, or a folder with a manifest, for one host: what it can do, whether that is declared, whether it fits. Exit code 0 for the verdict pass, 1 for review and fail.',
    )
    .argument('<path>', 'a .wasm file, or a folder with a manifest')
    .option('--host <host>', 'the host application; a folder’s manifest names its own')
    .option('--registry <folder>', 'registry data with policy and host profiles (default: the nearest registry/)')
    .addOption(new Option('--format <format>', 'how to print the report').choices(['text', 'json']).default('text'))
    .option('--json', 'the same as --format json (schema: analysis)')
    .addOption(new Option('--accept <verdict>', 'exit with 0 for this verdict too').choices(['review']))
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, options: CheckOptions) => {
      const report = await check(io, path, options);
      if (options.json || options.format === 'json') printJson(io, report);
      else
        print(
          io,
          renderTerminal(report, { paint: painter(io, io.stdout), ...definedColumns(columnsOf(io, io.stdout)) }),
        );
      finish(report.verdict === 'pass' || report.verdict === options.accept ? EXIT.ok : EXIT.failed);
    });
}

const definedColumns = (columns: number | undefined): { columns?: number } =>
  columns === undefined ? {} : { columns };

async function check(io: Io, path: string, options: CheckOptions): Promise<AnalysisReport> {
  const registry = registryFolder(io, options.registry);
  return (await isFolder(io, path))
    ? checkFolder(io, path, registry, options.host)
    : checkFile(io, path, registry, options.host);
}

async function checkFile(io: Io, path: string, registry: string, host: string | undefined): Promise<AnalysisReport> {
  if (host === undefined)
    throw new CliError('USAGE', 'a file does not say which host it is for', { hint: await hostHint(registry) });
  const bytes = await readInput(io, path);
  const [profile, policy] = await Promise.all([hostProfile(registry, host), registryPolicy(registry)]);
  return reviewRelease({ host, profile, policy }, { artifact: async () => bytes, satisfies, now: io.now() });
}

async function hostHint(registry: string): Promise<string> {
  return `name it with --host: ${(await hostNames(registry)).join(', ')}`;
}

const NOT_SIGNED_YET: SignatureResult = {
  outcome: 'notApplicable',
  reason: 'not signed yet: plugmark sign makes the mark',
};

async function checkFolder(io: Io, path: string, registry: string, named: string | undefined): Promise<AnalysisReport> {
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
  return reviewRelease(
    { host, profile, policy, release: { value, sha256: sha256(canonicalBytes(value)) } },
    {
      artifact: async () => files.artifact.bytes,
      files: async () => digests,
      signature: async () => NOT_SIGNED_YET,
      satisfies,
      now: io.now(),
    },
  );
}

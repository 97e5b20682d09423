import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listedArtifacts } from '@plugmark/analysis';
import { fetchBytes } from '@plugmark/client/trust';
import {
  Changes,
  Index,
  Mirrors,
  PackageDocument,
  PublisherList,
  parse,
  parseJson,
  Registry,
  StatsResult,
} from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { type CountedFolder, countRegistry } from '../count-registry.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { fileSize, grouped } from '../numbers.ts';
import { type RegistryAddress, registryAddress } from '../open-source.ts';

export function registryStatsCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('stats')
    .summary('count what a registry holds')
    .description(
      'Counts plugins, releases and, of a folder, bytes. It reads the plain JSON, which nothing but TLS vouches for: verify --registry checks signatures.',
    )
    .argument('<registry>', 'URL of a registry, or the folder of a built one')
    .option('--json', 'one line of JSON (schema: stats-result)')
    .action(async (named: string, options: { readonly json?: true }) => {
      const result = await count(io, named);
      if (options.json) printJson(io, result);
      else print(io, render(result));
      finish(EXIT.ok);
    });
}

/** An index of a hundred thousand plugins is some sixty of them. */
const MAX_BYTES = 100_000_000;
const TIMEOUT_MS = 60_000;

async function count(io: Io, named: string): Promise<StatsResult> {
  const address = await registryAddress(io, named);
  const read = (path: string): Promise<Uint8Array> => readView(address, path);
  const [registry, index, changes, publishers] = await Promise.all([
    read('v1/registry.json').then((bytes) => parseJson(Registry, bytes, 'v1/registry.json')),
    read('v1/index.json').then((bytes) => parseJson(Index, bytes, 'v1/index.json')),
    read('v1/changes.json').then((bytes) => parseJson(Changes, bytes, 'v1/changes.json')),
    read('v1/publishers.json').then((bytes) => parseJson(PublisherList, bytes, 'v1/publishers.json')),
  ]);
  const folder = address.folder === undefined ? {} : { folder: await countedFolder(address.folder, index) };
  return parse(StatsResult, countRegistry({ registry, index, changes, publishers, ...folder }), 'result');
}

async function readView({ url, fetch }: RegistryAddress, path: string): Promise<Uint8Array> {
  const at = new URL(path, url.endsWith('/') ? url : `${url}/`).href;
  const bytes = await fetchBytes(fetch, at, { maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS });
  if (bytes === undefined) throw new CliError('TREE_MISSING', `${path} is not there`);
  return bytes;
}

async function countedFolder(folder: string, { plugins }: Index): Promise<CountedFolder> {
  const files = await fileSizes(folder);
  const read = async <S extends Parameters<typeof parseJson>[0]>(schema: S, path: string) =>
    parseJson(schema, await readFile(join(folder, path)), path);
  const artifacts: CountedFolder['artifacts'][number][] = [];
  for (const { plugin, latest } of plugins)
    artifacts.push(...listedArtifacts(await read(PackageDocument, `v1/plugins/${plugin}.json`), latest));
  const mirrors = files.has(MIRRORS) ? (await read(Mirrors, MIRRORS)).mirrors : [];
  return { files, artifacts, mirrors };
}

/** There where a mirror is signed. */
const MIRRORS = 'v1/mirrors.json';

async function fileSizes(folder: string): Promise<Map<string, number>> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = new Map<string, number>();
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    sizes.set(path.slice(folder.length + 1).replaceAll('\\', '/'), (await stat(path)).size);
  }
  return sizes;
}

const TITLES: Readonly<Record<keyof StatsResult['of'], string>> = {
  tier: 'tier',
  host: 'for',
  risk: 'risk',
  class: 'reach',
  determinism: 'same answer',
  kind: 'kind',
  state: 'state',
};

function render({
  registry,
  generatedAt,
  publishers,
  plugins,
  releases,
  of,
  months,
  files,
  budget,
}: StatsResult): string {
  const counted = Object.entries(TITLES).flatMap(([key, title]) => lines(title, of[key as keyof typeof TITLES]));
  return [
    `${registry} as of ${generatedAt}`,
    `  ${grouped(plugins)} plugins in ${grouped(releases)} releases, of ${grouped(publishers)} publishers`,
    ...counted,
    ...months.slice(-12).map(({ month, releases: of }, i) => row(i === 0 ? 'released' : '', month, grouped(of))),
    ...(files ?? []).map((sum, i) =>
      row(i === 0 ? 'files' : '', sum.area, `${fileSize(sum.bytes)} in ${grouped(sum.files)}`),
    ),
    ...(budget === undefined ? [] : budgetRows(budget)),
  ].join('\n');
}

function budgetRows({ budgetBytes, within, beyond, onMirrors, mirrors }: NonNullable<StatsResult['budget']>): string[] {
  const some = ({ files, bytes }: typeof within): string => `${fileSize(bytes)} in ${grouped(files)}`;
  return [
    row('budget', 'artifacts within', `${some(within)}, of ${fileSize(budgetBytes)}`),
    ...(beyond.files === 0 ? [] : [row('', 'artifacts beyond', `${some(beyond)}, ${mirrorsOf(mirrors)}`)]),
    ...(onMirrors.files === 0 ? [] : [row('', 'not in this folder', some(onMirrors))]),
  ];
}

const mirrorsOf = (count: number): string =>
  count === 0 ? 'and no mirror' : `for ${grouped(count)} ${count === 1 ? 'mirror' : 'mirrors'}`;

const lines = (title: string, tally: Readonly<Record<string, number>>): string[] =>
  Object.entries(tally).map(([word, times], i) => row(i === 0 ? title : '', word, grouped(times)));

const row = (title: string, word: string, value: string): string => `  ${title.padEnd(13)}${word.padEnd(26)}${value}`;

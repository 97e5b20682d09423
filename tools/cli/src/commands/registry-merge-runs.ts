import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { completeWrite, type FileTree, jsonFile, readFolder, sha256, withLock, writeTree } from '@plugmark/publish';
import { parseJson, RunList } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { requireOwnFolder } from '../own-folder.ts';

interface MergeRunsOptions {
  readonly shards: string;
  readonly out: string;
  readonly json?: true;
}

const LIST = 'runs.json';
const EXAMPLE = `
Example:
  plugmark registry merge-runs --shards shards --out runs`;

export function registryMergeRunsCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('merge-runs')
    .summary('put together what the shards of one machine ran')
    .description(
      'Merges folders that `registry run --shard` wrote into one, as if one machine had run everything. A report that is there twice, or is not the one its list names, stops it: reports of two machines must stay apart.',
    )
    .requiredOption('--shards <folder>', 'a folder with one folder a shard')
    .requiredOption('--out <folder>', 'where to write the reports')
    .option('--json', 'one line of JSON (schema: run-list)')
    .addHelpText('after', EXAMPLE)
    .action(async (options: MergeRunsOptions) => {
      const list = await mergeRuns(io, options);
      if (options.json) printJson(io, list);
      else print(io, `${options.out}: ${list.runs.length} run reports`);
      finish(EXIT.ok);
    });
}

async function mergeRuns({ cwd }: Io, { shards, out }: MergeRunsOptions): Promise<RunList> {
  const folder = resolve(cwd, shards);
  const names = (await readdir(folder).catch(() => [])).sort();
  if (names.length === 0) throw new CliError('RUNS_INVALID', `${shards} holds no folder of a shard`);
  await requireOwnFolder(resolve(cwd, out), { holds: LIST, named: out });
  const files: FileTree = new Map();
  const runs: RunList['runs'] = [];
  for (const name of names) {
    await completeWrite(join(folder, name));
    const shard = await readFolder(join(folder, name));
    for (const run of listIn(shard, `${shards}/${name}`)) {
      const bytes = shard.get(run.path);
      if (bytes === undefined || sha256(bytes) !== run.sha256)
        throw new CliError(
          'RUNS_INVALID',
          `${shards}/${name}: ${run.path} is missing or is not the one that ${LIST} names`,
        );
      if (files.has(run.path))
        throw new CliError('RUNS_INVALID', `${shards}/${name}: ${run.path} was run by another shard too`);
      files.set(run.path, bytes);
      runs.push(run);
    }
  }
  // In the order one machine would have them in, whatever the shards are called.
  runs.sort((a, b) => (a.path < b.path ? -1 : 1));
  const list: RunList = { schemaVersion: 1, runs };
  return withLock(`${resolve(cwd, out)}.running`, async () => {
    await writeTree(resolve(cwd, out), files.set(LIST, jsonFile(list)));
    return list;
  });
}

function listIn(shard: FileTree, where: string): RunList['runs'] {
  const bytes = shard.get(LIST);
  if (bytes === undefined)
    throw new CliError('RUNS_INVALID', `${where} has no ${LIST}`, { hint: 'plugmark registry run writes it' });
  return parseJson(RunList, bytes, LIST).runs;
}

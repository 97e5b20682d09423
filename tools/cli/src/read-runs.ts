import { completeWrite, type FileTree, type ReleaseSource, readFolder, sha256 } from '@plugmark/publish';
import { parseJson, RunList } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';

export interface OfferedRuns {
  readonly of: (release: ReleaseSource) => readonly Uint8Array[];
  /** Whose releases were run. */
  readonly plugins: ReadonlySet<string>;
}

/** The run reports in folders that `registry run` wrote, by release. Throws FILE_MISSING, RUNS_INVALID, SchemaError. */
export async function readRuns(folders: readonly string[]): Promise<OfferedRuns> {
  const runs = new Map<string, Uint8Array[]>();
  for (const folder of folders) {
    await completeWrite(folder);
    addRuns(runs, await readFolder(folder), folder);
  }
  return {
    of: ({ release }) => runs.get(`${release.plugin}@${release.version}`) ?? [],
    plugins: new Set([...runs.keys()].map((key) => key.slice(0, key.indexOf('@')))),
  };
}

function addRuns(runs: Map<string, Uint8Array[]>, files: FileTree, folder: string): void {
  const list = files.get('runs.json');
  if (list === undefined)
    throw new CliError('RUNS_INVALID', `${folder} has no runs.json`, { hint: 'plugmark registry run writes it' });
  for (const { plugin, version, path, sha256: expected } of parseJson(RunList, list, 'runs.json').runs) {
    const bytes = files.get(path);
    if (bytes === undefined || sha256(bytes) !== expected)
      throw new CliError('RUNS_INVALID', `${folder}: ${path} is missing or is not the one that runs.json names`);
    const key = `${plugin}@${version}`;
    runs.set(key, [...(runs.get(key) ?? []), bytes]);
  }
}

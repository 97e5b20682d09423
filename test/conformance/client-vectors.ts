// Runs the vectors of the client specification against a command. The client starts once; every case has a folder of its own for what
// it keeps, and one after another, since the server has one set of files at a time.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CaseResult, type ClientCaseFile, runCase, type Trees } from './client-case.ts';
import { type ClientProcess, startClient } from './client-process.ts';
import { openClientVectorServer } from './client-vector-server.ts';

const VECTORS = new URL('../vectors/client/', import.meta.url);
const ANSWER_MS = 60_000;
/** What clients keep is some ten thousand small files: in memory where the system has such a folder. */
const MEMORY = '/dev/shm';

export interface VectorIndex {
  readonly schemaVersion: 1;
  readonly trees: readonly string[];
  readonly cases: readonly { readonly name: string; readonly group: string; readonly requires?: readonly string[] }[];
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, VECTORS), 'utf8')) as T;

export const readIndex = (): VectorIndex => readJson('index.json');
export const readCase = (name: string): ClientCaseFile => readJson(`cases/${name}/case.json`);
export const readTrees = ({ trees }: VectorIndex): Trees =>
  Object.fromEntries(trees.map((tree) => [tree, readJson(`trees/${tree}.json`)]));

export interface RunOptions {
  readonly command: readonly string[];
  /** Names of cases; all without it. */
  readonly names?: readonly string[];
  /** Where the client keeps what it learned. */
  readonly statesIn?: string;
  readonly onResult?: (result: CaseResult) => void;
}

export async function runClientVectors({
  command,
  names,
  onResult,
  statesIn = existsSync(MEMORY) ? MEMORY : tmpdir(),
}: RunOptions): Promise<CaseResult[]> {
  const index = readIndex();
  const trees = readTrees(index);
  const folder = mkdtempSync(join(statesIn, 'plugmark-client-vectors-'));
  const server = await openClientVectorServer();
  let client = startClient(command);
  let id = 0;
  const results: CaseResult[] = [];
  try {
    for (const name of names ?? index.cases.map((one) => one.name)) {
      const state = join(folder, name);
      mkdirSync(state);
      const result = await runCase(readCase(name), trees, (files, request) => {
        server.serve(files);
        return client.ask({ id: ++id, state, url: server.url, ...request }, ANSWER_MS);
      }).catch((error: unknown): CaseResult => ({ name, outcome: 'fail', detail: String(error) }));
      results.push(result);
      onResult?.(result);
      // After a crash or a late answer nothing that process says can be told apart any more.
      if (result.detail !== undefined && !result.detail.startsWith('step ')) client = await restart(client, command);
    }
  } finally {
    await client.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

async function restart(client: ClientProcess, command: readonly string[]): Promise<ClientProcess> {
  await client.close();
  return startClient(command);
}

// Runs the jobs of .github/workflows/office.yml as they are written, on this machine: every job in a folder of its own, each `run` as
// the command of plugmark it is, artifacts handed on by name. What the file says that this does not know is an error, so that a
// change of the workflow cannot leave the test behind.
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LedgerHead, parseJson } from '@plugmark/schemas';
import { isObject, type JsonObject, readWorkflow } from '../check/workflow-document.ts';
import { wordsOf } from '../cli/transcript.ts';
import type { Ended } from '../testkit/run-command.ts';

const OFFICE = fileURLToPath(new URL('../../.github/workflows/office.yml', import.meta.url));

export interface Runner {
  /** An empty folder for this run. */
  readonly folder: string;
  readonly ref: string;
  readonly analyse: boolean;
  readonly serverUrl: string;
  readonly repository: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** actions/checkout of the registry's repository. */
  checkout(ref: string, into: string): Promise<void>;
  plugmark(argv: readonly string[], options: { cwd: string; env: Record<string, string> }): Promise<Ended>;
  /** actions/deploy-pages: what is served from now on. */
  deployPages(folder: string): Promise<void>;
}

export interface JobEnd {
  readonly result: 'success' | 'failure' | 'skipped';
  /** The commands that ran. */
  readonly ran: readonly (Ended & { readonly line: string })[];
}

export interface OfficeRun {
  /** All jobs in their order, as a start of the workflow runs them. */
  all(): Promise<ReadonlyMap<string, JobEnd>>;
  /** One job of this run again, with the artifacts it had then. */
  again(job: string): Promise<JobEnd>;
  /** The commands of a job that ran. */
  ran(job: string): JobEnd['ran'];
  /** What the signing job left out, as `publisher/name version`. */
  refused(): Promise<string[]>;
}

export function officeRun(runner: Runner): OfficeRun {
  const ends = new Map<string, JobEnd>();
  return {
    all: async () => {
      for (const [name, job] of await jobs()) ends.set(name, await runJob(runner, name, job, ends));
      return ends;
    },
    again: async (name) => {
      const job = (await jobs()).get(name);
      if (job === undefined) throw new Error(`office.yml has no job ${name}`);
      return runJob(runner, name, job, ends);
    },
    ran: (job) => ends.get(job)?.ran ?? [],
    refused: async () => {
      const head = await readFile(join(runner.folder, 'jobs/sign/ledger/head.json'), 'utf8');
      const { refusals } = parseJson(LedgerHead, new TextEncoder().encode(head), 'head.json');
      return refusals.map(({ plugin, version }) => `${plugin} ${version}`);
    },
  };
}

async function jobs(): Promise<Map<string, JsonObject>> {
  const { value, problems } = readWorkflow(await readFile(OFFICE, 'utf8'));
  if (problems.length > 0 || !isObject(value['jobs'])) throw new Error(`office.yml: ${problems.join(', ')}`);
  return new Map(Object.entries(value['jobs']).flatMap(([name, job]) => (isObject(job) ? [[name, job]] : [])));
}

/** The conditions that the file has, by their text without spaces. */
const CONDITIONS: Readonly<Record<string, (runner: Runner, ends: ReadonlyMap<string, JobEnd>) => boolean>> = {
  'inputs.analyse': ({ analyse }) => analyse,
  '!inputs.analyse': ({ analyse }) => !analyse,
  [bare(`!cancelled() && needs.fetch.result == 'success' &&
    (needs.merge.result == 'success' || needs.analyse.result == 'skipped')`)]: (_, ends) =>
    ends.get('fetch')?.result === 'success' &&
    (ends.get('merge')?.result === 'success' || ends.get('analyse')?.result === 'skipped'),
  [bare("!cancelled() && needs.sign.result == 'success'")]: (_, ends) => ends.get('sign')?.result === 'success',
  [bare("!cancelled() && needs.pages.result == 'success'")]: (_, ends) => ends.get('pages')?.result === 'success',
};

function bare(condition: string): string {
  return condition.replace(/^\s*\$\{\{|\}\}\s*$/g, '').replace(/\s+/g, '');
}

function holds(condition: unknown, runner: Runner, ends: ReadonlyMap<string, JobEnd>): boolean {
  if (condition === undefined) return true;
  const known = CONDITIONS[bare(String(condition))];
  if (known === undefined) throw new Error(`a condition this runner does not know: ${condition}`);
  return known(runner, ends);
}

async function runJob(
  runner: Runner,
  name: string,
  job: JsonObject,
  ends: ReadonlyMap<string, JobEnd>,
): Promise<JobEnd> {
  const needs = [job['needs'] ?? []].flat().map(String);
  const isReady = job['if'] !== undefined || needs.every((need) => ends.get(need)?.result === 'success');
  if (!isReady || !holds(job['if'], runner, ends)) return { result: 'skipped', ran: [] };
  const ran: (Ended & { line: string })[] = [];
  for (const matrix of machinesOf(job)) {
    const folder = join(runner.folder, 'jobs', [name, ...Object.values(matrix)].join('-'));
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const step of [job['steps'] ?? []].flat().filter(isObject)) {
      if (!holds(step['if'], runner, ends)) continue;
      const ended = await runStep({ runner, folder, matrix }, step);
      if (ended !== undefined) ran.push(ended);
      if (ended !== undefined && ended.exit !== 0) return { result: 'failure', ran };
    }
  }
  return { result: 'success', ran };
}

/** Every combination of a job's matrix; one machine where it has none. */
function machinesOf(job: JsonObject): Record<string, string>[] {
  const strategy = isObject(job['strategy']) ? job['strategy'] : {};
  const matrix = isObject(strategy['matrix']) ? strategy['matrix'] : {};
  return Object.entries(matrix).reduce<Record<string, string>[]>(
    (machines, [name, values]) =>
      machines.flatMap((machine) => [values].flat().map((value) => ({ ...machine, [name]: String(value) }))),
    [{}],
  );
}

interface Machine {
  readonly runner: Runner;
  readonly folder: string;
  readonly matrix: Readonly<Record<string, string>>;
}

async function runStep(machine: Machine, step: JsonObject): Promise<(Ended & { line: string }) | undefined> {
  if (typeof step['run'] === 'string') return runLine(machine, step);
  const inputs = isObject(step['with']) ? step['with'] : {};
  const given = (name: string): string => expand(machine, String(inputs[name] ?? ''));
  const action = String(step['uses']).split('@')[0] ?? '';
  const act = ACTIONS[action];
  if (act === undefined) throw new Error(`an action this runner does not know: ${action}`);
  await act(machine, given);
  return undefined;
}

const ACTIONS: Readonly<Record<string, (machine: Machine, given: (name: string) => string) => Promise<void>>> = {
  // The tools are those under test; the registry is what the ref says.
  'actions/checkout': async ({ runner, folder }, given) => {
    if (given('path') !== 'tools') await runner.checkout(given('ref'), join(folder, given('path')));
  },
  './tools/.github/actions/setup-plugmark': async () => undefined,
  'actions/upload-artifact': (machine, given) => keep(machine, given('name'), given('path')),
  'actions/upload-pages-artifact': (machine, given) => keep(machine, 'github-pages', given('path')),
  // One by its name lies in the folder itself; several, by a pattern or all there are, in a folder each.
  'actions/download-artifact': async ({ runner, folder }, given) => {
    const from = join(runner.folder, 'artifacts', given('name'));
    const to = join(folder, given('path'));
    const [before = '', after = ''] = given('pattern').split('*');
    const names =
      given('pattern') === ''
        ? []
        : (await readdir(from)).filter((name) => name.startsWith(before) && name.endsWith(after));
    if (given('pattern') === '') await cp(from, to, { recursive: true });
    for (const name of names) await cp(join(from, name), join(to, name), { recursive: true });
  },
  'actions/deploy-pages': ({ runner }) => runner.deployPages(join(runner.folder, 'artifacts', 'github-pages')),
};

async function keep({ runner, folder }: Machine, name: string, path: string): Promise<void> {
  const at = join(runner.folder, 'artifacts', name);
  await rm(at, { recursive: true, force: true });
  await mkdir(dirname(at), { recursive: true });
  await cp(join(folder, path), at, { recursive: true });
}

/** `${{ ... }}` with the words that the file has. */
function expand({ runner, folder, matrix }: Machine, text: string): string {
  return text.replace(/\$\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) => {
    const words: Record<string, string | undefined> = {
      'inputs.ref': runner.ref,
      'github.token': 'a token that only github.com is shown',
      'github.workspace': folder,
      ...Object.fromEntries(Object.entries(runner.secrets).map(([key, value]) => [`secrets.${key}`, value])),
      ...Object.fromEntries(Object.entries(matrix).map(([key, value]) => [`matrix.${key}`, value])),
    };
    const word = words[name];
    if (word === undefined) throw new Error(`an expression this runner does not know: ${name}`);
    return word;
  });
}

async function runLine(machine: Machine, step: JsonObject): Promise<Ended & { line: string }> {
  const { runner, folder } = machine;
  const own = isObject(step['env']) ? step['env'] : {};
  const env: Record<string, string> = {
    GITHUB_SERVER_URL: runner.serverUrl,
    GITHUB_REPOSITORY: runner.repository,
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, expand(machine, String(value))])),
  };
  const line = String(step['run']).trim();
  const [command, ...argv] = wordsOf(line).map((word) =>
    word.replace(/\$([A-Z_]+)/g, (_, name: string) => env[name] ?? ''),
  );
  if (line === 'npm run build:site') {
    // Astro has tests of its own; what matters here is that a page and the tree end up side by side.
    const pages = env['PLUGMARK_PAGES'] ?? '';
    await mkdir(pages, { recursive: true });
    await writeFile(join(pages, 'index.html'), '<!doctype html><title>Registry</title>');
    return { line, exit: 0, stdout: '', stderr: '' };
  }
  if (command !== 'plugmark') throw new Error(`a command this runner does not know: ${line}`);
  return { line, ...(await runner.plugmark(argv, { cwd: folder, env })) };
}

/** Puts a folder in the place of another. */
export async function replaceFolder(from: string, to: string): Promise<void> {
  await cp(from, `${to}.new`, { recursive: true });
  await rm(to, { recursive: true, force: true });
  await rename(`${to}.new`, to);
}

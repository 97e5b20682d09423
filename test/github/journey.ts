// From a request for a namespace to an installed plugin, over GitHub on this machine: people with keys and folders, a registry with a
// root ceremony behind it, the office's workflow, Pages, a publisher's own server, and a host application. The clock is moved by
// tests; nothing waits.
import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConsentAnswer, type ConsentQuestion, openPlugins, type Plugins } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
import { type FileTree, jsonFile, readFolder } from '@plugmark/publish';
import { HostProfile, parse, parseJson, ReviewResult, SubmitResult } from '@plugmark/schemas';
import { fetchPublic } from '../../tools/cli/src/fetch-public.ts';
import { openGitHubApi } from '../../tools/cli/src/github/github-api.ts';
import { submitPull } from '../../tools/cli/src/github/submit-pull.ts';
import { main } from '../../tools/cli/src/main.ts';
import { type RunningServer, serveFolder } from '../../tools/cli/src/static-server.ts';
import { branchRef, type Pull, type User } from '../../tools/dev/src/github/github-state.ts';
import { PEOPLE } from '../analysis/merge/merge-world.ts';
import { OFFICE_KEYS, pemOf, writeFiles } from '../testkit/registry-folder.ts';
import { type RegistryServer, serveTree } from '../testkit/registry-server.ts';
import type { Ended } from '../testkit/run-command.ts';
import { type JobEnd, type OfficeRun, officeRun, replaceFolder } from './run-workflow.ts';
import { openWorld, type World } from './stand-in.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
export const HOST = 'conductor';
const PAGES_HOST = 'registry.example';
const FILES_HOST = 'files.example';
const MERGE_OF = 'plugmark/registry';

export interface Journey extends World {
  /** Files of publishers, at https://files.example/. */
  readonly files: RegistryServer;
  /** What GitHub Pages serves. */
  readonly pages: RunningServer;
  run(argv: readonly string[], options?: { cwd?: string; env?: Record<string, string> }): Promise<Ended>;
  /** A command that must do what it says: its JSON. */
  does(argv: readonly string[], options?: { cwd?: string; env?: Record<string, string>; exit?: number }): Promise<Json>;
  /** A fresh clone of a branch or tag of the registry. */
  clone(name: string, ref?: string): Promise<string>;
  review(): Promise<ReviewResult>;
  /** The decision on the pull request that was opened last. */
  decision(): Promise<NonNullable<ReviewResult['reviewed'][number]['decision']>>;
  later(minutes: number): void;
  pull(): Pull;
  approve(by: User): void;
  /** A pull request by hand: files below registry/. */
  propose(by: User, branch: string, files: FileTree): Promise<void>;
  /** A maintainer's commit to main, of everything below registry/ in a clone. */
  commit(clone: string): Promise<void>;
  office(options?: { ref?: string; analyse?: boolean }): OfficeRun;
  /** A start of publish.yml that must succeed. */
  publish(): Promise<OfficeRun>;
  submit(folder: string, by: User, ...more: string[]): Promise<SubmitResult>;
  /** `store`: of another installation than the one that grows along. */
  host(options?: { answer?: ConsentAnswer; asked?: ConsentQuestion[]; store?: string }): Promise<Plugins>;
  root(): Promise<Uint8Array>;
}

// biome-ignore lint/suspicious/noExplicitAny: what a command prints
type Json = any;

const text = (file: string): Promise<string> => readFile(join(REPOSITORY, 'registry', file), 'utf8');

/** The real rules and the real profile of one host; a registry that nobody has published to. */
async function emptyRegistry(): Promise<FileTree> {
  const [registry, policy] = (await Promise.all(
    ['registry.json', 'policy.json'].map(async (file) => JSON.parse(await text(file))),
  )) as [Json, Json];
  const maintainers = [PEOPLE.mona, PEOPLE.mick].map(({ login, id }) => ({ github: login, githubId: id }));
  return new Map([
    ['registry.json', jsonFile({ ...registry, id: 'journey.example', url: `https://${PAGES_HOST}/` })],
    [
      'policy.json',
      jsonFile({
        ...policy,
        // Whether there are containers here is this machine's matter.
        sandbox: { requiredLayers: [] },
        thresholds: { ...policy.thresholds, auditShare: 0 },
        client: { ...policy.client, minimumReleaseAgeMinutes: 0 },
        merge: { ...policy.merge, maintainers },
      }),
    ],
    ['reserved-names.json', new TextEncoder().encode(await text('reserved-names.json'))],
    [`hosts/${HOST}.json`, new TextEncoder().encode(await text(`hosts/${HOST}.json`))],
  ]);
}

export async function openJourney(): Promise<Journey> {
  const world = await openWorld(await emptyRegistry());
  const { folder, github, clock, registry } = world;
  const served = join(folder, 'pages');
  await mkdir(served);
  const [files, pages] = [await serveTree(new Map()), await serveFolder({ folder: served, port: 0, base: '/' })];
  let runs = 0;
  const serverUrl = github.address.replace('//', `//x-access-token:${world.reviewer}@`);
  const journey: Journey = {
    ...world,
    files,
    pages,
    run: (argv, options) => run(journey, argv, options),
    does: async (argv, { exit = 0, ...options } = {}) => {
      const ended = await journey.run([...argv, '--json'], options);
      if (ended.exit !== exit)
        throw new Error(`plugmark ${argv.join(' ')}: ${ended.exit}\n${ended.stdout}${ended.stderr}`);
      return JSON.parse(ended.stdout);
    },
    clone: async (name, ref = 'main') => {
      const into = join(folder, name);
      await rm(into, { recursive: true, force: true });
      await clone(`${github.address}/${MERGE_OF}`, ref, into);
      return into;
    },
    review: async () => {
      const cwd = await journey.clone('reviewer');
      const argv = ['review', '--registry', 'registry'];
      return parse(ReviewResult, await journey.does(argv, { cwd, env: { GITHUB_TOKEN: world.reviewer } }), 'review');
    },
    decision: async () => {
      const { reviewed } = await journey.review();
      const { decision, problem } = reviewed.find(({ pull }) => pull === journey.pull().number) ?? {};
      if (decision === undefined) throw new Error(problem ?? 'not reviewed');
      return decision;
    },
    later: (minutes) => {
      clock.now = new Date(clock.now.getTime() + minutes * 60_000);
    },
    pull: () => github.state.pulls.get(registry.id)?.at(-1) as Pull,
    approve: (user) => {
      const pull = journey.pull();
      const head = headOf(journey);
      pull.reviews.push({ id: github.state.nextId(), user, state: 'APPROVED', commit: head.at, at: isoNow(journey) });
    },
    propose: async (by, branch, changed) => {
      const api = openGitHubApi(ioOf(journey, folder, {}), {
        repository: { owner: 'plugmark', repo: 'registry' },
        api: github.address,
        token: github.token(by),
      });
      const all: FileTree = new Map([...changed].map(([path, bytes]) => [`registry/${path}`, bytes]));
      await submitPull(api, { files: all, branch, title: branch, body: '' });
      await remember(journey);
    },
    commit: async (clone) => {
      const tree = await readFolder(join(clone, 'registry'));
      await github.push(registry, 'main', new Map([...tree].map(([path, bytes]) => [`registry/${path}`, bytes])));
    },
    office: ({ ref = 'main', analyse = true } = {}) =>
      officeRun({
        folder: join(folder, `run-${++runs}`),
        ref,
        analyse,
        serverUrl,
        repository: MERGE_OF,
        secrets: { PLUGMARK_ONLINE_KEY: pemOf(OFFICE_KEYS.online), PLUGMARK_COSIGN_KEY: pemOf(OFFICE_KEYS.cosign) },
        checkout: (at, into) => clone(`${github.address}/${MERGE_OF}`, at, into),
        plugmark: (argv, options) => journey.run(argv, options),
        deployPages: (from) => replaceFolder(from, served),
      }),
    publish: async () => {
      const office = journey.office();
      requireSuccess(await office.all());
      return office;
    },
    submit: async (named, by, ...more) => {
      const argv = ['submit', named, '--registry', join(folder, 'publisher/registry'), ...more];
      const result = parse(
        SubmitResult,
        await journey.does(argv, { env: { GITHUB_TOKEN: github.token(by) } }),
        'submit',
      );
      if (!result.dryRun) await remember(journey);
      return result;
    },
    host: async ({ answer, asked, store = 'host-store' } = {}) => {
      const profile = parseJson(HostProfile, new TextEncoder().encode(await text(`hosts/${HOST}.json`)), HOST);
      return openPlugins({
        url: pages.url,
        root: await journey.root(),
        store: fileStore(join(folder, store)),
        fetch,
        now: () => clock.now,
        host: { id: HOST, api: profile.apiVersions.at(-1) as string },
        profile,
        policy: { minimumReleaseAgeMinutes: 0 },
        ...(answer === undefined
          ? {}
          : {
              consent: async (question: ConsentQuestion) => {
                asked?.push(question);
                return answer;
              },
            }),
      });
    },
    root: async () => new Uint8Array(await readFile(join(folder, 'root.json'))),
    end: async () => {
      await Promise.all([files.close(), pages.close()]);
      await world.end();
    },
  };
  await holdFirstCeremony(journey);
  await makePublisher(journey);
  return journey;
}

function requireSuccess(ends: ReadonlyMap<string, JobEnd>): void {
  for (const [name, { result, ran }] of ends) {
    const last = ran.at(-1);
    if (result === 'failure') throw new Error(`${name}: ${last?.line}\n${last?.stdout}${last?.stderr}`);
  }
}

const isoNow = ({ clock }: World): string => `${clock.now.toISOString().slice(0, 19)}Z`;

/** Heads by pull request, read when it was opened: an approval is of the head it was given for. */
const heads = new WeakMap<Pull, { at: string }>();
const headOf = (journey: Journey): { at: string } => heads.get(journey.pull()) ?? { at: '' };

async function remember(journey: Journey): Promise<void> {
  const { head } = journey.pull();
  const at = await journey.github.state.git.readRef(branchRef(head.repository, head.branch));
  heads.set(journey.pull(), { at: at ?? '' });
}

/** `https://registry.example` and `https://files.example` are the servers here; any other address is what it is. */
function ioOf(journey: Journey, cwd: string, env: Record<string, string>) {
  const { github, clock, files, pages } = journey;
  const servers: Record<string, string> = { [PAGES_HOST]: pages.url, [FILES_HOST]: files.url };
  const isLoopback = (address: string): boolean => address === '127.0.0.1';
  return {
    stdout: { write: (_: string): unknown => undefined },
    stderr: { write: (_: string): unknown => undefined },
    cwd,
    env: { GITHUB_API_URL: github.address, PATH: process.env['PATH'] ?? '', ...env },
    now: () => clock.now,
    fetch,
    sleep: async () => undefined,
    fetchPublic: (address: string, limits: Parameters<typeof fetchPublic>[1]) => {
      const url = new URL(address);
      const port = new URL(servers[url.hostname] ?? 'http://x:1').port;
      const at = url.hostname in servers ? `http://${url.hostname}:${port}${url.pathname}` : address;
      return fetchPublic(at, limits, {
        allowPlainHttp: true,
        allowHost: (host) => host in servers,
        allowAddress: isLoopback,
        resolve: () => [{ address: '127.0.0.1', family: 4 }],
      });
    },
  };
}

async function run(
  journey: Journey,
  argv: readonly string[],
  { cwd = journey.folder, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const into = (name: keyof typeof said) => ({
    write: (part: string) => {
      said[name] += part;
    },
  });
  const io = { ...ioOf(journey, cwd, env), stdout: into('stdout'), stderr: into('stderr') };
  return { exit: await main(argv, io), ...said };
}

function clone(from: string, ref: string, into: string): Promise<void> {
  const argv = ['clone', '--quiet', '--depth', '1', '--branch', ref, '--', from, into];
  return new Promise((done, fail) => {
    const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
    const child = spawn('git', ['-c', 'advice.detachedHead=false', ...argv], { env, stdio: 'ignore' });
    child.on('error', fail).on('close', (code) => (code === 0 ? done() : fail(new Error(`git clone ${ref}: ${code}`))));
  });
}

/** Offline keys in files; the first root is what hosts ship. */
async function holdFirstCeremony(journey: Journey): Promise<void> {
  const keys = join(journey.folder, 'keys');
  await writeFiles(
    keys,
    Object.entries(OFFICE_KEYS).map(([name, key]) => [`${name}.pem`, pemOf(key)] as const),
  );
  const maintainer = await journey.clone('maintainer');
  const holders = Object.keys(OFFICE_KEYS).flatMap((role) => ['--holder', `${role}=${join(keys, `${role}.pem`)}`]);
  await journey.does(['root', 'init', '--keys', keys, ...holders, '--registry', join(maintainer, 'registry')]);
  await journey.commit(maintainer);
  await cp(join(maintainer, 'registry/trust/metadata/1.root.json'), join(journey.folder, 'root.json'));
}

/** What changed since is shown and signed by the offline keys, and committed. */
export async function holdCeremony(journey: Journey, ...roles: (keyof typeof OFFICE_KEYS)[]): Promise<Json> {
  const maintainer = await journey.clone('maintainer');
  const keys = roles.map((name) => join(journey.folder, 'keys', `${name}.pem`));
  const argv = ['root', 'sign', '--registry', join(maintainer, 'registry'), '--yes', '--no-input', '--key', ...keys];
  const result = await journey.does(argv);
  await journey.commit(maintainer);
  return result;
}

async function makePublisher(journey: Journey): Promise<void> {
  const place = await journey.clone('publisher');
  await symlink(join(REPOSITORY, 'node_modules'), join(place, 'node_modules'));
}

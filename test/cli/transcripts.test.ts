// Every transcript beside this file, run in a folder of its own with a fixed clock. BLESS=1 writes what came out; read the diff.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FORMATS, parse } from '@plugmark/schemas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram, main } from '../../tools/cli/src/main.ts';
import { cycloneDxValidator } from '../testkit/official-schemas.ts';
import { captured, FIXTURES, makeBase } from './fixtures.ts';
import { githubFixture } from './github-fixture.ts';
import { readTranscript, type Step, type Transcript, wordsOf, writeTranscript } from './transcript.ts';

const FOLDER = new URL('./', import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
const TRANSCRIPTS = new Map(NAMES.map((name) => [name, readTranscript(readFileSync(new URL(name, FOLDER), 'utf8'))]));

/** Messages hold the folder's name, and where their lines are broken depends on how long it is: so long, wherever the folder lies. */
const PATH_LENGTH = '/tmp/plugmark-case-'.length;

let base: string;
let servers: Server[];
/** Placeholders of a case's text and what stands for them in this run. */
let places: Record<string, string>;

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  base = await makeBase();
  const page = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>sign in</p>'));
  const broken = createServer((_, response) => response.writeHead(500).end());
  const closed = createServer();
  const [pagePort, brokenPort, closedPort] = [await listen(page), await listen(broken), await listen(closed)];
  closed.close();
  servers = [page, broken];
  places = {
    '{PAGE}': `http://127.0.0.1:${pagePort}/`,
    '{BROKEN}': `http://127.0.0.1:${brokenPort}/`,
    '{CLOSED}': `http://127.0.0.1:${closedPort}/`,
    '{TAKEN}': String(pagePort),
  };
});

afterAll(async () => {
  for (const server of servers) server.close();
  await rm(base, { recursive: true, force: true });
});

async function play(transcript: Transcript): Promise<Step[]> {
  const folder = await mkdtemp(join(tmpdir(), 'c').padEnd(PATH_LENGTH, '-'));
  try {
    for (const name of transcript.fixtures) if (name !== 'github') await fixture(name)(base, folder);
    const github = transcript.fixtures.includes('github')
      ? await githubFixture(base, join(folder, '.github'))
      : undefined;
    for (const [path, text] of transcript.files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const steps: Step[] = [];
    for (const { command } of transcript.steps) steps.push(await playStep(command, folder, github?.address));
    await github?.close();
    return steps;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function fixture(name: string): NonNullable<(typeof FIXTURES)[string]> {
  const found = FIXTURES[name];
  if (found === undefined) throw new Error(`there is no fixture ${name}`);
  return found;
}

async function playStep(command: string, folder: string, github?: string): Promise<Step> {
  const { io, out, err } = captured(folder, github === undefined ? {} : { GITHUB_API_URL: github });
  const named = Object.entries(places).reduce((text, [place, value]) => text.replaceAll(place, value), command);
  const exit = await main(wordsOf(named).slice(1), io);
  return { command, stdout: hidden(out(), folder), stderr: hidden(err(), folder), exit };
}

/** What differs from run to run, by name. A key made in a case says so by its algorithm's DER prefix. */
function hidden(text: string, folder: string): string {
  const known = Object.entries({ ...places, '{TMP}': folder });
  const replaced = known.reduce((all, [place, value]) => all.replaceAll(value, place), text);
  return (
    replaced
      .replace(/("keyId": ?")[0-9a-f]{64}/g, '$1{KEY ID}')
      .replace(/("publicKey": ?")[A-Za-z0-9+/=]+/g, '$1{PUBLIC KEY}')
      // How many files a tree has changes with every new schema; that there are none is what a case shows.
      .replace(/\b[1-9]\d*(?= (?:files written|unchanged|removed))/g, '{N}')
      .replace(/("(?:written|unchanged|removed|bytes|files)":)[1-9]\d*/g, '$1{N}')
      .replace(/\b[\d.]+ (?:bytes|KiB|MiB)( in )\d+/g, '{SIZE}$1{N}')
      // What the fixture registry's own keys signed differs each time.
      .replace(/( releases, )[\d.]+ KiB(\n(?: {2}left.*\n)? {2}sha256 )[0-9a-f]{64}/g, '$1{SIZE}$2{SHA256}')
      .replace(/("releases":\d+,"sha256":")[0-9a-f]{64}/g, '$1{SHA256}')
      // Times, and which layers a machine has.
      .replace(/("(?:milliseconds|startMilliseconds)":)[\d.e-]+/g, '$1{N}')
      .replace(/"layers":\[[^\]]*\]/g, '"layers":[]')
      .replace(/("name":"V8","version":")[^"]*/g, '$1{N}')
      .replace(/("path":"[^"]*\.json","plugin":"[^"]*","sha256":")[0-9a-f]{64}/g, '$1{SHA256}')
      // A root that was made in the case.
      .replace(/("root":\{"path":"[^"]*","sha256":")[0-9a-f]{64}/g, '$1{SHA256}')
      .replace(/^( {11}sha256 )[0-9a-f]{64}$/gm, '$1{SHA256}')
      .replace(/^( {2}layers {6}).*(\n {14}.*)*/gm, '$1{LAYERS}')
  );
}

describe.each([...TRANSCRIPTS])('%s', (name, transcript) => {
  test(transcript.title, async () => {
    const steps = await play(transcript);
    if (process.env['BLESS'] === '1') writeFileSync(new URL(name, FOLDER), writeTranscript(transcript, steps));
    else expect(writeTranscript(transcript, steps)).toBe(writeTranscript(transcript, transcript.steps));
  });

  // Lines to be copied into a configuration are not broken.
  test('says everything within 80 columns, JSON and digests excepted', () => {
    const lines = transcript.steps.flatMap(({ stdout, stderr }) => `${stdout}${stderr}`.split('\n'));
    expect(
      lines.filter(
        (line) =>
          line.length > 80 && !line.startsWith('{') && !line.startsWith('│ ') && !/\{[A-Z]+\}|[0-9a-f]{64}/.test(line),
      ),
    ).toEqual([]);
  });
});

type Command = ReturnType<typeof createProgram>;

function leaves(command: Command, names: string[]): string[] {
  if (command.commands.length === 0) return [names.join(' ')];
  return command.commands.flatMap((inner) => leaves(inner as Command, [...names, inner.name()]));
}

const STEPS = [...TRANSCRIPTS.values()].flatMap(({ steps }) => steps);
const of = (command: string): Step[] =>
  STEPS.filter((step) => step.command === `plugmark ${command}` || step.command.startsWith(`plugmark ${command} `));

test.each(
  leaves(
    createProgram(captured('/').io, () => undefined),
    [],
  ),
)('%s has transcripts: --help, --json, a refusal', (command) => {
  const steps = of(command);
  expect(steps.some(({ command: line, exit }) => line.endsWith('--help') && exit === 0)).toBe(true);
  expect(steps.some(({ command: line }) => line.includes('--json'))).toBe(true);
  expect(steps.some(({ exit }) => exit !== 0)).toBe(true);
});

const SCHEMAS = {
  init: 'init-result',
  inspect: 'inspection',
  check: 'analysis',
  diff: 'report-diff',
  'key generate': 'key-identity',
  'key show': 'key-identity',
  'key prove': 'key-identity',
  watch: 'watch-result',
  'trust list': 'trusted-keys',
  'trust add': 'trusted-keys',
  'trust remove': 'trusted-keys',
  run: 'run-result',
  'vectors record': 'record-result',
  sign: 'sign-result',
  search: 'search-result',
  info: 'info-result',
  list: 'plugin-list',
  load: 'load-result',
  permissions: 'permissions-result',
  reproduce: 'reproduce-result',
  outdated: 'outdated-result',
  update: 'update-result',
  rollback: 'rollback-result',
  uninstall: 'uninstall-result',
  why: 'why-result',
  audit: 'audit-result',
  'log show': 'log-records',
  'log verify': 'log-result',
  'log export': 'log-result',
  'root init': 'ceremony-result',
  'root sign': 'ceremony-result',
  'root rotate': 'ceremony-result',
  'root show': 'root-state',
  revoke: 'revoke-result',
  doctor: 'doctor-result',
  'mirror sync': 'mirror-result',
  'mirror approve': 'approve-result',
  export: 'export-result',
  import: 'import-result',
  'registry ledger pull': 'ledger-result',
  'registry ledger push': 'ledger-result',
  'registry ledger recover': 'recover-result',
  'registry stats': 'stats-result',
  'registry policy': 'policy-result',
  'registry merge-runs': 'run-list',
  'registry build': 'build-result',
  'registry deploy': 'deploy-result',
  'registry init': 'registry-init-result',
  'registry fetch': 'fetch-result',
  'host init': 'host-draft',
} as const;

test.each(Object.entries(SCHEMAS))('%s --json prints %s', async (command, format) => {
  const shown = of(command).filter(
    ({ command: line, stdout }) => line.includes('--json') && !stdout.startsWith('{"error"'),
  );
  expect(shown.length).toBeGreaterThan(0);
  for (const { stdout } of shown) {
    const value: unknown = JSON.parse(
      stdout
        .replace('{KEY ID}', '0'.repeat(64))
        .replace('{PUBLIC KEY}', 'AAAA')
        .replaceAll('{N}', '1')
        .replaceAll('{SHA256}', '0'.repeat(64)),
    );
    parse(FORMATS[format].schema, value, command);
  }
});

test('install --json prints what came, or what the lockfile names', () => {
  const shown = of('install').filter(
    ({ command, stdout }) => command.includes('--json') && !stdout.startsWith('{"error"'),
  );
  expect(shown.length).toBeGreaterThan(2);
  for (const { command, stdout } of shown) {
    const name = / install (?:--|$)/.test(command) ? 'restore-result' : 'install-result';
    parse(FORMATS[name].schema, JSON.parse(stdout), command);
  }
});

test('an error with --json is the error format on stdout and a sentence on stderr', () => {
  const errors = STEPS.filter(({ stdout }) => stdout.startsWith('{"error"'));
  expect(errors.length).toBeGreaterThan(5);
  for (const { stdout, stderr } of errors) {
    parse(FORMATS['error-output'].schema, JSON.parse(stdout), 'stdout');
    expect(stderr).toContain('plugmark:');
  }
});

test('bills of materials are valid for the official schema', () => {
  const problems = cycloneDxValidator();
  const shown = STEPS.filter(({ command, stdout }) => command.includes('--format cyclonedx') && stdout !== '');
  expect(shown.length).toBeGreaterThan(2);
  for (const { stdout } of shown) expect(problems(JSON.parse(stdout))).toEqual([]);
});

test('every exit code of the table is shown', () => {
  expect([...new Set(STEPS.map(({ exit }) => exit))].sort()).toEqual([0, 1, 2, 3, 4]);
});

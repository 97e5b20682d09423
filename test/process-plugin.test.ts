// The example of a process plugin as the registry lists it: its zip unpacked by our reader and run by a real Python, line by line;
// and Python's own zip reader beside ours on every archive of the vectors.

import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inspectArtifact, readProcessPackage, sha256 } from '@plugmark/analysis';
import { parseJson, Release } from '@plugmark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readZip, unpackEntry } from '../tools/analysis/src/zip/read-zip.ts';
import { DEFAULT_ZIP_LIMITS } from '../tools/analysis/src/zip/zip-limits.ts';
import { packProcess } from './testkit/pack-process.ts';

const FOLDER = fileURLToPath(new URL('./plugins/text-statistics', import.meta.url));
const LISTED = fileURLToPath(new URL('../registry/plugins/plugmark-examples/text-statistics/1.0.0', import.meta.url));
const VECTORS = new URL('./vectors/analysis/', import.meta.url);

let scratch = '';
let bytes: Uint8Array;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'plugmark-process-'));
  bytes = await packProcess(join(FOLDER, 'plugin'));
  const { entries, problems } = readZip(bytes, DEFAULT_ZIP_LIMITS);
  expect(problems).toEqual([]);
  for (const entry of entries) {
    const unpacked = unpackEntry(bytes, entry);
    if ('code' in unpacked) throw new TypeError(unpacked.code);
    await mkdir(dirname(join(scratch, entry.path)), { recursive: true });
    await writeFile(join(scratch, entry.path), unpacked.content);
  }
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const hasPython = ((): boolean => {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('skipped: there is no python3 here, so the process plugin was not run\n');
    return false;
  }
})();

test('what is built is what the registry lists, and the README is the one that was signed', async () => {
  const release = parseJson(Release, new Uint8Array(await readFile(join(LISTED, 'release.json'))), 'release.json');
  expect(release.artifact).toEqual({ kind: 'process', sha256: await sha256(bytes), size: bytes.length });
  expect(release.readme?.sha256).toBe(await sha256(new Uint8Array(await readFile(join(FOLDER, 'README.md')))));
});

test('imports nothing but what it needs', async () => {
  const found = await inspectArtifact(bytes);
  expect(found).toMatchObject({ kind: 'process', entryPoint: 'main.py' });
  if (found.kind !== 'process') return;
  const sources = found.files.filter(({ path }) => path.endsWith('.py'));
  const texts = await Promise.all(sources.map(({ path }) => readFile(join(scratch, path), 'utf8')));
  const imports = texts.flatMap((text) => [...text.matchAll(/^(?:import|from) (\S+)/gm)].map(([, name]) => name));
  expect([...new Set(imports)].sort()).toEqual(['json', 'sys', 'text_statistics', 'unicodedata']);
});

type Json = Record<string, unknown>;

/** Sends the requests one after the other and answers what the plugin asks as `host` says; what it wrote, in order. */
async function talk(requests: readonly (Json | string)[], host: (asked: Json) => Json | undefined): Promise<Json[]> {
  const child = spawn('python3', ['-B', 'main.py'], { cwd: scratch, stdio: ['pipe', 'pipe', 'ignore'], env: {} });
  // A plugin that was told to end reads no more, and how soon it is gone is the system's business.
  child.stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const written: Json[] = [];
  const left = [...requests];
  const next = (): void => {
    const request = left.shift();
    if (request === undefined) child.stdin.end();
    else child.stdin.write(`${typeof request === 'string' ? request : JSON.stringify(request)}\n`);
    // What is no request gets no answer to wait for.
    if (typeof request === 'string') next();
  };
  next();
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line) as Json;
    written.push(message);
    if (!('method' in message)) next();
    else {
      const answer = host(message);
      if (answer === undefined) child.stdin.end();
      else child.stdin.write(`${JSON.stringify({ id: message['id'], ...answer })}\n`);
    }
  }
  return written;
}

const event = (text: unknown): Json => ({ name: 'text', payload: { text } });

test.skipIf(!hasPython)(
  'runs: every method, the host’s function, refusals, lines that are no requests',
  async () => {
    const stored: Json[] = [];
    const answers = await talk(
      [
        { id: '1', method: 'init', params: {} },
        'no JSON',
        '[1]',
        `${'['.repeat(100_000)}`,
        { id: '2', method: 'handle_event', params: event('One, two. It’s well-known!\n\nDrei größere Wörter …') },
        { id: '3', method: 'handle_event', params: event('') },
        { id: '4', method: 'handle_event', params: event(7) },
        { id: '5', method: 'handle_event', params: { name: 'picture' } },
        { id: '6', method: 'launch' },
        { id: '7', method: 'heartbeat' },
        { id: '8', method: 'shutdown' },
        { id: '9', method: 'init' },
      ],
      (asked) => {
        stored.push(asked);
        return stored.length === 1 ? { result: null } : { error: 'the disk is full' };
      },
    );
    const counts = {
      characters: 49,
      words: 7,
      distinctWords: 7,
      sentences: 3,
      paragraphs: 2,
      longestWord: 'well-known',
    };
    const means = { meanWordLength: 5.29, meanSentenceLength: 2.33, readingSeconds: 2 };
    const [first, second] = stored;
    expect(first).toEqual({
      id: 'plugin-1',
      method: 'store_plugin_data',
      params: { key: 'totals', value: { texts: 1, words: 7 } },
    });
    expect(answers).toEqual([
      { id: '1', result: { name: 'Text statistics', version: '1.0.0', events: ['text'] } },
      first,
      { id: '2', result: { ...counts, ...means, totals: { texts: 1, words: 7 }, stored: true } },
      second,
      { id: '3', result: expect.objectContaining({ words: 0, sentences: 0, longestWord: '', stored: false }) },
      { id: '4', error: 'the event has no text' },
      { id: '5', error: 'the one event it knows is text' },
      { id: '6', error: "no method 'launch'" },
      { id: '7', result: {} },
      { id: '8', result: {} },
    ]);
  },
  60_000,
);

test.skipIf(!hasPython)(
  'ends when the host goes away while it waits for an answer',
  async () => {
    const answers = await talk([{ id: '1', method: 'handle_event', params: event('a') }], () => undefined);
    expect(answers.at(-1)).toMatchObject({ id: '1', result: { stored: false } });
  },
  60_000,
);

const LIST = `
import hashlib, json, sys, zipfile
found = {}
for path in sys.argv[1:]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        found[path] = {i.filename: hashlib.sha256(archive.read(i)).hexdigest() for i in archive.infolist() if not i.is_dir()}
print(json.dumps(found))
`;

test.skipIf(!hasPython)(
  'Python’s zipfile reads the same files out of every archive that is accepted',
  async () => {
    const names = (await readdir(VECTORS)).filter((name) => name.startsWith('process-'));
    const ours = new Map<string, Record<string, string>>();
    for (const name of names) {
      const path = fileURLToPath(new URL(`${name}/input.zip`, VECTORS));
      const { problems, files } = await readProcessPackage(new Uint8Array(await readFile(path)));
      if (problems.length === 0) ours.set(path, Object.fromEntries(files.map((file) => [file.path, file.sha256])));
    }
    expect(ours.size).toBeGreaterThan(20);
    const theirs: unknown = JSON.parse(execFileSync('python3', ['-c', LIST, ...ours.keys()], { encoding: 'utf8' }));
    expect(theirs).toEqual(Object.fromEntries(ours));
  },
  60_000,
);

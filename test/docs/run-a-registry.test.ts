// "Run your own registry in fifteen minutes" is what its title says: its own boxes, typed in order by a newcomer with an empty home, lead from
// a clone to an application that installs one plugin and is refused another; and again behind a gap, from a tar, without a network. The
// clone gets the checkout's packages by links instead of `npm ci`; run-a-registry.slow.test.ts does that too.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../testkit/run-command.ts';
import { asPattern, executableBlocks } from './page/page-blocks.ts';
import { CHECKOUT, canIsolate, runIn } from './page/page-terminal.ts';
import { type Journey, startJourney } from './page/registry-journey.ts';

const LAB = 'plugins.lab.example';
const APPROVED = ['layer-check', 'spectral-entropy', 'velocity-curve'].map((name) => `plugmark-examples/${name}`);
const INSTALLED = 'plugmark-examples/spectral-entropy';
const SHA256 = /^ {2}sha256 {5}([0-9a-f]{64})$/m;

let journey: Journey;
let printed: string;

beforeAll(async () => {
  journey = await startJourney('linked');
}, 120_000);
afterAll(() => journey?.world.close());

const json = async (path: string): Promise<ReturnType<typeof JSON.parse>> => JSON.parse(await readFile(path, 'utf8'));
const inScratch = (...path: string[]): string => join(journey.world.scratch, ...path);

describe('on a machine with a network', () => {
  test('every box is typed, succeeds, and prints what is shown', { timeout: 300_000 }, async () => {
    const answers = await journey.type(journey.blocks.filter(({ offline }) => !offline));
    printed = answers.map((answer) => answer.printed).join('\n');
    expect(journey.terminal.cwd).toBe(inScratch('lab'));
    // The clone’s own tools, not the checkout’s.
    const tools = await runIn(journey.terminal, false, ['realpath', 'node_modules/.bin/plugmark']);
    expect(tools).toEqual({ exit: 0, printed: `${inScratch('lab/tools/cli/bin/plugmark.js')}\n` });
  });

  test('the root that a reader compares is upstream’s', () => {
    const sha256 = createHash('sha256').update(journey.world.root).digest('hex');
    expect(printed).toContain(`${sha256}  registry/trust/metadata/1.root.json`);
  });

  test('three plugins, verified, with the lab’s own mark over the publisher’s and upstream’s', () => requireTree('.'));

  test('the installed bytes are those that upstream lists', () => requireInstalled('.'));

  test('whoever has the upstream’s root is refused by the lab’s tree', () => requireStranger('.'));

  test('what the page says to commit is all there is', async () => {
    const status = await runIn(journey.terminal, false, ['git', 'status', '--porcelain']);
    expect(status).toEqual({ exit: 0, printed: '' });
    const changed = await runIn(journey.terminal, false, ['git', 'show', '--name-only', '--format=', 'HEAD']);
    const folders = new Set(
      changed.printed
        .trim()
        .split('\n')
        .map((path) => path.split('/').slice(0, 2).join('/')),
    );
    expect([...folders].filter((path) => !/^(?:registry|artifacts)\//.test(path))).toEqual(['.github/workflows']);
    for (const folder of ['approvals', 'mirrors', 'policy.json', 'registry.json', 'trust', 'upstreams'])
      expect(folders).toContain(`registry/${folder}`);
  });

  test('what is deployed is the tree', async () => {
    expect(await readFile(inScratch('site/metadata/timestamp.json'))).toEqual(
      await readFile(inScratch('tree/metadata/timestamp.json')),
    );
  });
});

const noNamespaces = canIsolate() ? '' : ': this machine makes no network namespaces';

describe.skipIf(noNamespaces !== '')(`behind a gap${noNamespaces}`, () => {
  test('upstream cannot be reached from there', async () => {
    const reach = `fetch(${JSON.stringify(journey.world.url)}).then(() => console.log('reached'), () => console.log('not reached'))`;
    const ask = (offline: boolean) => runIn(journey.terminal, offline, [process.execPath, '-e', reach]);
    expect([(await ask(false)).printed, (await ask(true)).printed]).toEqual(['reached\n', 'not reached\n']);
  });

  test('every box is typed, succeeds, and prints what is shown', { timeout: 300_000 }, async () => {
    const blocks = journey.blocks.filter(({ offline }) => offline);
    expect(blocks.length).toBeGreaterThan(2);
    await journey.type(blocks);
    expect(journey.terminal.cwd).toBe(inScratch('carry/lab'));
  });

  test('three plugins, verified, with the lab’s own mark over the publisher’s and upstream’s', () =>
    requireTree('carry'));

  test('the installed bytes are those that upstream lists', () => requireInstalled('carry'));

  test('it is another registry’s keys than those of the machine with a network', async () => {
    expect(await readFile(inScratch('carry/lab-keys/cosign.pem'))).not.toEqual(
      await readFile(inScratch('lab-keys/cosign.pem')),
    );
    await requireStranger('carry');
  });
});

test('nothing is written but below the folder the reader began in', async () => {
  // Where it is not confined this says nothing about other places; the title of the slow test says which machines confine.
  const left = await readdir(journey.world.scratch);
  expect(left.filter((name) => !name.startsWith('.')).sort()).toEqual(
    ['carry', 'home', 'lab', 'lab-keys', 'ledger', 'passphrase.txt', 'site', 'store', 'tmp', 'tree'].sort(),
  );
  const probe = await runIn(journey.terminal, false, ['touch', join(CHECKOUT, '.plugmark/nobody-writes-here')]);
  expect(probe.exit === 0).toBe(!journey.terminal.isConfined);
});

async function requireTree(place: string): Promise<void> {
  const { plugins } = await json(inScratch(place, 'tree/v1/index.json'));
  expect(plugins.map(({ plugin, tier }: { plugin: string; tier: string }) => [plugin, tier])).toEqual(
    APPROVED.map((plugin) => [plugin, 'verified']),
  );
  for (const plugin of APPROVED) await requireMark(place, plugin);
}

/** By the rules of DSSE and with the key file alone, not by our verifier. */
async function requireMark(place: string, plugin: string): Promise<void> {
  const document = await json(inScratch(place, `tree/v1/plugins/${plugin}.json`));
  const [{ attestations, release }] = document.releases;
  const { dsseEnvelope } = await json(inScratch(place, `tree/attestations/${attestations.registry.sha256}.json`));
  const payload = Buffer.from(dsseEnvelope.payload, 'base64');
  const { payloadType, signatures } = dsseEnvelope;
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `),
    payload,
  ]);
  const isBy = async (key: string): Promise<boolean> =>
    verify('sha256', signed, createPublicKey(await readFile(key)), Buffer.from(signatures[0].sig, 'base64'));
  expect(await isBy(inScratch(place, 'lab-keys/cosign.pem'))).toBe(true);
  expect(await isBy(join(journey.world.scratch, '../upstream/keys/cosign.pem'))).toBe(false);
  const { subject, predicate } = JSON.parse(payload.toString());
  expect(predicate.resourceUri).toBe(`plugmark:${LAB}/${plugin}@${release.version}`);
  expect(subject[0].digest.sha256).toBe(release.artifact.sha256);
  const inputs = predicate.inputAttestations.map(({ digest }: { digest: { sha256: string } }) => digest.sha256);
  expect(inputs).toEqual(expect.arrayContaining([attestations.publisher.sha256, attestations.upstream.sha256]));
  expect(document.origin.registryId).toBe('plugmark');
}

async function requireInstalled(place: string): Promise<void> {
  const listed = await json(join(CHECKOUT, `registry/plugins/${INSTALLED}/1.1.0/release.json`));
  const names = await readdir(inScratch(place, 'store/blobs/sha256'));
  expect(names).toEqual([listed.artifact.sha256]);
  const bytes = await readFile(inScratch(place, 'store/blobs/sha256', names[0] ?? ''));
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(listed.artifact.sha256);
}

async function requireStranger(place: string): Promise<void> {
  const root = inScratch(place, 'home-of-another.root.json');
  await writeFile(root, journey.world.root);
  const { exit, stdout } = await runCommand(
    ['install', INSTALLED, '--registry', 'tree', '--root', root, '--store', 'another', '--json'],
    inScratch(place),
  );
  expect([exit, JSON.parse(stdout).error.code]).toEqual([1, 'METADATA_SIGNATURE']);
}

describe('a page', () => {
  test.each([
    ['a mark that nobody runs', '```bash\nls\n```', /nothing runs a box that is marked bash/],
    ['a box that is not closed', '```sh\nls\n', /not closed/],
  ])('with %s is refused', (_, page, message) => {
    expect(() => executableBlocks(page)).toThrow(message);
  });

  test('`…` stands for lines or for a part of one, and for nothing else', () => {
    const pattern = asPattern('one\n…\nlast …');
    expect(['one\nlast 1\n', 'one\ntwo\nthree\nlast one\n'].map((text) => pattern.test(text))).toEqual([true, true]);
    expect(
      ['last 1\n', 'one\ntwo\n', 'one\nlast 1\nmore\n', 'zero\none\nlast 1\n'].some((text) => pattern.test(text)),
    ).toBe(false);
    expect([asPattern('').test(''), asPattern('').test('something\n')]).toEqual([true, false]);
  });
});

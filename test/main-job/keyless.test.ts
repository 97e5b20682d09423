// The part of the main job that signs without keys: services on the loopback interface, the real command, an overlay that a second
// run leaves as it is; and the library that knows nothing of this project accepts what came out.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFolder } from '@plugmark/publish';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../tools/dev/src/child.ts';
import { buildPlugins, EXAMPLE_ARTIFACTS } from '../testkit/build-plugins.ts';
import { digests, jsonOf } from '../testkit/office.ts';
import { runCommand } from '../testkit/run-command.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPT = join(REPOSITORY, 'tools/dev/src/sign-keyless.ts');
const KEYLESS = ['degree-centrality', 'layer-check'];
let folder: string;
const at = (name: string): string => join(folder, name);

const signKeyless = () =>
  run({ args: ['--conditions=@plugmark/source', SCRIPT, at('registry'), at('.plugmark/dev')] }, REPOSITORY);
const build = (now: Date) =>
  runCommand(['registry', 'build', '--registry', at('registry'), '--out', at('tree'), '--json'], folder, now);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plugmark-keyless-job-'));
  await buildPlugins(EXAMPLE_ARTIFACTS);
  cpSync(EXAMPLE_ARTIFACTS, at('.plugmark/dev/artifacts'), { recursive: true });
  cpSync(join(REPOSITORY, 'registry'), at('registry'), { recursive: true });
  for (const name of readdirSync(at('registry/plugins/plugmark-examples')))
    if (![...KEYLESS, 'plain-text'].includes(name))
      rmSync(at(`registry/plugins/plugmark-examples/${name}`), { recursive: true });
  rmSync(at('registry/plugins/third-party-examples'), { recursive: true });
  expect(await signKeyless()).toBe(0);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a development build lists them, a second one has the same bytes, and the library agrees', async () => {
  const now = new Date(Date.now() + 60_000);
  const { exit, stderr } = await build(now);
  expect([exit, exit === 0 ? '' : stderr]).toEqual([0, '']);
  const tree = await readFolder(at('tree'));
  const root = TrustedRoot.fromJSON(jsonOf(tree, 'v1/trusted_root.json'));
  for (const name of KEYLESS) {
    const [{ attestations, levels }] = jsonOf(tree, `v1/plugins/plugmark-examples/${name}.json`).releases;
    expect(levels).toContain('PLUGMARK_PUBLISHER_VERIFIED');
    const bundle = bundleFromJSON(jsonOf(tree, `attestations/${attestations.publisher.sha256}.json`));
    const signer = new Verifier(toTrustMaterial(root)).verify(toSignedEntity(bundle));
    expect(signer.identity?.subjectAlternativeName).toMatch(/^https:\/\/github\.com\/plugmark-examples\/plugins\//);
  }
  const overlay = digests(await readFolder(at('.plugmark/dev/registry')));
  expect(await signKeyless()).toBe(0);
  expect(digests(await readFolder(at('.plugmark/dev/registry')))).toEqual(overlay);
  expect((await build(now)).exit).toBe(0);
  expect(digests(await readFolder(at('tree')))).toEqual(digests(tree));
}, 60_000);

test('the command says who signed, how, when, and which log entry shows it', async () => {
  const release = JSON.parse(
    readFileSync(at('registry/plugins/plugmark-examples/layer-check/1.0.0/release.json'), 'utf8'),
  );
  const file = at(`.plugmark/dev/artifacts/${release.artifact.sha256}.wasm`);
  const root = at('.plugmark/dev/trust/metadata/1.root.json');
  const asked = ['verify', file, '--registry', at('tree'), '--root', root];
  const { stdout, exit } = await runCommand(asked, folder, new Date(Date.now() + 60_000));
  expect(exit).toBe(0);
  for (const line of [
    /publisher +signed by a workflow that plugmark-examples/,
    /run +refs\/tags\/v1\.0\.0, on push/,
    /signed at +20\d\d-/,
    /log +entry \d+ of log2026-1/,
    /identity https:\/\/github\.com/,
  ])
    expect(stdout).toMatch(line);
  const { publisher } = JSON.parse(
    (await runCommand([...asked, '--json'], folder, new Date(Date.now() + 60_000))).stdout,
  );
  expect(publisher).toMatchObject({
    state: 'verified',
    workflow: { trigger: 'push' },
    log: [{ index: expect.any(Number) }],
  });
}, 60_000);

test('the committed registry is untouched, and a build that is not for development does not see the overlay', async () => {
  const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  for (const path of [
    'publishers/plugmark-examples.json',
    'plugins/plugmark-examples/layer-check/1.0.0/publisher.sigstore.json',
  ])
    expect(digest(at(`registry/${path}`))).toBe(digest(join(REPOSITORY, 'registry', path)));
  expect(existsSync(at('registry/trust/trusted_root.json'))).toBe(false);
  const folders = [
    '--keys',
    at('.plugmark/dev/keys'),
    '--trust',
    at('trust'),
    '--ledger',
    at('ledger'),
    '--out',
    at('plain'),
  ];
  const { exit } = await runCommand(
    ['registry', 'build', '--registry', at('registry'), ...folders],
    folder,
    new Date(Date.now() + 60_000),
  );
  expect(exit).toBe(0);
  expect((await readFolder(at('plain'))).has('v1/trusted_root.json')).toBe(false);
}, 60_000);

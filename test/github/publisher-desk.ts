// A publisher at work: the folder that `init` wrote, built by its own command, and its next versions.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jsonFile, sha256 } from '@plugmark/publish';
import type { Identity } from '@plugmark/schemas';
import type { User } from '../../tools/dev/src/github/github-state.ts';
import { HOST, holdCeremony, type Journey } from './journey.ts';

const execute = promisify(execFile);

export interface Desk {
  readonly journey: Journey;
  readonly plugin: string;
  readonly key: string;
  readonly identity: Identity;
  /** The plugin's folder, and the registry's data beside it. */
  readonly folder: string;
  readonly place: string;
}

/** A key, and a publisher file for it. */
export async function makeKey(journey: Journey, name: string): Promise<{ key: string; identity: Identity }> {
  const key = join(journey.folder, `${name}.pem`);
  return { key, identity: await journey.does(['key', 'generate', key]) };
}

export const publisherFile = (publisher: string, owner: User, identities: readonly Identity[], more: object = {}) =>
  jsonFile({
    schemaVersion: 1,
    publisher,
    title: publisher,
    owners: [{ github: owner.login, githubId: owner.id }],
    identities,
    ...more,
  });

export async function openDesk(
  journey: Journey,
  { plugin, key, identity }: Pick<Desk, 'plugin' | 'key' | 'identity'>,
): Promise<Desk> {
  const place = join(journey.folder, 'publisher');
  const folder = join(place, plugin.split('/')[1] ?? '');
  await journey.does(
    ['init', folder, '--host', HOST, '--template', 'assemblyscript', '--plugin', plugin, '--no-input'],
    { cwd: place },
  );
  const desk = { journey, plugin, key, identity, folder, place };
  await compile(desk);
  return desk;
}

/** The command that `init` printed. */
export async function compile({ folder }: Desk): Promise<void> {
  await execute('npm', ['run', '--silent', 'build'], { cwd: folder, env: process.env });
}

export interface NextRelease {
  readonly version: string;
  /** Replaced in the manifest. */
  readonly manifest?: readonly [string, string];
  readonly key?: string;
  /** Where the bytes are said to be; by default they are there. */
  readonly source?: string;
}

/** Makes the version: other bytes than the one before, signed and put on the publisher's server. Returns its folder. */
export async function makeRelease(
  desk: Desk,
  { version, manifest, key = desk.key, source }: NextRelease,
): Promise<string> {
  const { journey, folder, plugin, place } = desk;
  const name = plugin.split('/')[1] ?? '';
  const path = join(folder, 'plugin.yaml');
  const text = (await readFile(path, 'utf8')).replace(/^version: .*$/m, `version: ${version}`);
  await writeFile(path, manifest === undefined ? text : text.replace(...manifest));
  const wasm = join(folder, `${name}.wasm`);
  const bytes = withNote(new Uint8Array(await readFile(wasm)), version);
  await writeFile(wasm, bytes);
  const address = `${plugin}/${version}/plugin.wasm`;
  journey.files.tree = new Map([...journey.files.tree, [address, bytes]]);
  const out = join(journey.folder, 'signed', plugin, version);
  const argv = ['sign', folder, '--key', key, '--source', source ?? `https://files.example/${address}`, '--out', out];
  await journey.does(argv, { cwd: place });
  await writeFile(join(out, '..', 'listing.json'), await readFile(join(folder, 'listing.json')));
  return out;
}

export const digestOf = async ({ folder, plugin }: Desk): Promise<string> =>
  sha256(new Uint8Array(await readFile(join(folder, `${plugin.split('/')[1]}.wasm`))));

/** A custom section that says which version it is: the same code under another digest, without another compilation. */
function withNote(module: Uint8Array, version: string): Uint8Array {
  const name = new TextEncoder().encode('version');
  const data = new TextEncoder().encode(version);
  const section = [0, 1 + name.length + data.length, name.length, ...name, ...data];
  return new Uint8Array([...module, ...section]);
}

/** The shortest way to a listed plugin of a verified publisher; each step of it is a test of end-to-end.test.ts. */
export async function firstRelease(journey: Journey, plugin: string): Promise<Desk> {
  const { people } = journey;
  const [publisher = ''] = plugin.split('/');
  const { key, identity } = await makeKey(journey, publisher);
  const verified = { since: '2026-11-01T00:00:00Z', by: 'mona' };
  const file = publisherFile(publisher, people.alice, [identity], { verified });
  await journey.propose(people.mona, 'namespace', new Map([[`publishers/${publisher}.json`, file]]));
  await approved(journey, people.mick);
  await holdCeremony(journey, 'targets');
  const desk = await openDesk(journey, { plugin, key, identity });
  await journey.submit(await makeRelease(desk, { version: '0.1.0' }), people.alice);
  await approved(journey, people.mona);
  await journey.publish();
  return desk;
}

async function approved(journey: Journey, by: User): Promise<void> {
  journey.approve(by);
  const { answer, findings } = await journey.decision();
  if (answer !== 'merge') throw new Error(JSON.stringify(findings));
}

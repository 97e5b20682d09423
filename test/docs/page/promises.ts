// What the page "Run your own registry" promises its reader at the end, looked at with as little of our own code as there can be.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runCommand } from '../../testkit/run-command.ts';
import { CHECKOUT } from './page-terminal.ts';
import type { Journey } from './registry-journey.ts';

const LAB = 'plugins.lab.example';
const APPROVED = ['layer-check', 'spectral-entropy', 'velocity-curve'].map((name) => `plugmark-examples/${name}`);
const INSTALLED = 'plugmark-examples/spectral-entropy';

const json = async (path: string): Promise<ReturnType<typeof JSON.parse>> => JSON.parse(await readFile(path, 'utf8'));

export const inScratch = ({ world }: Journey, ...path: string[]): string => join(world.scratch, ...path);

/** Three plugins, verified, with the lab’s own mark over the publisher’s and upstream’s. */
export async function requireTree(journey: Journey, place: string): Promise<void> {
  const { plugins } = await json(inScratch(journey, place, 'tree/v1/index.json'));
  expect(plugins.map(({ plugin, tier }: { plugin: string; tier: string }) => [plugin, tier])).toEqual(
    APPROVED.map((plugin) => [plugin, 'verified']),
  );
  for (const plugin of APPROVED) await requireMark(journey, place, plugin);
}

/** By the rules of DSSE and with the key file alone, not by our verifier. */
async function requireMark(journey: Journey, place: string, plugin: string): Promise<void> {
  const document = await json(inScratch(journey, place, `tree/v1/plugins/${plugin}.json`));
  const [{ attestations, release }] = document.releases;
  const { dsseEnvelope } = await json(
    inScratch(journey, place, `tree/attestations/${attestations.registry.sha256}.json`),
  );
  const payload = Buffer.from(dsseEnvelope.payload, 'base64');
  const { payloadType, signatures } = dsseEnvelope;
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `),
    payload,
  ]);
  const isBy = async (key: string): Promise<boolean> =>
    verify('sha256', signed, createPublicKey(await readFile(key)), Buffer.from(signatures[0].sig, 'base64'));
  expect(await isBy(inScratch(journey, place, 'lab-keys/cosign.pem'))).toBe(true);
  expect(await isBy(join(journey.world.scratch, '../upstream/keys/cosign.pem'))).toBe(false);
  const { subject, predicate } = JSON.parse(payload.toString());
  expect(predicate.resourceUri).toBe(`plugmark:${LAB}/${plugin}@${release.version}`);
  expect(subject[0].digest.sha256).toBe(release.artifact.sha256);
  const inputs = predicate.inputAttestations.map(({ digest }: { digest: { sha256: string } }) => digest.sha256);
  expect(inputs).toEqual(expect.arrayContaining([attestations.publisher.sha256, attestations.upstream.sha256]));
  expect(document.origin.registryId).toBe('plugmark');
}

/** The installed bytes are those that upstream lists. */
export async function requireInstalled(journey: Journey, place: string): Promise<void> {
  const listed = await json(join(CHECKOUT, `registry/plugins/${INSTALLED}/1.1.0/release.json`));
  const names = await readdir(inScratch(journey, place, 'store/blobs/sha256'));
  expect(names).toEqual([listed.artifact.sha256]);
  const bytes = await readFile(inScratch(journey, place, 'store/blobs/sha256', names[0] ?? ''));
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(listed.artifact.sha256);
}

/** Whoever has the upstream’s root is refused by the lab’s tree. */
export async function requireStranger(journey: Journey, place: string): Promise<void> {
  const root = join(journey.world.scratch, '../upstream-root.json');
  await writeFile(root, journey.world.root);
  const { exit, stdout } = await runCommand(
    ['install', INSTALLED, '--registry', 'tree', '--root', root, '--json'],
    inScratch(journey, place),
  );
  expect([exit, JSON.parse(stdout).error.code]).toEqual([1, 'METADATA_SIGNATURE']);
}

// Part of the example registry is signed without keys: by a workflow that the loopback Sigstore vouches for. What comes out is an
// overlay of the registry's data in an ignored folder; what is there already and still fits is kept, so that a second build has the
// same bytes.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseBundle } from '@plugmark/client/trust';
import { run } from './child.ts';
import { DevError } from './dev-error.ts';
import type { WorkflowRun } from './sigstore/github-token.ts';
import { ISSUER, type LoopbackSigstore } from './sigstore/loopback-sigstore.ts';
import { openStored } from './sigstore/open-stored.ts';
import { serveSigstore } from './sigstore/serve.ts';
import { REPOSITORY } from './steps.ts';

const [, , data = 'registry', work = '.plugmark/dev'] = process.argv;
const REGISTRY = resolve(REPOSITORY, data);
const OVERLAY = resolve(REPOSITORY, work, 'registry');
const PUBLISHER = 'plugmark-examples';
/** Code graphs and architecture checks: hosts that read no detached signature. */
const KEYLESS = ['degree-centrality', 'layer-check'] as const;

const SOURCE = { owner: PUBLISHER, ownerId: '900000001', repository: 'plugins', repositoryId: '900000002' } as const;
const WORKFLOW = '.github/workflows/release.yml';
const RUN: Omit<WorkflowRun, 'ref'> = {
  ...SOURCE,
  workflow: WORKFLOW,
  sha: 'e'.repeat(40),
  event: 'push',
  runner: 'github-hosted',
};

const stored = await openStored(resolve(REPOSITORY, work, 'sigstore'));
await write(join(OVERLAY, 'trust/trusted_root.json'), stored.sigstore.trustedRoot);
await write(join(OVERLAY, `publishers/${PUBLISHER}.json`), await publisherFile(stored.from));
for (const release of await keylessReleases()) await signOnce(release);
await stored.close();

interface ReleaseFolder {
  readonly plugin: string;
  readonly version: string;
}

async function keylessReleases(): Promise<ReleaseFolder[]> {
  const lists = await Promise.all(
    KEYLESS.map(async (plugin) => {
      const names = await readdir(join(REGISTRY, 'plugins', PUBLISHER, plugin)).catch(() => []);
      return names.filter((name) => /^\d/.test(name)).map((version) => ({ plugin, version }));
    }),
  );
  return lists.flat();
}

async function publisherFile(from: string): Promise<Uint8Array> {
  const publisher = JSON.parse(await readFile(join(REGISTRY, `publishers/${PUBLISHER}.json`), 'utf8')) as {
    identities: object[];
  };
  const repository = `https://github.com/${SOURCE.owner}/${SOURCE.repository}`;
  const identity = {
    kind: 'keyless',
    issuer: ISSUER,
    repository,
    repositoryId: SOURCE.repositoryId,
    ownerId: SOURCE.ownerId,
    buildConfig: `${repository}/${WORKFLOW}`,
    ref: 'tag',
    triggers: ['push'],
    runner: 'github-hosted',
    from,
  };
  const all = { ...publisher, identities: [...publisher.identities, identity] };
  return Buffer.from(`${JSON.stringify(all, undefined, 2)}\n`);
}

async function signOnce({ plugin, version }: ReleaseFolder): Promise<void> {
  const folder = join('plugins', PUBLISHER, plugin, version);
  const out = join(OVERLAY, folder);
  if (await isCurrent(join(REGISTRY, folder), out)) return;
  const { sigstore } = stored;
  const scratch = await mkdtemp(join(tmpdir(), 'plugmark-keyless-'));
  const served = await serveSigstore(sigstore);
  try {
    const config = join(scratch, 'signing_config.json');
    await writeFile(config, sigstore.signingConfig(served.address, 2));
    await signWith(sigstore, { folder: join(REGISTRY, folder), out, config, version });
  } finally {
    await served.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function signWith(
  sigstore: LoopbackSigstore,
  { folder, out, config, version }: { folder: string; out: string; config: string; version: string },
): Promise<void> {
  const args = ['tools/cli/bin/plugmark.js', 'sign', folder, '--keyless', '--signing-config', config];
  const env = { SIGSTORE_ID_TOKEN: sigstore.token({ ...RUN, ref: `refs/tags/v${version}` }) };
  const code = await run({ args: [...args, '--registry', REGISTRY, '--out', out], env, isQuiet: true }, REPOSITORY);
  if (code !== 0) throw new DevError('COMMAND_FAILED', `plugmark sign ended with ${code}`);
}

/** Whether the overlay's bundle is about the release as it is, and of these services. */
async function isCurrent(folder: string, out: string): Promise<boolean> {
  const path = join(out, 'publisher.sigstore.json');
  if (!existsSync(path) || stored.isNew) return false;
  const { payload } = parseBundle(new Uint8Array(await readFile(path)));
  const digest = createHash('sha256')
    .update(await readFile(join(folder, 'release.json')))
    .digest('hex');
  return Buffer.from(payload).includes(digest);
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

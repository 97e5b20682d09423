// A host that takes plugins from GitHub's stand-in, over real git, and repositories to take them from.

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ClientError,
  type ConsentQuestion,
  type HostPolicy,
  memoryStore,
  openPlugins,
  type PluginStore,
  type Plugins,
  type PluginsOptions,
  parseSource,
} from '@plugmark/client';
import { Policy, parseJson } from '@plugmark/schemas';
import { inspectPort } from '../../tools/cli/src/inspect-port.ts';
import { parseYaml } from '../../tools/cli/src/parse-yaml.ts';
import type { Repository } from '../../tools/dev/src/github/github-state.ts';
import { type GitHub, openGitHub } from '../../tools/dev/src/github/open-github.ts';
import { DDALAB, hostModule } from '../testkit/host-plugins.ts';
import { NOW } from '../testkit/office.ts';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const POLICY = parseJson(
  Policy,
  new Uint8Array(readFileSync(new URL('../../registry/policy.json', import.meta.url))),
  'policy',
);
const INSPECT = inspectPort({ policy: POLICY, now: () => NOW });
const UNUSED = { url: 'http://registry.invalid/', root: new Uint8Array() };

let folder = '';
export let github: GitHub;
let serial = 0;
/** For cases that change nothing of it. */
export let shared: Repository;
export const SHARED = parseSource('github:octo/shared');

/** For `beforeAll`. */
export async function openSources(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-sources-'));
  github = await openGitHub({ folder, now: () => NOW });
  shared = await repository('shared', { number: 63 });
}

/** For `afterAll`. */
export async function closeSources(): Promise<void> {
  await github.close();
  await rm(folder, { recursive: true, force: true });
}

/** For `beforeEach`. */
export function forgetRequests(): void {
  github.faults.length = 0;
  (github.requests as string[]).length = 0;
}

export interface Made {
  readonly version?: string;
  readonly plugin?: string;
  readonly capabilities?: readonly ('network' | 'read:channel_data')[];
  readonly declared?: readonly string[];
  readonly more?: string;
  readonly number?: number;
}

export function manifestOf({
  version = '1.0.0',
  plugin = 'octo/lamp',
  capabilities = [],
  declared = capabilities,
  more = '',
}: Made): Uint8Array {
  return bytesOf(
    `plugin: ${plugin}\nversion: ${version}\nlicense: MIT\ntitle: Lamp\nsummary: It shines\napi: ^1\nartifact: out/lamp.wasm\npermissions: [${declared.map((id) => `"${id}"`).join(', ')}]\n${more}`,
  );
}
export const moduleOf = ({ capabilities = [], number = serial++ % 64 }: Made): Uint8Array =>
  hostModule(DDALAB, capabilities, { number });

/** A repository with one release, its files as assets. */
export async function repository(name: string, made: Made = {}, tag = 'v1.0.0'): Promise<Repository> {
  const owner = github.user('octo', 7001);
  const created = await github.repository(owner, name, new Map([['README.md', bytesOf('# Lamp\n')]]));
  await release(created, made, tag);
  return created;
}

export async function release(to: Repository, made: Made, tag: string): Promise<void> {
  to.releases.set(
    tag,
    new Map([
      ['ddalab-plugin.yaml', manifestOf(made)],
      ['lamp.wasm', moduleOf(made)],
    ]),
  );
  await github.tag(to, tag);
}

interface Setup {
  readonly store?: PluginStore;
  readonly policy?: HostPolicy;
  readonly asked?: ConsentQuestion[];
  readonly says?: 'yes' | 'no' | 'nobody';
}

export function host(
  { store = memoryStore(), policy = {}, asked = [], says = 'yes' }: Setup = {},
  options: Partial<PluginsOptions> = {},
): Plugins {
  return openPlugins({
    ...UNUSED,
    store,
    fetch,
    now: () => NOW,
    host: { id: 'ddalab', api: '1.0.0' },
    profile: DDALAB,
    policy,
    inspect: INSPECT,
    readManifest: (bytes, file) => parseYaml(bytes, file),
    // Tests of other sources open none.
    github: { api: github?.address ?? UNUSED.url },
    timeoutMs: 5000,
    ...(says === 'nobody'
      ? {}
      : {
          consent: async (question: ConsentQuestion) => {
            asked.push(question);
            return says === 'yes' ? { allow: true, explicitly: question.decision.explicit } : { allow: false };
          },
        }),
    ...options,
  });
}

export const refusalOf = async (act: Promise<unknown>): Promise<Pick<ClientError, 'code' | 'details'>> => {
  const error = await act.then(
    () => ({ code: 'ACCEPTED', details: {} }),
    (cause: unknown) => cause,
  );
  return error as ClientError;
};

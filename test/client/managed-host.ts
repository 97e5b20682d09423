// A host over a registry in memory, for tests of what it does with plugins: acme's plugins for Conductor, in two builds.
import {
  type ConsentAnswer,
  type ConsentQuestion,
  type Lockfile,
  memoryStore,
  openPlugins,
  type PluginStore,
  type Plugins,
  type PluginsOptions,
} from '@plugmark/client';
import { addHostRelease, CONDUCTOR, hostRegistry } from '../testkit/host-plugins.ts';
import { type Built, build, HOUR, later, NOW, rootOf, serving } from '../testkit/office.ts';

/** Two builds of one registry, an hour apart. */
export let first: Built;
export let second: Built;
export const digests: Record<string, string> = {};
const HOSTS = (...hosts: string[]) => ({ network: { hosts } });

/** For `beforeAll`. */
export async function buildTwice(): Promise<void> {
  const registry = await hostRegistry();
  const add = async (
    plugin: string,
    version: string,
    more: Omit<Parameters<typeof addHostRelease>[1], 'host' | 'plugin' | 'version'> = {},
  ) => {
    digests[`${plugin}@${version}`] = await addHostRelease(registry, { host: CONDUCTOR, plugin, version, ...more });
  };
  await add('acme/fft', '1.0.0');
  await add('acme/spectrum', '1.0.0', { dependencies: { 'acme/fft': '^1' } });
  await add('acme/bands', '1.0.0', { dependencies: { 'acme/fft': '^1.1' } });
  await add('acme/old-bands', '1.0.0', { dependencies: { 'acme/fft': '~1.0' } });
  await add('acme/lost', '1.0.0', { dependencies: { 'acme/nowhere': '*' } });
  await add('acme/lamp', '1.0.0', { capabilities: ['network', 'filesystem'], params: HOSTS('a.example.org') });
  first = await build(registry);
  await add('acme/fft', '1.1.0');
  await add('acme/lamp', '1.1.0', { capabilities: ['network'], params: HOSTS('a.example.org') });
  await add('acme/lamp', '1.2.0', { capabilities: ['network'], params: HOSTS('a.example.org', 'b.example.org') });
  second = await build(registry, { previous: first, now: later(HOUR) });
  if (first.refusals.length + second.refusals.length > 0)
    throw new Error(JSON.stringify([first.refusals, second.refusals]));
}

interface Setup {
  readonly built?: Built;
  readonly store?: PluginStore;
  readonly now?: Date;
  readonly answer?: ConsentAnswer;
  readonly asked?: ConsentQuestion[];
}

export function host(
  { built = first, store = memoryStore(), now = NOW, answer, asked }: Setup = {},
  options: Partial<PluginsOptions> = {},
): Plugins {
  return openPlugins({
    url: 'https://small.example/',
    root: rootOf(built),
    store,
    fetch: serving((path) => built.tree.get(path)),
    now: () => now,
    host: { id: 'conductor', api: '2.7.0' },
    policy: { minimumReleaseAgeMinutes: 0 },
    ...(answer === undefined
      ? {}
      : {
          consent: async (question: ConsentQuestion) => {
            asked?.push(question);
            return answer;
          },
        }),
    ...options,
  });
}

export const YES = { allow: true } as const;
export const versions = (lockfile: Lockfile): Record<string, string> =>
  Object.fromEntries(lockfile.plugins.map(({ plugin, version }) => [plugin, version]));
export const unplugged: typeof fetch = async () => {
  throw new TypeError('no network');
};

export async function copyOf(store: PluginStore): Promise<PluginStore> {
  const copy = memoryStore();
  for (const { name } of await store.list('')) await copy.put(name, (await store.get(name)) as Uint8Array);
  return copy;
}

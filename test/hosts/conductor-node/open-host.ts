// The whole of the setup. `home` holds what the application ships (root.json), what its user or administrator decided (settings.json)
// and the store, where no plugin can reach it: plugins run in a child that sees no files.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AskConsent, type HostPolicy, openPlugins, type Plugins } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
import { HostProfile, parseJson } from '@plugmark/schemas';

/** Compiled into an application: then nobody else words what a capability means. */
const PROFILE = new URL('../../../registry/hosts/conductor.json', import.meta.url);

export interface OpenHost {
  readonly plugins: Plugins;
  readonly profile: HostProfile;
}

export async function openHost(home: string, consent: AskConsent): Promise<OpenHost> {
  const settings: { registry: string; policy?: HostPolicy } = JSON.parse(
    await readFile(join(home, 'settings.json'), 'utf8'),
  );
  const profile = parseJson(HostProfile, await readFile(PROFILE), 'conductor');
  const plugins = openPlugins({
    url: settings.registry,
    root: await readFile(join(home, 'root.json')),
    host: { id: profile.host, api: '2.7.0' },
    profile,
    policy: { maxRevocationAgeHours: 24 * 14, ...settings.policy },
    store: fileStore(join(home, 'plugin-store')),
    fetch,
    now: () => new Date(),
    consent,
    keyless: () => import('@plugmark/client/sigstore'),
  });
  return { plugins, profile };
}

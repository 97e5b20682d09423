// What a registry lists in a publisher's name, judged by the publisher's own list of keys and workflows. A registry, or whoever took
// it over, can list a key that its publisher never had; the publisher alone can notice.

import type { Identity, PublisherWatch } from '@plugmark/client';
import { Index, type Publisher, parseJson, type WatchResult } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import type { RegistryAddress } from './open-source.ts';
import { readView } from './registry-file.ts';

type Watched = WatchResult['releases'][number];

export async function watchPublisher(
  { client, address }: { readonly client: PublisherWatch; readonly address: RegistryAddress },
  { publisher, identities }: { readonly publisher: string; readonly identities: Publisher['identities'] | undefined },
): Promise<WatchResult> {
  const view = await readView(address, 'v1/index.json');
  if (view === undefined) throw new CliError('TREE_MISSING', 'the registry serves no v1/index.json');
  const plugins = parseJson(Index, view, 'v1/index.json').plugins.filter(({ plugin }) =>
    plugin.startsWith(`${publisher}/`),
  );
  const releases: Watched[] = [];
  for (const { plugin } of plugins) {
    const { releases: listed, publisher: claimed } = await client.document(plugin);
    for (const { release } of listed)
      releases.push(
        await watchRelease(client, {
          plugin,
          version: release.value.version,
          identities: identities ?? claimed.identities,
        }),
      );
  }
  return {
    publisher,
    own: identities !== undefined,
    alarmed: releases.some(({ state }) => state !== 'verified'),
    releases,
  };
}

async function watchRelease(
  client: PublisherWatch,
  { plugin, version, identities }: { plugin: string; version: string; identities: readonly Identity[] },
): Promise<Watched> {
  const { state, signer, refusal } = await client.signatureOf(plugin, version, identities);
  return {
    plugin,
    version,
    state,
    ...(signer === undefined ? {} : { signer: signer.signer }),
    ...(refusal === undefined ? {} : { code: refusal.code }),
  };
}

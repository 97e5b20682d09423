import type { Index, Registry, TufMetadata } from '@plugmark/schemas';
import { sayInstant, sayMany } from './say-numbers.ts';

type Role = TufMetadata['signed'];

export interface RegistryStateRow {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

/** What the registry's own signatures say about its state, as far as a page that does not move can say it. */
export function registryState(
  index: Index,
  roles: { readonly timestamp: Role; readonly snapshot: Role; readonly root: Role },
  registry: Registry,
): readonly RegistryStateRow[] {
  const publishers = new Set(index.plugins.map(({ plugin }) => plugin.slice(0, plugin.indexOf('/'))));
  const { timestampRefreshHours } = registry.expiries;
  return [
    { name: 'Holds', value: `${sayMany(index.plugins.length, 'plugin')} of ${sayMany(publishers.size, 'publisher')}` },
    { name: 'As of', value: sayInstant(index.generatedAt) },
    {
      name: 'Metadata',
      value: `timestamp ${roles.timestamp.version}, snapshot ${roles.snapshot.version}, root ${roles.root.version}`,
    },
    {
      name: 'Signed until',
      value: sayInstant(roles.timestamp.expires),
      note: `After that a client takes nothing new from it until it is signed again, which is meant to happen every ${timestampRefreshHours} hours.`,
    },
    { name: 'Root until', value: sayInstant(roles.root.expires) },
  ];
}

// The reference of permissions: each class, and what each host makes of it. From the host profiles alone. Pure.

import { CAPABILITY_CLASSES, type CapabilityClass, type HostProfile, type Risk } from '@plugmark/schemas';
import { GRANT_WORDS } from './grant-words.ts';
import { ALWAYS_PROMINENT, isProminent } from './permission-rows.ts';

export interface PermissionClass {
  readonly id: CapabilityClass;
  readonly title: string;
  readonly says: string;
  /** Always in a red box, whatever a host's rating. */
  readonly reachesOut: boolean;
  readonly hosts: readonly {
    readonly host: string;
    readonly title: string;
    readonly capability: string;
    readonly words: string;
    readonly can: string;
    readonly risk: Risk;
    readonly grant: string;
    readonly prominent: boolean;
    readonly imports: readonly string[];
  }[];
  /** Hosts that hand out nothing of it. */
  readonly without: readonly string[];
}

export function permissionClasses(hosts: readonly HostProfile[]): readonly PermissionClass[] {
  return (Object.keys(CAPABILITY_CLASSES) as CapabilityClass[]).map((id) => {
    const { title, sentence } = CAPABILITY_CLASSES[id];
    return {
      id,
      title,
      says: sentence,
      reachesOut: ALWAYS_PROMINENT.has(id),
      hosts: hosts.flatMap((host) => capabilitiesOf(host, id)),
      without: hosts
        .filter(({ capabilities }) => !capabilities.some((capability) => capability.class === id))
        .map((host) => host.title),
    };
  });
}

function capabilitiesOf(host: HostProfile, id: CapabilityClass): PermissionClass['hosts'] {
  return host.capabilities
    .filter((capability) => capability.class === id)
    .map((capability) => ({
      host: host.host,
      title: host.title,
      capability: capability.id,
      words: capability.title,
      can: capability.can,
      risk: capability.risk,
      grant: GRANT_WORDS[capability.grant],
      prominent: isProminent(capability),
      imports: importsOf(host, capability.id),
    }));
}

const MAX_IMPORTS = 12;

/** What a plugin imports when it uses this, as it stands in the binary. */
function importsOf({ imports, componentImports }: HostProfile, capability: string): readonly string[] {
  const core = imports.flatMap(({ module, name, meaning }) =>
    meaning.as === 'capability' && meaning.capability === capability ? [`${module}.${name}`] : [],
  );
  const components = componentImports.flatMap(({ interface: name, meaning }) =>
    meaning.as === 'capability' && meaning.capability === capability ? [name] : [],
  );
  const all = [...new Set([...core, ...components])].sort();
  return all.length > MAX_IMPORTS ? [...all.slice(0, MAX_IMPORTS), `and ${all.length - MAX_IMPORTS} more`] : all;
}

// Which version of a plugin each version of a host takes, and how hosts compare. The rule is the client's: the highest version that
// is neither a prerelease nor withdrawn, and whose range admits the host's API. Pure.

import { compareVersions, satisfies } from '@plugmark/client';
import {
  CAPABILITY_CLASSES,
  type CapabilityClass,
  type DocumentRelease,
  type HostProfile,
  type PackageDocument,
} from '@plugmark/schemas';
import { sayBytes, sayCount, sayMilliseconds } from './say-numbers.ts';

export interface CompatibilityRow {
  readonly plugin: string;
  readonly title: string;
  /** One for each version of the host's API: the release it takes, or why it takes none. */
  readonly cells: readonly ({ readonly version: string } | { readonly none: string })[];
}

export interface HostComparison {
  readonly hosts: readonly { readonly id: string; readonly title: string }[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly string[] }[];
}

/** A document that does not name the host is left out. */
export function compatibilityRows(
  { host, apiVersions }: HostProfile,
  documents: readonly PackageDocument[],
): readonly CompatibilityRow[] {
  return documents.flatMap((document) => {
    const releases = document.releases
      .filter(({ release }) => release.targets.some((target) => target.host === host))
      .sort((a, b) => compareVersions(b.release.version, a.release.version));
    if (releases.length === 0) return [];
    const cells = apiVersions.map((api) => cellOf(releases, host, api));
    return [{ plugin: document.plugin, title: document.listing.title, cells }];
  });
}

const INSTALLABLE: ReadonlySet<string> = new Set(['active', 'deprecated']);

function cellOf(releases: readonly DocumentRelease[], host: string, api: string): CompatibilityRow['cells'][number] {
  const fitting = releases.filter(({ release }) => satisfies(api, rangeFor(release, host)));
  const [newest] = fitting;
  if (newest === undefined) return { none: `needs ${rangeFor((releases[0] as DocumentRelease).release, host)}` };
  const standing = fitting.filter(({ status }) => INSTALLABLE.has(status.state));
  if (standing.length === 0) return { none: newest.status.state };
  const taken = standing.find(({ release }) => satisfies(release.version, '*'));
  return taken === undefined ? { none: 'prerelease only' } : { version: taken.release.version };
}

const rangeFor = ({ targets }: DocumentRelease['release'], host: string): string =>
  targets.find((target) => target.host === host)?.api ?? '*';

const ARTIFACTS = { core: 'core modules', component: 'components', process: 'processes' } as const;
const GRANTS = { auto: 'without asking', ask: 'asks', explicit: 'asks, with a warning' } as const;
const STRICTNESS = Object.keys(GRANTS) as (keyof typeof GRANTS)[];

const FACTS: readonly (readonly [string, (host: HostProfile) => string])[] = [
  ['Runs', ({ artifact }) => ARTIFACTS[artifact]],
  ['Plugin API', ({ apiVersions }) => apiVersions.join(', ')],
  ['Memory', ({ limits }) => sayBytes(limits.memoryBytes)],
  ['Instructions for a call', ({ limits }) => (limits.fuel === undefined ? 'no budget' : sayCount(limits.fuel))],
  ['Time for a call', ({ limits }) => sayMilliseconds(limits.callMilliseconds)],
  ['File', ({ limits }) => sayBytes(limits.artifactBytes)],
];

/** What each host hands out, class by class, and its limits. */
export function compareHosts(hosts: readonly HostProfile[]): HostComparison {
  const classes = (Object.keys(CAPABILITY_CLASSES) as CapabilityClass[]).map((id) => ({
    name: CAPABILITY_CLASSES[id].title,
    cells: hosts.map((host) => handingOut(host, id)),
  }));
  return {
    hosts: hosts.map(({ host, title }) => ({ id: host, title })),
    rows: [...classes, ...FACTS.map(([name, say]) => ({ name, cells: hosts.map(say) }))],
  };
}

/** The strictest way in which a host hands out something of the class: a person must not be surprised by the others. */
function handingOut({ artifact, capabilities }: HostProfile, id: CapabilityClass): string {
  if (artifact === 'process') return 'cannot be bounded';
  const grants = capabilities.filter((capability) => capability.class === id).map(({ grant }) => grant);
  const strictest = STRICTNESS.filter((grant) => grants.includes(grant)).at(-1);
  return strictest === undefined ? 'no' : GRANTS[strictest];
}

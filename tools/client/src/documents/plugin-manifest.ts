// What an author writes, read from a repository or a folder. Nobody signed it, so it says what a plugin asks for and how it calls
// itself, and nothing else. Here it has our field names already; a host's own are replaced before.
import { array, type Decoder, object, oneOf, optional } from '../decode.ts';
import { categories, keywords, links } from './package-document.ts';
import {
  type CapabilityParams,
  capabilityParams,
  citation,
  type DeclaredCapability,
  dependencies,
  limits,
  source,
  target,
} from './release.ts';
import { capabilityId, hostId, license, line, lines, pluginId, range, relativePath, version } from './words.ts';

interface AskedCapability {
  readonly id: string;
  readonly params?: CapabilityParams | undefined;
  readonly reason?: string | undefined;
}

export interface PluginManifest {
  readonly plugin: string;
  readonly version: string;
  readonly license: string;
  readonly title?: string | undefined;
  readonly summary?: string | undefined;
  /** The built file, relative to the manifest. */
  readonly artifact: string;
  readonly host?: string | undefined;
  readonly api?: string | undefined;
  readonly targets?: readonly { readonly host: string; readonly api: string }[] | undefined;
  readonly capabilities?: readonly (string | AskedCapability)[] | undefined;
  readonly dependencies?: ReadonlyMap<string, string> | undefined;
}

const asked = object({ id: capabilityId, params: optional(capabilityParams), reason: optional(line(300)) });
const capability: Decoder<string | AskedCapability> = (value, at) =>
  typeof value === 'string' ? capabilityId(value, at) : asked(value, at);

export const pluginManifest: Decoder<PluginManifest> = object({
  schemaVersion: optional(oneOf(1)),
  plugin: pluginId,
  version,
  license,
  title: optional(line(80)),
  summary: optional(line(200)),
  description: optional(lines(4000)),
  categories: optional(categories),
  keywords: optional(keywords),
  links: optional(links),
  artifact: relativePath,
  host: optional(hostId),
  api: optional(range),
  targets: optional(array(target)),
  capabilities: optional(array(capability)),
  dependencies: optional(dependencies),
  limits: optional(limits),
  readme: optional(relativePath),
  vectors: optional(array(relativePath)),
  source: optional(source),
  citation: optional(citation),
  notes: optional(lines(4000)),
});

const NO_REASON = 'the author gives no reason';

/** As releases list them. */
export function declaredBy({ capabilities = [] }: PluginManifest): readonly DeclaredCapability[] {
  return capabilities.map((item) =>
    typeof item === 'string'
      ? { id: item, reason: NO_REASON }
      : { id: item.id, ...(item.params && { params: item.params }), reason: item.reason ?? NO_REASON },
  );
}

/** The host's field names replaced by ours; a field of ours keeps its name, and the host is known from the file. */
export function withOurNames(value: unknown, host: string, fields: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return {
    host,
    ...Object.fromEntries(Object.entries(value).map(([key, member]) => [fields.get(key) ?? key, member])),
  };
}

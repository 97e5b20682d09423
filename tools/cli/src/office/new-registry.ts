// The data of a new registry, made from that of the one it was forked from. Pure. What names people, places or keys of the other
// registry is not carried over: whoever runs the new one has to mean each of them.

import { type FileTree, jsonFile, type RegistrySource } from '@plugmark/publish';
import { type GitHubAccount, type Policy, Publisher, parseJson, type Registry, type Upstream } from '@plugmark/schemas';

export interface Wishes {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly contact: string;
  /** Its address on GitHub. */
  readonly repository: string | undefined;
  readonly maintainers: readonly GitHubAccount[];
  /** Whether publishers, plugins and advisories stay. */
  readonly keep: boolean;
  /** The other registry, and the root it is trusted by. */
  readonly upstream: { readonly listed: Upstream; readonly root: Uint8Array } | undefined;
}

/** Below trust/, what is neither a key of the other registry nor signed by one. */
const NEUTRAL_TRUST: ReadonlySet<string> = new Set([
  'trust/README.md',
  // Sigstore's, not the registry's.
  'trust/trusted_root.json',
  'trust/signing_config.json',
]);
const GIVEN = /^(?:publishers|plugins|advisories|approvals)\//;

/** Everything below registry/ but the new trust. */
export function newRegistry(files: FileTree, source: RegistrySource, wishes: Wishes): FileTree {
  const made: FileTree = new Map();
  for (const [path, bytes] of files) {
    const isCarried = path.startsWith('trust/') ? NEUTRAL_TRUST.has(path) : !GIVEN.test(path) || wishes.keep;
    // Another office verified them.
    if (isCarried) made.set(path, /^publishers\/[^/]+\.json$/.test(path) ? unverified(path, bytes) : bytes);
  }
  made.set('registry.json', laidOut(registryOf(source.registry, wishes)));
  made.set('policy.json', laidOut(policyOf(source.policy, wishes)));
  const { upstream } = wishes;
  if (upstream !== undefined) made.set(`upstreams/${upstream.listed.id}.root.json`, upstream.root);
  return made;
}

/** For people, who edit these two. */
const laidOut = (value: object): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);

function unverified(path: string, bytes: Uint8Array): Uint8Array {
  const { verified, ...rest } = parseJson(Publisher, bytes, path);
  return verified === undefined ? bytes : jsonFile(rest);
}

function registryOf(
  { expiries, blobBudgetBytes, upstreams }: Registry,
  { id, title, url, contact, repository, upstream }: Wishes,
): Registry {
  return {
    schemaVersion: 1,
    id,
    title,
    url,
    contact,
    ...(repository === undefined ? {} : { repository }),
    upstreams:
      upstream === undefined
        ? upstreams
        : [...upstreams.filter((one) => one.id !== upstream.listed.id), upstream.listed],
    mirrors: [],
    expiries,
    blobBudgetBytes,
    // A workflow of the other registry must not co-sign for this one.
    cosign: { mode: 'key' },
  };
}

function policyOf(policy: Policy, { id, maintainers }: Wishes): Policy {
  const { merge } = policy;
  if (merge === undefined) return { ...policy, revision: 1 };
  const { watcher: _, ...rest } = merge;
  // Every leaf has its reason, and a leaf that is gone has none.
  const { 'merge.watcher': _reason, ...reasons } = policy.reasons;
  return { ...policy, revision: 1, merge: { ...rest, maintainers: [...maintainers], auditSeed: id }, reasons };
}

// What a plugin's part of the ledger and the tree is a function of, as one digest. While it is the same, a build takes over what the
// last one made; so whatever a build of a plugin reads must be in it.

import { ANALYSER_VERSION } from '@plugmark/analysis';
import type { Advisory, VerifiedPublishers } from '@plugmark/schemas';
import type { Rules } from './admit.ts';
import { sha256 } from './digest.ts';
import { jsonFile } from './file-tree.ts';
import { publisherIdOf, type RegistrySource, type SourceIds } from './registry-source.ts';
import { policyBytes } from './trusted-documents.ts';
import type { OfflineMetadata } from './tuf/offline.ts';

/** Raised when a build makes something else of the same inputs: documents, entries, records, marks. */
const BUILD_VERSION = 1;

export interface KeyInput {
  readonly source: Pick<RegistrySource, 'hosts' | 'advisories'>;
  readonly offline: OfflineMetadata;
  readonly rules: Rules;
  readonly verified: VerifiedPublishers;
}

export interface InputsKeys {
  /** Of all that is not a plugin's or a publisher's own. */
  readonly shared: string;
  /** The key of a plugin; undefined for one that is not among the ids. */
  readonly of: (plugin: string, ids: SourceIds) => string | undefined;
}

export function inputsKeys({ source, offline, rules, verified }: KeyInput): InputsKeys {
  const shared = sharedDigest(source, offline, rules);
  const advisories = advisoriesByPlugin(source.advisories.values());
  const marks = new Map(Object.entries(verified.publishers).map(([id, entry]) => [id, sha256(jsonFile(entry))]));
  const single = [...marks, ...advisories].map(([name, digests]) => [name, digests].join(' ')).sort();
  return {
    shared: lines([shared, ...single]),
    of: (plugin, { plugins, publishers }) => {
      const folder = plugins.get(plugin);
      if (folder === undefined) return undefined;
      const publisher = publisherIdOf(plugin);
      return lines([
        shared,
        folder,
        publishers.get(publisher),
        marks.get(publisher),
        ...(advisories.get(plugin) ?? []),
      ]);
    },
  };
}

const lines = (parts: readonly (string | undefined)[]): string =>
  sha256(new TextEncoder().encode(parts.map((part) => part ?? '-').join('\n')));

/** Rules, profiles, and whose marks count: the same for every plugin. */
function sharedDigest({ hosts }: Pick<RegistrySource, 'hosts'>, offline: OfflineMetadata, rules: Rules): string {
  const { registry, trustedRootSha256 } = rules;
  const signed = [...offline.files].filter(([path]) => path.startsWith('hosts/') || path === 'cosign-keys.json');
  return sha256(
    jsonFile({
      build: BUILD_VERSION,
      analyser: ANALYSER_VERSION,
      registry,
      policy: sha256(policyBytes(offline)),
      trustedRoot: trustedRootSha256 ?? null,
      signed: signed.map(([path, bytes]) => [path, sha256(bytes)]).sort(),
      // The working folder's own profiles give the plain views their capability classes.
      hosts: [...hosts].map(([host, profile]) => [host, sha256(jsonFile(profile))]).sort(),
    }),
  );
}

function advisoriesByPlugin(advisories: Iterable<Advisory>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const advisory of advisories) {
    const digest = sha256(jsonFile(advisory));
    const plugins = new Set(advisory.affected.map(({ database_specific: { plugin } }) => plugin));
    for (const plugin of plugins) found.set(plugin, [...(found.get(plugin) ?? []), digest].sort());
  }
  return found;
}

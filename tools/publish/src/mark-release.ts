// The registry's marks on an admitted release: its bundle and reports are filed, and where the policy passed for a verified publisher
// it is co-signed. An earlier co-signature over the same inputs, by a key that still counts, is kept.

import { ClientError, type KeylessVerifier, verifyCosignature } from '@plugmark/client';
import { parseBundle } from '@plugmark/client/trust';
import type { LedgerEntry, VerifiedPublishers } from '@plugmark/schemas';
import type { Admission } from './admit.ts';
import { coSign, reachedLevels } from './cosign.ts';
import { sha256 } from './digest.ts';
import { instant } from './instant.ts';
import type { Ledger } from './ledger.ts';
import { tierOf } from './plain-documents.ts';
import type { ReleaseSource } from './registry-source.ts';
import type { StatementSigner } from './statement-bundle.ts';
import { type Cosigners, policyBytes } from './trusted-documents.ts';
import type { OfflineMetadata } from './tuf/offline.ts';

export interface MarkInput {
  readonly source: ReleaseSource & { readonly bundle: Uint8Array };
  readonly entry: LedgerEntry | undefined;
  readonly admission: Admission;
  readonly registry: string;
  readonly offline: OfflineMetadata;
  readonly verified: VerifiedPublishers;
  readonly cosigners: Cosigners;
  readonly keyless: KeylessVerifier | undefined;
  readonly ledger: Ledger;
  readonly cosigner: StatementSigner;
  readonly now: Date;
  /** Files an attestation and names it. */
  readonly stored: (file: Uint8Array) => { sha256: string; size: number };
}

export async function markRelease(
  input: MarkInput,
): Promise<Pick<LedgerEntry, 'publisher' | 'analyses' | 'runs' | 'levels' | 'registry' | 'upstream'>> {
  const { source, entry, admission, offline, stored } = input;
  const publisher = stored(source.bundle);
  const upstream = source.mirror?.cosignature && stored(source.mirror.cosignature);
  const analyses = admission.reports.map(({ bytes }) => stored(bytes));
  const runs = admission.runs.flatMap((of) => of.runs.map((run) => ({ host: of.host, ...stored(run.bytes) })));
  const refs = runs.map(({ host: _, ...ref }) => ref);
  const tier = tierOf(source.release, input.verified);
  const levels =
    tier === 'community' || admission.verdict !== 'pass'
      ? []
      : reachedLevels(
          admission.reports.map(({ report }) => report),
          admission.runs,
        );
  const filed = { publisher, analyses, runs: refs, levels, ...(upstream === undefined ? {} : { upstream }) };
  if (levels.length === 0) return filed;
  const kept = entry?.inputsSha256 === admission.inputsSha256 ? entry.registry : undefined;
  if (kept !== undefined && (await stillCounts(kept.sha256, input))) return { ...filed, registry: kept };
  const reports = analyses.map((report, i) => ({ uri: `analysis-${source.release.targets[i]?.host}.json`, ...report }));
  const ran = runs.map(({ host, ...run }, i) => ({ uri: `run-${host}-${i + 1}.json`, ...run }));
  const bundle = await coSign(
    {
      registry: input.registry,
      release: source.release,
      policySha256: sha256(policyBytes(offline)),
      levels,
      inputs: [
        { uri: 'publisher.sigstore.json', ...publisher },
        ...(upstream === undefined ? [] : [{ uri: 'upstream.sigstore.json', ...upstream }]),
        ...reports,
        ...ran,
      ],
      timeVerified: instant(input.now),
    },
    input.cosigner,
  );
  return { ...filed, registry: stored(bundle) };
}

/**
 * By a key that is listed; through a certificate, when a client would accept it today: a workflow that was renamed signs again, instead
 * of leaving marks that no list knows.
 */
async function stillCounts(
  digest: string,
  { ledger, cosigners, source, registry, keyless }: MarkInput,
): Promise<boolean> {
  const bundle = ledger.attestations.get(digest);
  if (bundle === undefined) return false;
  const { hint } = parseBundle(bundle);
  if (hint !== undefined) return cosigners.keys.has(hint);
  const { plugin, version, artifact } = source.release;
  const claim = { registry, plugin, version, sha256: artifact.sha256, inputs: [] };
  return verifyCosignature(bundle, claim, cosigners.listed, keyless).then(
    () => true,
    (error: unknown) => (error instanceof ClientError ? false : Promise.reject(error)),
  );
}

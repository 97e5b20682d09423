// What the ledger has of runs already. Runs cost more than everything else of a publication, and a registry of ten thousand plugins
// publishes one release at a time: only what another run could add to is run.

import { completeWrite, type Ledger, type ReleaseSource, readFolder, readLedger, runFits } from '@plugmark/publish';
import { type HostProfile, parseJson, RunReport } from '@plugmark/schemas';
import { askedSecond } from './second-engine-of.ts';

/** As many as have to agree; a build keeps those it has rather than take as many new ones. */
const MACHINES = 2;

export interface RunNeed {
  readonly source: ReleaseSource;
  readonly profile: HostProfile;
  /** There is a second engine here, which may see more. */
  readonly hasSecond: boolean;
}

/** A folder that is not there is a ledger that nothing was published from yet. */
export async function readLedgerFolder(folder: string, registry: string): Promise<Ledger> {
  await completeWrite(folder);
  return readLedger(await readFolder(folder), registry);
}

export function ledgerHasRuns(ledger: Ledger, { source, profile, hasSecond }: RunNeed): boolean {
  const { plugin, version } = source.release;
  const refs = ledger.entries.get(`${plugin}@${version}`)?.runs ?? [];
  const reports = refs.flatMap(({ sha256 }) => {
    const bytes = ledger.attestations.get(sha256);
    return bytes === undefined ? [] : [parseJson(RunReport, bytes, `attestations/${sha256}.json`)];
  });
  const fitting = reports.filter((report) => report.host.id === profile.host && runFits(report, source, profile));
  return fitting.length >= MACHINES && (!hasSecond || fitting.some(askedSecond));
}

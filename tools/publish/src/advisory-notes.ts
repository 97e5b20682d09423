// Which releases of a plugin an advisory is about, evaluated here once, so that no client needs OSV's ranges. Pure.

import { compareVersions } from '@plugmark/client';
import type { Advisory, AdvisoryNote, Release } from '@plugmark/schemas';

type Range = Advisory['affected'][number]['ranges'][number];

/** Advisories about these releases, withdrawn ones left out, newest first. */
export function advisoryNotes(
  plugin: string,
  releases: readonly Release[],
  advisories: Iterable<Advisory>,
): AdvisoryNote[] {
  const notes = [...advisories].flatMap((advisory): AdvisoryNote[] => {
    if (advisory.withdrawn !== undefined) return [];
    const versions = releases.filter((release) => isAffected(plugin, release, advisory)).map(({ version }) => version);
    if (versions.length === 0) return [];
    const { id, summary, modified, references } = advisory;
    const url = references.find(({ type }) => type === 'ADVISORY')?.url ?? references[0]?.url;
    return [{ id, summary, modified, versions, ...(url === undefined ? {} : { url }) }];
  });
  return notes.sort((a, b) => (a.modified === b.modified ? (a.id < b.id ? -1 : 1) : a.modified < b.modified ? 1 : -1));
}

function isAffected(plugin: string, { version, artifact }: Release, { affected }: Advisory): boolean {
  return affected.some(
    ({ ranges, versions, database_specific: about }) =>
      about.plugin === plugin &&
      (versions.includes(version) ||
        about.sha256.includes(artifact.sha256) ||
        ranges.some((range) => isInRange(version, range))),
  );
}

/** OSV 1.7, evaluation: events in order of version; the last one that applies decides. */
function isInRange(version: string, { events }: Range): boolean {
  const steps = events.map((event) => {
    if ('introduced' in event) return { at: event.introduced, affects: true, after: false };
    if ('fixed' in event) return { at: event.fixed, affects: false, after: false };
    return { at: event.last_affected, affects: false, after: true };
  });
  const order = (a: string, b: string): number =>
    a === '0' ? (b === '0' ? 0 : -1) : b === '0' ? 1 : compareVersions(a, b);
  steps.sort((a, b) => order(a.at, b.at) || Number(a.after) - Number(b.after));
  let isIn = false;
  for (const { at, affects, after } of steps) {
    const side = order(version, at);
    if (after ? side > 0 : side >= 0) isIn = affects;
  }
  return isIn;
}

import type { Finding } from '@plugmark/schemas';
import { type Check, findingsOf, type RawFinding, UNREADABLE } from '../check.ts';
import type { RuleName } from '../rules.ts';
import type { DataScan } from '../scan/scan-data.ts';

/** Texts in the data segments. */
export const strings: Check = ({ module }) => {
  if (!('facts' in module)) return UNREADABLE;
  return findingsOf(seenBy(module.data, (ruleId) => ruleId.startsWith('strings.')));
};

/** Files and dense data inside the data segments. */
export const embedded: Check = ({ module }) => {
  if (!('facts' in module)) return UNREADABLE;
  const findings = seenBy(module.data, (ruleId) => ruleId.startsWith('embedded.'));
  const { dense } = module.data;
  if (dense !== undefined)
    findings.push({ ruleId: 'embedded.dense', facts: { windows: dense.windows }, location: inData(dense) });
  return findingsOf(findings);
};

function seenBy({ seen }: DataScan, wanted: (ruleId: RuleName) => boolean): RawFinding[] {
  return [...seen]
    .filter(([ruleId]) => wanted(ruleId))
    .map(([ruleId, { found, count, ...place }]) => ({
      ruleId,
      facts: { found: [...found], count },
      location: { ...inData(place), length: place.length },
    }));
}

function inData({
  offset,
  module,
}: {
  readonly offset: number;
  readonly module?: number;
}): NonNullable<Finding['location']> {
  return { offset, section: 'data', ...(module === undefined ? {} : { module }) };
}

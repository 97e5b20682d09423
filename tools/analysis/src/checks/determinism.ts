import { type Check, findingsOf, NO_PROFILE, UNREADABLE } from '../check.ts';
import { codeDeterminism, hostDeterminism } from '../determinism.ts';

/** The engine of the host has what the file uses. */
export const hostFeatures: Check = ({ module, profile }) => {
  if (!('facts' in module)) return UNREADABLE;
  if (profile === undefined) return NO_PROFILE;
  const lacking = module.features.filter(({ feature }) => profile.unsupportedFeatures.includes(feature));
  return findingsOf(
    lacking.map(({ feature, offset }) => ({
      ruleId: 'wasm.feature-unsupported',
      facts: { feature, host: profile.title },
      location: { offset },
    })),
  );
};

/** Nothing in the code makes answers differ. */
export const sameAnswersCode: Check = ({ module }) =>
  'facts' in module ? findingsOf(codeDeterminism(module)) : UNREADABLE;

/** Nothing the host gives makes answers differ. */
export const sameAnswersHost: Check = ({ module, profile, map }) => {
  if (!('facts' in module)) return UNREADABLE;
  if (profile === undefined || map === undefined) return NO_PROFILE;
  return findingsOf(hostDeterminism(module, profile, map));
};

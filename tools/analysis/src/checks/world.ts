import { type Check, findingsOf, NO_PROFILE, UNREADABLE } from '../check.ts';
import { satisfiesWorld } from '../world.ts';

/** The component fits the world of its host: what it imports has the host's types, what the host calls is exported. */
export const hostWorld: Check = ({ module, profile, satisfies }) => {
  if (!('facts' in module)) return UNREADABLE;
  if (profile === undefined) return NO_PROFILE;
  if (profile.world === undefined) return { outcome: 'notApplicable', reason: `${profile.title} names no world` };
  const { facts } = module;
  if (facts.kind !== 'component') return { outcome: 'notApplicable', reason: 'only a component has a world' };
  if (facts.world === undefined) {
    const { problem = 'type', name = '' } = facts.worldProblem ?? {};
    return {
      outcome: 'inconclusive',
      reason: `the types cannot be compared: ${name} is or holds what WIT has no words for (${problem})`,
    };
  }
  return findingsOf(satisfiesWorld(facts.world, profile.world.decoded, satisfies));
};

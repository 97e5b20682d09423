import { error, grouped, info, type Rule, review } from './rule.ts';

/** What running the vectors showed. */
export const RUN_RULES = {
  'vector.output': error('integrity', {
    needs: 'runs',
    title: 'A vector does not give what the release promises',
    why: 'Vectors are how anybody can see that the plugin computes what it says; a wrong one means other bytes, another host or a wrong promise.',
    fix: 'Run plugmark run on the vector, correct the plugin or record the vector again with plugmark vectors record.',
    say: (f) => `${f['vector']}, call ${f['call']} (${f['entry']}): ${f['problem']}`,
  }),
  'vector.nothing-expected': info('quality', {
    needs: 'runs',
    title: 'A vector promises no output',
    why: 'It is run and compared with itself, but nobody can see whether the result is right.',
    fix: 'Record it with plugmark vectors record, and read what was recorded.',
    say: (f) => `${f['vector']} has no expect`,
  }),
  'vector.fuel': review('integrity', {
    needs: 'runs',
    title: 'A vector uses other fuel than was recorded',
    why: 'Fuel is the same on every machine for the same bytes; a difference means that it was recorded with other bytes or under another schedule.',
    fix: 'Record the vector again with plugmark vectors record.',
    say: (f) =>
      `${f['vector']}, call ${f['call']}: ${grouped(f['actual'])} units, recorded were ${grouped(f['recorded'])}`,
  }),
  'run.over-budget': error('resource-limit', {
    needs: 'runs',
    title: 'A vector is stopped by the host’s limits',
    why: 'The host would stop the plugin at the same point for every user.',
    fix: 'Make the plugin do less for this input, or promise this ending in the vector.',
    say: (f) => `${f['vector']} ended with ${f['ending']}`,
  }),
  'run.trapped': review('quality', {
    needs: 'runs',
    title: 'A vector traps without promising it',
    why: 'A trap ends the call and may leave the plugin in a state it did not mean to be in.',
    fix: 'Return an error for input that cannot be used, or promise the trap in the vector.',
    say: (f) => `${f['vector']} ended with ${f['ending']}`,
  }),
  'run.over-declared': review('resource-limit', {
    needs: 'runs',
    title: 'A vector uses more fuel than the release allows itself',
    why: 'The host takes the release’s own limit when it is the lower one, and would stop the call.',
    fix: 'Raise limits.fuel in the manifest, or make the plugin do less.',
    say: (f) =>
      `${f['vector']} uses ${grouped(f['actual'])} units; the release limits a call to ${grouped(f['expected'])}`,
  }),
  'run.not-linked': error('abi-compatibility', {
    needs: 'runs',
    title: 'The plugin could not be started',
    why: 'An import was missing or had another type when the host linked it.',
    fix: 'Build for the host’s profile; plugmark check names the imports.',
    say: (f) => `${f['vector']} ended with ${f['ending']}${f['detail'] === undefined ? '' : `: ${f['detail']}`}`,
  }),
  'run.not-finished': review('resource-limit', {
    needs: 'runs',
    title: 'A vector did not come to an end',
    why: 'Wall-clock time and crashes depend on the machine, so nothing can be concluded; a person looks.',
    fix: 'Make the vector smaller, or find out why it takes so long.',
    say: (f) => `${f['vector']} ended with ${f['ending']}${f['detail'] === undefined ? '' : `: ${f['detail']}`}`,
  }),
  'determinism.varies': info('determinism', {
    needs: 'runs',
    title: 'Results change with the time or random numbers that were granted',
    why: 'That is what these capabilities are for; a result cannot be reproduced without the same seed and time.',
    fix: 'Nothing, if it is meant.',
    say: (f) => `${f['vector']}: ${f['difference']}`,
  }),
  'determinism.unexplained': review('determinism', {
    needs: 'runs',
    title: 'The same input gave different results',
    why: 'Nothing that was granted explains it; NaN bits, relaxed SIMD, stack depth or behaviour that was meant to be hidden can.',
    fix: 'Look at the first difference; plugmark run --configuration shows each result.',
    say: (f) => `${f['vector']}: ${f['difference']}`,
  }),
} as const satisfies Record<string, Rule>;

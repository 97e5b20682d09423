// In which ways an engine runs a plugin. Two compilers of one engine differ in NaN bits and stack depth, so a figure counts as the
// plugin's own only when they agree.

export interface Configuration {
  /** As it stands in reports. */
  readonly title: string;
  /** Flags of the engine, set by the child before it reads the plugin. */
  readonly flags: readonly string[];
  /** Number of the world outside: another seed and another time where a host grants real ones. */
  readonly world: 0 | 1;
}

export const CONFIGURATIONS = {
  liftoff: { title: 'Liftoff', flags: ['--liftoff-only'], world: 0 },
  'liftoff-other-world': { title: 'Liftoff, other seed and time', flags: ['--liftoff-only'], world: 1 },
  turbofan: { title: 'TurboFan', flags: ['--no-liftoff'], world: 0 },
  default: { title: 'tiering as Node has it', flags: [], world: 0 },
} as const satisfies Record<string, Configuration>;

export type ConfigurationId = keyof typeof CONFIGURATIONS;

/** What the word `observed` rests on: both compilers, and one of them twice. */
export const DETERMINISM_CONFIGURATIONS: readonly ConfigurationId[] = ['liftoff', 'liftoff-other-world', 'turbofan'];

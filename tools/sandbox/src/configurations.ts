// In which ways an engine runs a plugin. Two compilers of one engine differ in NaN bits and stack depth, so a figure counts as the
// plugin's own only when they agree.

export interface Configuration {
  /** JavaScriptCore runs in the Bun that the caller names, and only what may run there: see second-engine.ts. */
  readonly engine: 'V8' | 'JavaScriptCore';
  /** As it stands in reports. */
  readonly title: string;
  /** Flags of the engine, set by the child before it reads the plugin. */
  readonly flags: readonly string[];
  /** Number of the world outside: another seed and another time where a host grants real ones. */
  readonly world: 0 | 1;
}

export const CONFIGURATIONS = {
  liftoff: { engine: 'V8', title: 'Liftoff', flags: ['--liftoff-only'], world: 0 },
  'liftoff-other-world': {
    engine: 'V8',
    title: 'Liftoff, other seed and time',
    flags: ['--liftoff-only'],
    world: 1,
  },
  turbofan: { engine: 'V8', title: 'TurboFan', flags: ['--no-liftoff'], world: 0 },
  default: { engine: 'V8', title: 'tiering as Node has it', flags: [], world: 0 },
  bun: { engine: 'JavaScriptCore', title: 'tiering as Bun has it', flags: [], world: 0 },
} as const satisfies Record<string, Configuration>;

export type ConfigurationId = keyof typeof CONFIGURATIONS;

/** What the word `observed` rests on: both compilers, and one of them twice. Where a second engine is there, it is asked as well. */
export const DETERMINISM_CONFIGURATIONS: readonly ConfigurationId[] = ['liftoff', 'liftoff-other-world', 'turbofan'];

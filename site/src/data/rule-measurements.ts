import measured from '../content/rules/false-positives.json' with { type: 'json' };

/** Of so many files a rule fires on; or what it needs that a file alone does not have, so that it was not counted. */
export type Measurement =
  | { readonly measured: true; readonly all: number; readonly plugins: number }
  | { readonly measured: false; readonly needs: string };

/** How often rules fire on files that are presumed honest; written by test/wasm/false-positives.ts. */
export interface RuleMeasurements {
  readonly analyser: string;
  readonly files: number;
  readonly plugins: number;
  readonly bytes: number;
  readonly rules: Readonly<Record<string, Measurement>>;
}

export const RULE_MEASUREMENTS: RuleMeasurements = measured as RuleMeasurements;

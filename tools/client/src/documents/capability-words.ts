// The closed lists that capabilities are described with, each once.
import { type Decoder, oneOf } from '../decode.ts';

const RISK_LEVELS = ['low', 'medium', 'high'] as const;
/** How much harm a capability can do, as the host judges it. */
export type RiskLevel = (typeof RISK_LEVELS)[number];
/** How a host asks: at once, once, or with a warning that names the capability. */
export type Grant = 'auto' | 'ask' | 'explicit';
/** The same for every host: each capability of a host is of one class. */
export type CapabilityClass = 'network' | 'filesystem' | 'subprocess' | 'system' | 'clock' | 'random' | 'ui' | 'data';
/** Whether the same input gives the same output: shown, seen in runs, disproved, or not tried. */
export type DeterminismWord = 'by-construction' | 'observed' | 'nondeterministic' | 'untested';

export const riskLevel: Decoder<RiskLevel> = oneOf(...RISK_LEVELS);
export const grant: Decoder<Grant> = oneOf('auto', 'ask', 'explicit');
export const capabilityClass: Decoder<CapabilityClass> = oneOf(
  'network',
  'filesystem',
  'subprocess',
  'system',
  'clock',
  'random',
  'ui',
  'data',
);

// The closed lists that capabilities are described with, each once.
import { type Decoder, oneOf } from '../decode.ts';

const RISK_LEVELS = ['low', 'medium', 'high'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];
/** How a host asks: at once, once, or with a warning that names the capability. */
export type Grant = 'auto' | 'ask' | 'explicit';
export type CapabilityClass = 'network' | 'filesystem' | 'subprocess' | 'system' | 'clock' | 'random' | 'ui' | 'data';
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

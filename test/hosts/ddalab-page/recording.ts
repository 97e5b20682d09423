// What stands for the recording that the user opened: two seconds of a regular and an irregular channel.
import type { Channel } from './host-functions.ts';

const RATE = 128;
const times = Array.from({ length: 2 * RATE }, (_, i) => i / RATE);

export const RECORDING: readonly Channel[] = [
  { label: 'O1', unit: 'uV', sampleRate: RATE, samples: times.map((t) => 20 * Math.sin(2 * Math.PI * 10 * t)) },
  { label: 'Fz', unit: 'uV', sampleRate: RATE, samples: times.map((_, i) => ((i * i * 7919) % 101) - 50) },
];

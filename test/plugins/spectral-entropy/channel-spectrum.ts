// One channel, read segment by segment, so that memory does not grow with the length of a recording.

import { channelLength, readSamples } from './ddalab';
import { PowerSpectrum } from './power-spectrum';

/** Fewer samples than this have no spectrum worth the name. */
export const MIN_SEGMENT: i32 = 16;
export const MAX_SEGMENT: i32 = 65536;
export const DEFAULT_SEGMENT: i32 = 1024;

export function isSegmentLength(value: f64): bool {
  const length = <i32>value;
  return <f64>length == value && length >= MIN_SEGMENT && length <= MAX_SEGMENT && (length & (length - 1)) == 0;
}

/** The largest power of two that is not above `wanted` and fits the channel. */
export function segmentLength(wanted: i32, available: i32): i32 {
  let length = wanted;
  while (length > available) length >>= 1;
  return length;
}

/** Spectrum of a whole channel; null when it is too short; an empty one (no segments) when the host stopped giving samples. */
export function channelSpectrum(channel: i32, wanted: i32): PowerSpectrum | null {
  const available = channelLength(channel);
  const length = segmentLength(wanted, available);
  if (length < MIN_SEGMENT) return null;
  const spectrum = new PowerSpectrum(length);
  const samples = new StaticArray<f64>(length);
  for (let start = 0; start + length <= available; start += length >> 1) {
    if (!readSamples(channel, start, samples)) {
      spectrum.clear();
      return spectrum;
    }
    spectrum.add(samples);
  }
  return spectrum;
}

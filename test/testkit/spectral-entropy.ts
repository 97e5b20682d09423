// Normalised spectral entropy by the definition, independent of the plugin: a direct Fourier sum in O(n^2) with angles reduced
// exactly, no shared code. Welch's segments overlap by half; each has its mean removed and a periodic Hann window applied.

export interface SpectralEntropyOptions {
  /** Wanted segment length, a power of two; halved until it fits the signal. */
  readonly segmentSamples: number;
  /** Frequency band, both ends included; without it all bins but the one of frequency 0. */
  readonly band?: { readonly lowHz: number; readonly highHz: number; readonly sampleRate: number };
}

export interface SpectralEntropy {
  /** From 0 (one frequency) to 1 (all alike); null where it is not defined: too short, constant, nothing in the band, or fewer than two bins. */
  readonly entropy: number | null;
  readonly segmentSamples: number;
  readonly segments: number;
  readonly bins: number;
}

const SHORTEST = 16;
/** Share of energy that counts as rounding: left after removing the mean, or of a band in the whole spectrum. */
const SILENCE = 1e-20;

export function spectralEntropy(signal: readonly number[], options: SpectralEntropyOptions): SpectralEntropy {
  const length = fittingLength(signal.length, options.segmentSamples);
  if (length < SHORTEST) return { entropy: null, segmentSamples: 0, segments: 0, bins: 0 };
  const segments = segmentsOf(signal, length);
  const bins = binsOf(length, options.band);
  const energy = sum(segments.flat().map((x) => x * x));
  const centred = segments.map((segment) => withoutMean(segment));
  const variation = sum(centred.flat().map((x) => x * x));
  const counts = { segmentSamples: length, segments: segments.length, bins: bins.length };
  if (!(variation > SILENCE * energy) || bins.length < 2) return { entropy: null, ...counts };
  const powerOf = (bin: number): number => sum(centred.map((segment) => powerAt(segment, bin)));
  const powers = bins.map(powerOf);
  const whole = sum(binsOf(length, undefined).map(powerOf));
  return { entropy: sum(powers) > SILENCE * whole ? shannon(powers) : null, ...counts };
}

function fittingLength(available: number, wanted: number): number {
  return 2 ** Math.min(Math.log2(wanted), Math.floor(Math.log2(available || 1)));
}

function segmentsOf(signal: readonly number[], length: number): number[][] {
  const count = Math.floor((signal.length - length) / (length / 2)) + 1;
  return Array.from({ length: count }, (_, i) => signal.slice((i * length) / 2, (i * length) / 2 + length));
}

function binsOf(length: number, band: SpectralEntropyOptions['band']): number[] {
  const all = Array.from({ length: length / 2 }, (_, i) => i + 1);
  if (band === undefined) return all;
  const hertz = (bin: number): number => (bin * band.sampleRate) / length;
  return all.filter((bin) => hertz(bin) >= band.lowHz && hertz(bin) <= band.highHz);
}

function withoutMean(segment: readonly number[]): number[] {
  const mean = sum(segment) / segment.length;
  return segment.map((x) => x - mean);
}

/** |X_k|^2 of the windowed segment. `bin * n` is reduced modulo the length before it becomes an angle. */
function powerAt(segment: readonly number[], bin: number): number {
  const n = segment.length;
  const angle = (i: number): number => (2 * Math.PI * ((bin * i) % n)) / n;
  const windowed = segment.map((x, i) => x * Math.sin((Math.PI * i) / n) ** 2);
  const re = sum(windowed.map((x, i) => x * Math.cos(angle(i))));
  const im = sum(windowed.map((x, i) => x * Math.sin(angle(i))));
  return re * re + im * im;
}

function shannon(powers: readonly number[]): number {
  const total = sum(powers);
  const terms = powers.map((power) => power / total).map((share) => (share > 0 ? share * Math.log2(share) : 0));
  return -sum(terms) / Math.log2(powers.length);
}

/** Compensated (Neumaier), so that the reference is the more exact of the two. */
function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

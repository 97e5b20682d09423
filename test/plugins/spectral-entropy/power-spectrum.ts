// Welch's estimate of a power spectrum: segments that overlap by half, mean removed, periodic Hann window, powers summed.
// The powers are not scaled and not doubled: entropy only looks at their shares.

import { Fourier } from './fourier';

/** Share up to which energy counts as rounding, not as signal: after removing the mean, and of a band in the whole spectrum. */
const SILENCE: f64 = 1e-20;

export class PowerSpectrum {
  /** Sum of |X_k|^2 over the segments, k = 0 to length / 2. */
  readonly power: StaticArray<f64>;
  segments: i32 = 0;
  private window: StaticArray<f64>;
  private fourier: Fourier;
  private rawEnergy: f64 = 0;
  private signalEnergy: f64 = 0;

  constructor(readonly length: i32) {
    this.power = new StaticArray<f64>((length >> 1) + 1);
    this.window = new StaticArray<f64>(length);
    this.fourier = new Fourier(length);
    for (let n = 0; n < length; n++) {
      this.window[n] = 0.5 * (1 - Math.cos((2 * Math.PI * <f64>n) / <f64>length));
    }
  }

  clear(): void {
    this.power.fill(0);
    this.segments = 0;
    this.rawEnergy = 0;
    this.signalEnergy = 0;
  }

  add(samples: StaticArray<f64>): void {
    let mean: f64 = 0;
    for (let n = 0; n < this.length; n++) mean += samples[n];
    mean /= <f64>this.length;
    for (let n = 0; n < this.length; n++) {
      const centred = samples[n] - mean;
      this.rawEnergy += samples[n] * samples[n];
      this.signalEnergy += centred * centred;
      this.fourier.re[n] = centred * this.window[n];
      this.fourier.im[n] = 0;
    }
    this.fourier.transform();
    for (let k = 0; k < this.power.length; k++) {
      const re = this.fourier.re[k];
      const im = this.fourier.im[k];
      this.power[k] += re * re + im * im;
    }
    this.segments++;
  }

  /** Normalised Shannon entropy of bins `first` to `last`; NaN where it is not defined (fewer than two bins, silence there, a sample that is not a number). */
  entropy(first: i32, last: i32): f64 {
    if (last <= first || !(this.signalEnergy > SILENCE * this.rawEnergy)) return NaN;
    const total = this.sum(first, last);
    if (!(total > SILENCE * this.sum(1, this.power.length - 1)) || !isFinite(total)) return NaN;
    let sum: f64 = 0;
    for (let k = first; k <= last; k++) {
      const share = this.power[k] / total;
      if (share > 0) sum -= share * Math.log(share);
    }
    return sum / Math.log(<f64>(last - first + 1));
  }

  private sum(first: i32, last: i32): f64 {
    let total: f64 = 0;
    for (let k = first; k <= last; k++) total += this.power[k];
    return total;
  }
}

// Radix-2 decimation-in-time Fourier transform of a fixed power-of-two length, in place on two arrays.

export class Fourier {
  readonly re: StaticArray<f64>;
  readonly im: StaticArray<f64>;
  private cos: StaticArray<f64>;
  private sin: StaticArray<f64>;

  constructor(readonly length: i32) {
    this.re = new StaticArray<f64>(length);
    this.im = new StaticArray<f64>(length);
    this.cos = new StaticArray<f64>(length >> 1);
    this.sin = new StaticArray<f64>(length >> 1);
    for (let i = 0; i < length >> 1; i++) {
      const angle = (-2 * Math.PI * <f64>i) / <f64>length;
      this.cos[i] = Math.cos(angle);
      this.sin[i] = Math.sin(angle);
    }
  }

  transform(): void {
    this.reverseBits();
    for (let size = 2; size <= this.length; size <<= 1) this.combine(size);
  }

  private reverseBits(): void {
    for (let i = 1, j = 0; i < this.length; i++) {
      let bit = this.length >> 1;
      while (j & bit) {
        j ^= bit;
        bit >>= 1;
      }
      j |= bit;
      if (i < j) {
        swap(this.re, i, j);
        swap(this.im, i, j);
      }
    }
  }

  private combine(size: i32): void {
    const half = size >> 1;
    const stride = this.length / size;
    for (let start = 0; start < this.length; start += size) {
      for (let k = 0; k < half; k++) this.butterfly(start + k, start + k + half, k * stride);
    }
  }

  private butterfly(a: i32, b: i32, twiddle: i32): void {
    const re = this.re[b] * this.cos[twiddle] - this.im[b] * this.sin[twiddle];
    const im = this.re[b] * this.sin[twiddle] + this.im[b] * this.cos[twiddle];
    this.re[b] = this.re[a] - re;
    this.im[b] = this.im[a] - im;
    this.re[a] += re;
    this.im[a] += im;
  }
}

function swap(values: StaticArray<f64>, i: i32, j: i32): void {
  const kept = values[i];
  values[i] = values[j];
  values[j] = kept;
}

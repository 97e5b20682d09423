/** A smaller input with the same fault: parts are left out, ever smaller ones, as long as the fault stays. */
export async function minimise(
  bytes: Uint8Array<ArrayBuffer>,
  hasFault: (candidate: Uint8Array<ArrayBuffer>) => Promise<boolean>,
): Promise<Uint8Array<ArrayBuffer>> {
  let best = bytes;
  for (let size = best.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at + size <= best.length; ) {
      const candidate = new Uint8Array(best.length - size);
      candidate.set(best.subarray(0, at));
      candidate.set(best.subarray(at + size), at);
      if (await hasFault(candidate)) best = candidate;
      else at += size;
    }
  }
  return best;
}

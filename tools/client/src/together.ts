/**
 * All of these, begun already. A failure is reported when the others have ended too: whoever hears of it may remove the store, and must
 * not find somebody writing there. Of several failures the first in the list.
 */
export async function together<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

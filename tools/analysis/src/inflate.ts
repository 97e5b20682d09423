/** Bytes fed at a time: zlib makes at most about a thousand of one, so what waits in memory stays small. */
const STEP = 1024;

/** Zlib data (RFC 1950) unpacked; undefined when it is not that, or when more than `maxBytes` come out. */
export async function inflate(
  bytes: Uint8Array,
  { maxBytes }: { readonly maxBytes: number },
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = inSteps(bytes).pipeThrough(new DecompressionStream('deflate')).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.length;
      if (size > maxBytes) {
        await reader.cancel();
        return undefined;
      }
      parts.push(next.value);
    }
  } catch {
    // Whatever the platform calls it: these bytes are not zlib data.
    return undefined;
  }
  return joined(parts, size);
}

function inSteps(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, at + STEP));
      at += STEP;
    },
  });
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

import loadWabt from 'wabt';

const wabt = await loadWabt();

/** WAT to bytes. Text goes in encoded, since wabt counts characters as bytes; what comes out is copied, being a view of its memory. */
export function assemble(wat: string): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat('input.wat', new TextEncoder().encode(wat), {
    threads: true,
    reference_types: true,
    bulk_memory: true,
    relaxed_simd: true,
    exceptions: true,
  });
  try {
    return Uint8Array.from(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

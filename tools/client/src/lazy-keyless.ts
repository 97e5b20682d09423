// The keyless verifier is several times the size of everything else here, so its code is loaded when the first bundle needs it, and
// its trusted root is read then too.
import type { KeylessVerifier, LoadKeyless } from './verify-release.ts';

export interface LazyKeyless extends KeylessVerifier {
  /** Loads, for who knows that a certificate will come. Fails silently: whoever verifies hears of it. */
  prepare(): Promise<void>;
}

/** The port, loading on first use; a failure is tried again. `trustedRoot` must come from offline-signed metadata. */
export function lazyKeyless(load: LoadKeyless, trustedRoot: () => Promise<Uint8Array>): LazyKeyless {
  let known: Promise<KeylessVerifier> | undefined;
  const verifier = (): Promise<KeylessVerifier> => {
    known ??= Promise.all([load(), trustedRoot()])
      .then(([module, root]) => module.keylessVerifier(root))
      .catch((cause: unknown) => {
        known = undefined;
        throw cause;
      });
    return known;
  };
  return {
    prepare: () =>
      verifier().then(
        () => undefined,
        () => undefined,
      ),
    verify: async (...asked) => (await verifier()).verify(...asked),
    times: async (...asked) => (await verifier()).times(...asked),
  };
}

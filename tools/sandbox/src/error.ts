/** Everything this package refuses to do. What a plugin does is never one of these: it is in the observation. */
export const SANDBOX_ERROR_CODES = {
  ABI_UNSUPPORTED: 'the host runs its plugins in a way this sandbox does not have',
  VECTOR_MISMATCH: 'a vector is for another host',
  LAYER_UNKNOWN: 'a layer that was asked for does not exist',
  ENGINE_UNAVAILABLE: 'the second engine cannot be used, or must not run this plugin',
  CHILD_UNAVAILABLE: 'the child process that runs plugins could not be prepared or started',
} as const;

export type SandboxErrorCode = keyof typeof SANDBOX_ERROR_CODES;

/** The only error this package throws on purpose. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  readonly code: SandboxErrorCode;

  constructor(code: SandboxErrorCode, problem: string, options?: { cause?: unknown }) {
    super(problem, options);
    this.code = code;
  }
}

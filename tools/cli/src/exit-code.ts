/** What a script sees. Documented in the help of every command. */
export const EXIT = {
  ok: 0,
  /** A check or verification failed, or its verdict asks for a person. */
  failed: 1,
  usage: 2,
  /** Network, disk or files. */
  io: 3,
  /** Consent or authentication is needed. */
  consent: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What the stand-ins refuse, as the real services would, and what stops the script that uses them. */
export type DevErrorCode =
  | 'TOKEN_INVALID'
  | 'POSSESSION_INVALID'
  | 'REQUEST_INVALID'
  | 'SIGNATURE_INVALID'
  | 'NOT_FOUND'
  | 'COMMAND_FAILED';

export class DevError extends Error {
  override readonly name = 'DevError';
  readonly code: DevErrorCode;

  constructor(code: DevErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

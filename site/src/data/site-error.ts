/** Why pages cannot be made. A page that would say something unproved is not made at all. */
export type SiteErrorCode =
  | 'TREE_MISSING'
  | 'FILE_MISSING'
  | 'DIGEST_MISMATCH'
  | 'FRAME_BROKEN'
  | 'HOST_UNKNOWN'
  | 'PLUGIN_UNKNOWN'
  | 'PUBLISHER_UNKNOWN'
  | 'RULE_UNKNOWN';

export class SiteError extends Error {
  override readonly name = 'SiteError';
  readonly code: SiteErrorCode;

  constructor(code: SiteErrorCode, message: string, options?: { cause?: unknown }) {
    super(`${message} (${code})`, options);
    this.code = code;
  }
}

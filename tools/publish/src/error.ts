/** Everything this package refuses to do, in one line each. */
export const PUBLISH_ERROR_CODES = {
  SOURCE_MISSING: 'a file the registry must have is not there',
  SOURCE_UNEXPECTED: 'a file or link that has no place in a registry',
  MIRROR_NAMESPACE: 'a namespace comes from upstream that is this registry’s own, or another upstream’s',
  MIRROR_INVALID: 'what was taken over from upstream does not fit the upstreams this registry lists',
  SOURCE_MISMATCH: 'a file speaks about another plugin, publisher or version than the folder it lies in',
  STATUS_INVALID: 'a status file asks for what a status cannot do',
  TRUST_MISSING: 'there is no signed root to build under',
  TRUST_MISMATCH: 'the signed metadata belongs to another registry or key',
  PROPOSAL_INVALID: 'a proposed change of the offline-signed metadata does not follow from what is in force',
  REVOCATION_INVALID: 'a revocation that is to be lifted does not stand, or is still wished for',
  KEY_MISSING: 'a signing key is not there',
  KEY_INVALID: 'a key file is not an Ed25519 or P-256 private key in PEM form',
  KEY_LOCKED: 'a key file is sealed with a passphrase, and none was given',
  PASSPHRASE_WRONG: 'a key file does not open with the passphrase that was given',
  KEY_NOT_HOLDER: 'none of the keys given may sign what waits for a signature',
  KEY_UNPROVEN: 'a listed key signed no release, and nothing proves that the publisher holds it',
  SIGNING_CONFIG: 'a file that says which Sigstore services to use cannot be used',
  TOKEN_MISSING: 'there is no identity token to sign with',
  TOKEN_INVALID: 'an identity token is none',
  SIGNING_FAILED: 'a signature could not be made',
  ARTIFACT_MISSING: 'no source has the bytes of a release',
  RUN_FOREIGN: 'a run report stands under the name of a release that it is not about',
  LEDGER_INVALID: 'the ledger does not fit together: a file was changed, removed or belongs to another registry',
  RELEASE_CHANGED: 'a release that was already published has other bytes or another manifest now',
  SELF_CHECK: 'a fresh client refuses the tree that was built; nothing was written',
  LOCKED: 'another process is writing to the same folder',
  WRITE: 'a file could not be written; the previous state is untouched or will be completed by the next run',
} as const;

export type PublishErrorCode = keyof typeof PUBLISH_ERROR_CODES;

/** The only error this package throws on purpose. `where` names a file, plugin or key. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
  readonly code: PublishErrorCode;
  readonly where: string;

  constructor(code: PublishErrorCode, where: string, problem: string, options?: { cause?: unknown }) {
    super(`${where}: ${problem}`, options);
    this.code = code;
    this.where = where;
  }
}

// The one error class of the client. Codes are public API: hosts, vectors and other languages' clients decide on them,
// never on message text. A new code needs a line here and at least one failing vector.

/** Every refusal of the client, in one line each. */
export const CLIENT_ERROR_CODES = {
  ROOT_INVALID: 'the root file given by the host is not a root signed by its own threshold of keys',
  METADATA_MALFORMED: 'a metadata file is not JSON, has no canonical form, or a field has the wrong type',
  METADATA_SIGNATURE: 'a metadata file is not signed by the required number of distinct keys',
  METADATA_EXPIRED: 'a metadata file has passed its expiry date',
  METADATA_LIFETIME: 'the timestamp is signed for longer than a registry may sign one',
  METADATA_ROLLBACK: 'a metadata file is older than one already trusted, or drops an entry it must keep',
  METADATA_VERSION: 'a metadata file has another version than the one asked for',
  METADATA_DIGEST: 'a metadata file differs in length or hash from what its parent lists',
  FILE_MISSING: 'a file that trusted metadata requires is not there',
  TARGET_UNKNOWN: 'the metadata lists no such target, or its path cannot be that of a file',
  TARGET_DIGEST: 'a target file differs in length or hash from what the metadata lists',
  TOO_LARGE: 'a file is longer than its limit; reading stopped there',
  NETWORK: 'the server could not be reached, answered with an error, or answered with a web page',
  ABORTED: 'the caller stopped the work',
  JSON_UNREPRESENTABLE: 'a value has no canonical JSON form (not finite, undefined, bigint, lone surrogate, too deep)',
  BUNDLE_MALFORMED: 'a signature bundle is not a Sigstore bundle v0.3 with one DSSE signature',
  BUNDLE_KEYLESS: 'a bundle is signed through a certificate; checking it takes the keyless verifier',
  KEY_UNKNOWN: 'a bundle names a key that is not among the accepted ones',
  KEY_INVALID: 'a listed public key is not a P-256 or Ed25519 key in SPKI form, or its id is not its SHA-256',
  KEY_UNSUPPORTED: 'this runtime has no implementation of the key type',
  SIGNATURE_INVALID: 'a signature does not verify with the key the bundle names',
  KEY_WINDOW: 'a key whose time is limited, without a trusted time that lies within it',
  TRUSTED_ROOT_MALFORMED: 'the trusted root is not a trusted_root.json in which every entry says from when it counts',
  CERTIFICATE_MALFORMED: 'a certificate is not an X.509 v3 certificate of a kind this client understands',
  CERTIFICATE_UNTRUSTED: 'no authority of the trusted root vouches for a certificate at the time of the signature',
  CERTIFICATE_EXPIRED: 'a certificate was not valid at the time of the signature',
  CERTIFICATE_UNLOGGED: 'no listed certificate log has seen a certificate',
  TIME_MISSING: 'nothing trusted says when a signature was made',
  TIMESTAMP_INVALID: 'a timestamp is not one of a listed authority over this signature',
  LOG_ENTRY_MISSING: 'a bundle has no transparency log entry',
  LOG_UNKNOWN: 'a log entry is of a log that the trusted root does not list, or does not list for that time',
  LOG_PROMISE_INVALID: 'a log’s promise of inclusion does not verify',
  LOG_PROOF_INVALID: 'a log’s proof of inclusion or its checkpoint does not verify',
  LOG_ENTRY_MISMATCH: 'a log entry is about another signature, signer or artifact',
  IDENTITY_UNLISTED: 'a bundle is signed through a certificate, and no workflow is listed for the publisher',
  IDENTITY_ISSUER: 'a certificate was issued for a token of another issuer',
  IDENTITY_REPOSITORY: 'a certificate was issued to another repository',
  IDENTITY_OWNER: 'a certificate was issued to a repository of another owner',
  IDENTITY_WORKFLOW: 'a certificate was issued to another workflow file, or to it at another ref',
  IDENTITY_TRIGGER: 'a workflow ran for an event that may not release',
  IDENTITY_RUNNER: 'a workflow ran on a machine that GitHub does not host',
  IDENTITY_REF: 'a workflow ran for another tag or branch than the release asks for',
  IDENTITY_BUILD_SIGNER: 'another workflow signed than the one that is listed',
  IDENTITY_SUBJECT: 'the alternative name of a certificate is not the listed one',
  IDENTITY_WINDOW: 'a signature was made outside the time in which its identity is listed',
  STATEMENT_MALFORMED: 'a signed payload is not an in-toto statement v1',
  STATEMENT_MISMATCH: 'a statement speaks about another name or other bytes',
  REGISTRY_URL: 'the address given for a registry is not an http or https URL',
  REQUEST_MALFORMED: 'what was asked for is not publisher/name or publisher/name@range',
  DOCUMENT_MALFORMED: 'a signed document does not have the shape its format asks for',
  DOCUMENT_VERSION: 'a signed document has a schemaVersion this client does not know',
  DOCUMENT_MISSING: 'a document every registry has is not listed by the role that must list it',
  DOCUMENT_MISMATCH:
    'a signed document is listed by another role, speaks about another plugin or registry, or lists a version twice',
  ORIGIN_UNKNOWN: 'a document comes from a registry that this one does not list as upstream',
  PLUGIN_UNKNOWN: 'the registry lists no plugin of that name',
  NO_RELEASE: 'no release of the plugin fits; the details name each version and its reason',
  REVOKED: 'the bytes are revoked: they must not be loaded',
  MANIFEST_MISMATCH: 'the release in the document is not the one whose digest was signed',
  ATTESTATION_MISSING: 'a bundle or report that the document names is not served',
  ATTESTATION_DIGEST: 'a bundle or report differs from the digest in the document',
  ARTIFACT_MISSING: 'no source serves the bytes of the release',
  ARTIFACT_DIGEST: 'the bytes differ from the digest in the release',
  COSIGNATURE_INVALID: 'the registry’s co-signature does not say what it must about this release',
  NOT_INSTALLED: 'the store has no bytes with that digest',
  STORE: 'the store could not be read or written',
  STORE_BUSY: 'another program is changing the same host’s plugins',
  SOURCE_MALFORMED:
    'what was named is not github:owner/name, github:owner/name@tag or oci://registry/repository@sha256:...',
  SOURCE_UNPINNED: 'an OCI artifact was named by a tag, which may be another thing tomorrow; it is taken by its digest',
  SOURCE_MISSING: 'a repository, release, file or artifact that a plugin is to be taken from is not there',
  SOURCE_LIMITED: 'GitHub or an OCI registry answers no more requests for now',
  SOURCE_REPLACED: 'the repository is another one than the one that was pinned, under the same name',
  SOURCE_MOVED: 'what was pinned by its tag and digest is now something else',
  SOURCE_CHANGED: 'a plugin of that name is installed from another source',
  MANIFEST_MALFORMED: 'the author’s manifest cannot be read or lacks what it must say',
  ARTIFACT_LAYOUT: 'an OCI artifact is not WebAssembly in one layer, as its layout asks; the details name the member',
  ARTIFACT_UNREADABLE: 'the file is neither WebAssembly nor a zip',
  HOST_UNKNOWN: 'the registry has no profile of this host, and none was given',
  INDEX_MALFORMED: 'the registry’s search index does not have the shape its format asks for',
  DEPENDENCY_CONFLICT: 'no one version of a plugin fits everybody who needs it; the details name who wants what',
  POLICY_REFUSED: 'the host’s policy does not allow the release; the details name the rules',
  CONSENT_REQUIRED: 'somebody has to agree to what the plugin can do, and nobody was asked',
  CONSENT_DENIED: 'the user did not agree to what the plugin can do',
  CONSENT_INCOMPLETE: 'an answer agrees to a high-risk capability without naming it, or names one that was not asked',
  GRANT_REVOKED: 'what the user once agreed to was taken back or has expired',
  REVOCATIONS_STALE: 'the last news about revoked plugins is older than the host accepts, or from the future',
  REGISTRY_CHANGED: 'the registry calls itself by another name than the one these plugins were installed from',
  LOCKFILE_MALFORMED: 'the lockfile is not in the form in which this client writes it',
  LOCKFILE_MISMATCH: 'the lockfile says something else about a plugin than what was verified; the details name it',
  PROOF_MISSING: 'nothing beside the bytes shows how they were verified',
  PROOF_INVALID: 'what was kept beside the bytes does not verify from the root given',
  HEALTH_FAILED: 'the host found that a new version does not work, and the former one is back',
  ROLLBACK_NONE: 'there is no former version to go back to',
  STILL_NEEDED: 'other installed plugins need this one',
  RUN_RECORD_INVALID: 'a record for the run log has a member of the wrong form',
  RUN_LOG_BROKEN: 'the run log was changed: a record does not follow from the one before it',
} as const;

/** A code of the table above. */
export type ClientErrorCode = keyof typeof CLIENT_ERROR_CODES;

/** Facts beside a code: names, versions, limits. For logs and renderers; their presence is not promised. */
export type ClientErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/**
 * The only error the client throws on purpose; errors of injected ports (store, fetch) pass through unchanged.
 *
 * The message is the code and the facts, no prose: sentences belong to whoever talks to a person, and the table above
 * is not carried into a page that does not show it.
 */
export class ClientError extends Error {
  override readonly name: string = 'ClientError';
  readonly code: ClientErrorCode;
  readonly details: ClientErrorDetails;

  /** For whoever writes a port: a store that cannot be read throws STORE. */
  constructor(code: ClientErrorCode, details: ClientErrorDetails = {}, cause?: unknown) {
    super(`${code} ${JSON.stringify(details)}`, { cause });
    this.code = code;
    this.details = details;
  }
}

// Mutants that no vector tells from our client, each with the reason. A new one is either a vector that is missing or a line here; nothing else
// passes mutations.slow.test.ts.

interface Untold {
  readonly why: string;
  /** As `keyOf` names them. */
  readonly mutants: readonly string[];
}

export const UNTOLD: readonly Untold[] = [
  {
    why: 'The same values are accepted: a shorter way, the shape of what comes out, or a tag that its reader compares again.',
    mutants: [
      'decode.ts decoded === undefined && OPTIONAL in decode => (decoded === undefined)',
      "decode.ts typeof name === 'string' && Object.hasOwn(cases, name) => (Object.hasOwn(cases, name))",
      'decode.ts value.length <= 2 * max && [...value].length <= max => ([...value].length <= max)',
      'decode.ts value.length <= max => (value.length < max)',
      'decode.ts value.length <= max || (value.length <= 2 * max && [...value].length <= max) => ((value.length <= 2 * max && [...value].length <= max))',
    ],
  },
  {
    why: 'The tag that chose the reader has this value already.',
    mutants: [
      "documents/package-document.ts oneOf('active') => ((v) => v)",
      "documents/package-document.ts oneOf('deprecated') => ((v) => v)",
      "documents/package-document.ts oneOf('quarantined') => ((v) => v)",
      "documents/package-document.ts oneOf('revoked') => ((v) => v)",
      "documents/package-document.ts oneOf('transferred') => ((v) => v)",
      "documents/package-document.ts oneOf('withdrawn') => ((v) => v)",
      "documents/package-document.ts oneOf('yanked') => ((v) => v)",
      "documents/publishers.ts oneOf('key') => ((v) => v)",
      "documents/publishers.ts oneOf('keyless') => ((v) => v)",
    ],
  },
  {
    why: 'The version is compared before the reader is asked (DOC3).',
    mutants: [
      'documents/package-document.ts schemaVersion => schemaVersion: (v) => v',
      'documents/publishers.ts schemaVersion => schemaVersion: (v) => v',
    ],
  },
  {
    why: 'The application’s own act, a client without a verifier, or a store that somebody spoiled: no request brings it about (appendix B).',
    mutants: [
      "fetch.ts throw new ClientError('ABORTED', { url }, cause); => void 0;",
      "trust/dsse.ts throw new ClientError('BUNDLE_KEYLESS'); => void 0;",
    ],
  },
  {
    why: 'Another check refuses the same with the same code.',
    mutants: [
      'resolve.ts isLocked && mayLoad => (isLocked)',
      "signed-documents.ts load && lazyKeyless(load, () => bytesOf(tuf, 'trusted_root.json', OFFLINE_ROLE)) => (lazyKeyless(load, () => bytesOf(tuf, 'trusted_root.json', OFFLINE_ROLE)))",
      'sigstore/identity-pins.ts at !== undefined && /^[0-9a-f]{40}$/.test(at) => (/^[0-9a-f]{40}$/.test(at))',
      'sigstore/identity-pins.ts at !== undefined && /^[0-9a-f]{40}$/.test(at) => (at !== undefined)',
      'sigstore/identity-pins.ts buildConfig && claims.buildConfig => (claims.buildConfig)',
      'sigstore/identity-pins.ts times.length > 0 => (times.length >= 0)',
      'sigstore/identity-pins.ts wrong === undefined && times.length > 0 => (wrong === undefined)',
      "sigstore/keyless-verifier.ts claims === undefined || content.kind !== 'envelope' => (claims === undefined)",
      "sigstore/keyless-verifier.ts claims === undefined || content.kind !== 'envelope' => (content.kind !== 'envelope')",
      "sigstore/keyless-verifier.ts throw new ClientError('BUNDLE_MALFORMED'); => void 0;",
      "sigstore/keyless-verifier.ts throw new ClientError('STATEMENT_MISMATCH', { what: 'payloadType', actual: content.payloadType }); => void 0;",
      'trust/dsse.ts !spki || (await keyId(spki)) !== listed.keyId => ((await keyId(spki)) !== listed.keyId)',
      'trust/dsse.ts base64 => ((v) => v)',
      'trust/dsse.ts optional(object({ rawBytes: base64 })) => ((v) => v)',
      "trust/session.ts throw new ClientError('TOO_LARGE', { path, maxBytes }); => void 0;",
      'trust/shape.ts refuse(at, cause); => void 0;',
      'trust/threshold.ts key && signature => (key)',
      'verify-release.ts bundle.certificate !== undefined && keyless !== undefined => (bundle.certificate !== undefined)',
      "verify-release.ts typeof value === 'object' && value !== null && Object.hasOwn(value, key) => (typeof value === 'object' && value !== null)",
    ],
  },
  {
    why: 'Reading what is kept without a refresh, more than 256 roots in a row, or writing what is there already: no answer shows it.',
    mutants: [
      'revocation-memory.ts before?.length !== bytes.length || bytes.some((byte, i) => byte !== before[i]) => (before?.length !== bytes.length)',
      "revocation-memory.ts bytes && readJson(bytes, { code: 'DOCUMENT_MALFORMED', path: MEMORY }, revocations) => (readJson(bytes, { code: 'DOCUMENT_MALFORMED', path: MEMORY }, revocations))",
      'trust/repository.ts targets.version <= expected.version => (targets.version < expected.version)',
      'trust/update.ts rotations < MAX_ROOT_ROTATIONS => (rotations <= MAX_ROOT_ROTATIONS)',
      'trust/update.ts seenVersion === String(version) && !Number.isNaN(+date) => (!Number.isNaN(+date))',
      'trust/update.ts seenVersion === String(version) && !Number.isNaN(+date) => (seenVersion === String(version))',
      "trust/update.ts snapshot.version <= timestamp.meta['snapshot.json'].version => (snapshot.version < timestamp.meta['snapshot.json'].version)",
      "trust/update.ts timestamp && snapshot.version <= timestamp.meta['snapshot.json'].version => (snapshot.version <= timestamp.meta['snapshot.json'].version)",
      "trust/update.ts timestamp && snapshot.version <= timestamp.meta['snapshot.json'].version => (timestamp)",
    ],
  },
  {
    why: 'The two cannot differ for any value that comes there.',
    mutants: [
      'semver.ts left < right => (left <= right)',
      'semver.ts left === undefined || right === undefined => (left === undefined)',
      'semver.ts left === undefined || right === undefined => (right === undefined)',
      'semver.ts order < 0 => (order <= 0)',
      'trust/bytes.ts a.length === b.length && a.every((byte, i) => byte === b[i]) => (a.every((byte, i) => byte === b[i]))',
      "trust/canonical.ts typeof value === 'number' && dialect.isNumber(value) => (dialect.isNumber(value))",
      'trust/delegations.ts i < path.length => (i <= path.length)',
    ],
  },
  {
    why: 'Asking mirrors is left to each client (ART7), so that no vector has any: test/client/mirrors.test.ts and test/client/decoders.test.ts hold ours.',
    mutants: [
      "ask-places.ts !(error instanceof ClientError) || error.code === 'STORE' => (!(error instanceof ClientError))",
      "ask-places.ts !(error instanceof ClientError) || error.code === 'STORE' => (error.code === 'STORE')",
      'ask-places.ts bytes && toHex(await sha256(bytes)) === artifact.sha256 => (bytes)',
      'ask-places.ts bytes && toHex(await sha256(bytes)) === artifact.sha256 => (toHex(await sha256(bytes)) === artifact.sha256)',
      "ask-places.ts url.startsWith('http:') && own.startsWith('https:') => (own.startsWith('https:'))",
      "ask-places.ts url.startsWith('http:') && own.startsWith('https:') => (url.startsWith('http:'))",
      "documents/mirrors.ts array(object({ url: registryUrl, serves: oneOf('all', 'blobs') }), { min: 1 }) => ((v) => v)",
      "documents/mirrors.ts oneOf('all', 'blobs') => ((v) => v)",
      'documents/mirrors.ts oneOf(1) => ((v) => v)',
      'documents/mirrors.ts registryId => ((v) => v)',
      'documents/mirrors.ts registryUrl => ((v) => v)',
      'signed-documents.ts (await tuf.target(MIRRORS)) && ofRegistry(MIRRORS, OFFLINE_ROLE, mirrors) => ((await tuf.target(MIRRORS)))',
    ],
  },
  {
    why: 'The border itself would take a document of ten megabytes.',
    mutants: ['signed-documents.ts info.length > MAX_DOCUMENT_BYTES => (info.length >= MAX_DOCUMENT_BYTES)'],
  },
  {
    why: 'Certificates without an alternative name or with several: no authority here issues one.',
    mutants: [
      "sigstore/certificate-claims.ts malformed(CODE, 'alternative name') => ({})",
      'sigstore/certificate-claims.ts name === undefined || more.length > 0 => (more.length > 0)',
      'sigstore/certificate-claims.ts name === undefined || more.length > 0 => (name === undefined)',
      'sigstore/certificate-claims.ts name === undefined || more.length > 0 || !NAME_TAGS.has(name.tag) => (!NAME_TAGS.has(name.tag))',
      'sigstore/certificate-claims.ts name === undefined || more.length > 0 || !NAME_TAGS.has(name.tag) => (name === undefined || more.length > 0)',
      "sigstore/certificate-claims.ts throw new ClientError(CODE, { what: 'text' }, cause); => void 0;",
    ],
  },
  {
    why: 'Facts beside a code, for people.',
    mutants: [
      "sigstore/identity-pins.ts claim === undefined || claim === 'subject' => (claim === 'subject')",
      "sigstore/identity-pins.ts claim === undefined || claim === 'subject' => (claim === undefined)",
      'sigstore/identity-pins.ts oid && `1.3.6.1.4.1.57264.1.${oid}` => (`1.3.6.1.4.1.57264.1.${oid}`)',
      'sigstore/identity-pins.ts oid && `1.3.6.1.4.1.57264.1.${oid}` => (oid)',
      'verify-release.ts first && new Date(first).toISOString() => (first)',
    ],
  },
  {
    why: 'Bundles over messages, with a chain, by a key without an envelope: test/vectors/sigstore and the conformance suite hold them.',
    mutants: [
      'sigstore/verify-bundle.ts artifact && (await digestOf(artifact)) => (artifact)',
      'sigstore/verify-bundle.ts content.digest !== undefined && !equalBytes(content.digest, digest) => (!equalBytes(content.digest, digest))',
      'sigstore/verify-bundle.ts content.digest !== undefined && !equalBytes(content.digest, digest) => (content.digest !== undefined)',
      'sigstore/verify-bundle.ts requireNoAnchor(others.map(parseCertificate)); => void 0;',
      'sigstore/verify-bundle.ts requireSubject(content, toHex(await digestOf(artifact))); => void 0;',
      "sigstore/verify-bundle.ts throw new ClientError('BUNDLE_MALFORMED', { what: 'a root certificate' }); => void 0;",
      "sigstore/verify-bundle.ts throw new ClientError('KEY_UNKNOWN'); => void 0;",
      "sigstore/verify-bundle.ts throw new ClientError('KEY_UNKNOWN', { what: 'the bundle is signed through a certificate' }); => void 0;",
      "sigstore/verify-bundle.ts throw new ClientError('KEY_UNSUPPORTED', { what: 'a digest alone, with this key' }); => void 0;",
      "sigstore/verify-bundle.ts throw new ClientError('SIGNATURE_INVALID'); => void 0;",
      "sigstore/verify-bundle.ts throw new ClientError('STATEMENT_MISMATCH', { what: 'digest', actual: toHex(content.digest), expected: toHex(digest), }); => void 0;",
      "sigstore/verify-bundle.ts throw new ClientError('STATEMENT_MISMATCH', { what: 'no artifact was given' }); => void 0;",
      "sigstore/verify-bundle.ts throw new ClientError('STATEMENT_MISMATCH', { what: 'subject', expected }); => void 0;",
    ],
  },
  {
    why: 'A signature that is spelt so verifies with no key, one number in 256 shows the border, or the code is for signers.',
    mutants: [
      'trust/keys.ts (magnitude[0] ?? 0) < 0x80 => ((magnitude[0] ?? 0) <= 0x80)',
      "trust/keys.ts algorithm && bytes && (await importKey(raw ? 'raw' : 'spki', bytes, algorithm)) => ((await importKey(raw ? 'raw' : 'spki', bytes, algorithm)))",
      'trust/keys.ts algorithm && bytes => (algorithm)',
      'trust/keys.ts algorithm && bytes => (bytes)',
      'trust/keys.ts first < 0 => (first <= 0)',
      'trust/keys.ts first < 0x80 => (first <= 0x80)',
      'trust/keys.ts first === 0 && length > 1 => (first === 0)',
      'trust/keys.ts length > 1 => (length >= 1)',
      'trust/keys.ts raw !== undefined && (await crypto.subtle.verify(algorithm, key, unshared(raw), unshared(data))) => ((await crypto.subtle.verify(algorithm, key, unshared(raw), unshared(data))))',
      'trust/keys.ts second > 0x7f => (second >= 0x7f)',
      'trust/keys.ts tag !== 2 || !isMinimal || length === 0 => (tag !== 2 || !isMinimal)',
      'trust/keys.ts tag !== 2 || !isMinimal || length === 0 || length - padding > 32 => (tag !== 2 || !isMinimal || length === 0)',
      'trust/keys.ts tag !== 2 || !isMinimal || length === 0 || length - padding > 32 || at + 2 + length > der.length => (tag !== 2 || !isMinimal || length === 0 || length - padding > 32)',
    ],
  },
  {
    why: 'Other people’s repositories: succinct roles, sha512 alone, and paths that no request can name.',
    mutants: [
      'trust/metadata.ts integer(1, 32) => ((v) => v)',
      'trust/metadata.ts optional( object<SuccinctRoles>({ ...ROLE_FIELDS, bit_length: integer(1, 32), name_prefix: string }), ) => ((v) => v)',
      'trust/metadata.ts string => ((v) => v)',
      'trust/tuf-client.ts !hash || /(^|\\/)\\.{0,2}(\\/|$)/.test(path) => (!hash)',
      'trust/tuf-client.ts info.sha256 || undefined => (info.sha256)',
    ],
  },
];

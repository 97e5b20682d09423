// The words every other schema is made of. Patterns are anchored and linear; a publisher's free text cannot carry control or
// direction-changing characters, so that no page, terminal or comment can be made to show something else than the bytes say.

import * as z from 'zod/mini';

const matching = (pattern: RegExp, maxLength: number) => z.string().check(z.maxLength(maxLength), z.regex(pattern));

export const SchemaVersion = z.literal(1);

/** Lower-case SHA-256, 64 hexadecimal digits. */
export const Sha256 = matching(/^[0-9a-f]{64}$/, 64);
export type Sha256 = z.output<typeof Sha256>;

/** One path segment: lower-case ASCII letters, digits and single hyphens. */
const SLUG = '[a-z0-9]+(?:-[a-z0-9]+)*';

export const PublisherId = matching(new RegExp(`^${SLUG}$`), 39);
export type PublisherId = z.output<typeof PublisherId>;

export const PluginName = matching(new RegExp(`^${SLUG}$`), 64);

/** `publisher/name`. The first part counts the characters of each half, so that neither is longer than where it stands alone. */
export const PluginId = matching(new RegExp(`^(?=[^/]{1,39}/[^/]{1,64}$)${SLUG}/${SLUG}$`), 104);
export type PluginId = z.output<typeof PluginId>;

export const HostId = matching(new RegExp(`^${SLUG}$`), 39);
export type HostId = z.output<typeof HostId>;

/** A registry's stable name, chosen once; signatures bind it, never a URL. */
export const RegistryId = matching(new RegExp(`^${SLUG}(?:\\.${SLUG})*$`), 100);
export type RegistryId = z.output<typeof RegistryId>;

/** Who made a co-signature: `plugmark:<registry id>`. */
export const VerifierId = matching(new RegExp(`^plugmark:${SLUG}(?:\\.${SLUG})*$`), 110);

const NUMBER = '(?:0|[1-9]\\d{0,8})';
// SemVer 2.0 section 9: no leading zeros in a number; at most 15 digits, which a double orders exactly.
const IDENTIFIER = '(?:0|[1-9]\\d{0,14}|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const PRERELEASE = `(?:-${IDENTIFIER}(?:\\.${IDENTIFIER})*)?`;

/** Semantic version without build metadata (two releases that differ only in build metadata could not be ordered). */
export const SemVer = matching(new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}${PRERELEASE}$`), 64);
export type SemVer = z.output<typeof SemVer>;

/** A version range in npm's notation; its meaning is tested against the `semver` package. */
export const SemVerRange = matching(/^[0-9A-Za-z.*^~<>=| -]+$/, 100);
export type SemVerRange = z.output<typeof SemVerRange>;

/** Capability as a host names it, e.g. `read:channel_data`, `network`. */
export const CapabilityId = matching(/^[a-z][a-z0-9_-]*(?::[a-z][a-z0-9_-]*)*$/, 64);
export type CapabilityId = z.output<typeof CapabilityId>;

/** Dotted id of an analysis rule, e.g. `wasm.import-undeclared`. */
export const RuleId = matching(/^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+$/, 80);
export type RuleId = z.output<typeof RuleId>;

// Only days that exist: of others `Date` makes an invalid time or another day, and an expiry would compare as neither.
const DAY =
  '(?:20\\d\\d-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))|20(?:[02468][048]|[13579][26])-02-29)';

/** Point in time, UTC, whole seconds: `2026-01-31T12:00:00Z`. */
export const Instant = matching(new RegExp(`^${DAY}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$`), 20);
export type Instant = z.output<typeof Instant>;

// Path, query and fragment (RFC 3986): ASCII only, since other characters can turn the direction of the text around them.
const URL_REST = '/[!#-&(-;=?-\\[\\]_a-z~]*';

export const HttpsUrl = matching(new RegExp(`^https://[a-z0-9.-]+(?::\\d{1,5})?(?:${URL_REST})?$`), 2000);

/** URL of a registry; plain http is allowed for loopback and closed networks, since nothing rests on the transport. */
export const RegistryUrl = matching(new RegExp(`^https?://[A-Za-z0-9.:[\\]-]+(?:${URL_REST})?$`), 2000);

/** RFC 4648 section 4, padded, with zero trailing bits: each sequence of bytes has one spelling. */
export const Base64 = matching(
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/,
  4_000_000,
);

/** File path inside a folder: forward slashes, no empty, `.` or `..` segment, no leading slash. */
export const RelativePath = matching(
  /^(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.@+-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.@+-]+)*$/,
  300,
);

/** Count of bytes, pages, fuel units: a whole number that JSON carries exactly. */
export const Count = z.int().check(z.nonnegative());

const CONTROL_OR_BIDI =
  '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff';
// Tag characters are invisible and spell ASCII. Written out, since JSON Schema validators differ in how they escape them.
const TAGS = `${String.fromCodePoint(0xe0000)}-${String.fromCodePoint(0xe007f)}`;
// Lone surrogates (in mode `u` the range means only those) have no UTF-8 form, so no canonical JSON either.
const NO_TEXT = `${CONTROL_OR_BIDI}\\ud800-\\udfff${TAGS}`;
const SINGLE_LINE = new RegExp(`^[^\\t\\n${NO_TEXT}]+$`, 'u');
const SEVERAL_LINES = new RegExp(`^[^${NO_TEXT}]+$`, 'u');

/** One line of text for people, without control or direction-changing characters. */
export const line = (maxLength: number) => matching(SINGLE_LINE, maxLength);

/** Text for people that may contain tabs and line breaks. */
export const text = (maxLength: number) => matching(SEVERAL_LINES, maxLength);

/** SPDX licence expression; its terms are checked against the SPDX list by a rule, not here. */
export const LicenseExpression = matching(/^[A-Za-z0-9.+() -]+$/, 200);

/** Git commit id. */
export const Commit = matching(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 64);

/** A branch, without what Git forbids in one and what a shell would act on. */
export const BranchName = matching(/^(?!.*(?:\.\.|\/\/|\.lock(?:\/|$)))[A-Za-z0-9_][A-Za-z0-9_./-]*(?<![./])$/, 200);

/** A number another system gave, as text: it may be longer than JSON carries exactly. */
export const DecimalId = matching(/^[0-9]{1,20}$/, 20);

/** A repository of an OCI registry, the registry's host before it: `ghcr.io/acme/thing`. */
export const OciRepository = matching(/^[a-z0-9.-]+(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+$/, 300);

/** Of an OCI manifest. */
export const OciDigest = matching(/^sha256:[0-9a-f]{64}$/, 71);

/** A GitHub account: the login for people, the number for decisions (logins are renamed and registered anew). */
export const GitHubAccount = z.strictObject({
  github: matching(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/, 39),
  githubId: z.int().check(z.positive()),
});
export type GitHubAccount = z.output<typeof GitHubAccount>;

/** Who decided something: a name people recognise, and the account where there is one. */
export const Approver = z.strictObject({ name: line(120), account: z.optional(GitHubAccount) });
export type Approver = z.output<typeof Approver>;

/** A file named by its digest. */
export const FileDigest = z.strictObject({ sha256: Sha256, size: Count });
export type FileDigest = z.output<typeof FileDigest>;

/** What kind of plugin the bytes are: a core module, a component, or a zip run as a process. */
export const ArtifactKind = z.enum(['core', 'component', 'process']);
export type ArtifactKind = z.output<typeof ArtifactKind>;

export const Artifact = z.strictObject({ kind: ArtifactKind, sha256: Sha256, size: Count });
export type Artifact = z.output<typeof Artifact>;

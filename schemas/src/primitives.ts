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

/** `publisher/name`. */
export const PluginId = matching(new RegExp(`^${SLUG}/${SLUG}$`), 104);
export type PluginId = z.output<typeof PluginId>;

export const HostId = matching(new RegExp(`^${SLUG}$`), 39);
export type HostId = z.output<typeof HostId>;

/** A registry's stable name, chosen once; signatures bind it, never a URL. */
export const RegistryId = matching(new RegExp(`^${SLUG}(?:\\.${SLUG})*$`), 100);
export type RegistryId = z.output<typeof RegistryId>;

/** Who made a co-signature: `plugmark:<registry id>`. */
export const VerifierId = matching(new RegExp(`^plugmark:${SLUG}(?:\\.${SLUG})*$`), 110);

const NUMBER = '(?:0|[1-9]\\d{0,8})';
const PRERELEASE = '(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?';

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

/** Point in time, UTC, whole seconds: `2026-01-31T12:00:00Z`. */
export const Instant = matching(/^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$/, 20);
export type Instant = z.output<typeof Instant>;

export const HttpsUrl = matching(/^https:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[^\s"'<>\\^`{|}]*)?$/, 2000);

/** URL of a registry; plain http is allowed for loopback and closed networks, since nothing rests on the transport. */
export const RegistryUrl = matching(/^https?:\/\/[A-Za-z0-9.:[\]-]+(?:\/[^\s"'<>\\^`{|}]*)?$/, 2000);

export const Base64 = matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 4_000_000);

/** File path inside a folder: forward slashes, no empty, `.` or `..` segment, no leading slash. */
export const RelativePath = matching(/^(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.@+-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.@+-]+)*$/, 300);

/** Count of bytes, pages, fuel units: a whole number that JSON carries exactly. */
export const Count = z.int().check(z.nonnegative());

const CONTROL_OR_BIDI = '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff';
const SINGLE_LINE = new RegExp(`^[^\\t\\n${CONTROL_OR_BIDI}]+$`);
const SEVERAL_LINES = new RegExp(`^[^${CONTROL_OR_BIDI}]+$`);

/** One line of text for people, without control or direction-changing characters. */
export const line = (maxLength: number) => matching(SINGLE_LINE, maxLength);

/** Text for people that may contain tabs and line breaks. */
export const text = (maxLength: number) => matching(SEVERAL_LINES, maxLength);

/** SPDX licence expression; its terms are checked against the SPDX list by a rule, not here. */
export const LicenseExpression = matching(/^[A-Za-z0-9.+() -]+$/, 200);

/** Git commit id. */
export const Commit = matching(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 64);

/** A GitHub account: the login for people, the number for decisions (logins are renamed and registered anew). */
export const GitHubAccount = z.strictObject({
  github: matching(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/, 39),
  githubId: z.int().check(z.positive()),
});
export type GitHubAccount = z.output<typeof GitHubAccount>;

/** A file named by its digest. */
export const FileDigest = z.strictObject({ sha256: Sha256, size: Count });
export type FileDigest = z.output<typeof FileDigest>;

/** What kind of plugin the bytes are: a core module, a component, or a zip run as a process. */
export const ArtifactKind = z.enum(['core', 'component', 'process']);
export type ArtifactKind = z.output<typeof ArtifactKind>;

export const Artifact = z.strictObject({ kind: ArtifactKind, sha256: Sha256, size: Count });
export type Artifact = z.output<typeof Artifact>;

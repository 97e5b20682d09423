import * as z from 'zod/mini';
import { SchemaVersion } from './primitives.ts';

/**
 * Where the bytes of a release can be fetched. The digest decides, so this list is unsigned and may only grow.
 * `https://...`, `npm:package@version#file`, `github:owner/repo@tag#asset`, `oci://registry/repo@sha256:...`, or
 * `workspace:folder` for plugins that are built inside the registry's own repository.
 */
export const SourceUri = z.string().check(
  z.maxLength(2000),
  z.regex(
    /^(?:https:\/\/[a-z0-9.-]+(?::\d{1,5})?\/[^\s"'<>\\^`{|}]*|npm:(?:@[a-z0-9-._~]+\/)?[a-z0-9-._~]+@[0-9A-Za-z.+-]+#(?!\.)[A-Za-z0-9_.@/-]+|github:[A-Za-z0-9-]+\/[A-Za-z0-9_.-]+@[A-Za-z0-9_.+/-]+#[A-Za-z0-9_.-]+|oci:\/\/[a-z0-9.:-]+\/[a-z0-9._/-]+@sha256:[0-9a-f]{64}|workspace:[a-z0-9-]+(?:\/[a-z0-9-]+)*)$/,
  ),
);
export type SourceUri = z.output<typeof SourceUri>;

export const Sources = z.strictObject({
  schemaVersion: SchemaVersion,
  sources: z.array(SourceUri).check(z.minLength(1), z.maxLength(20)),
});
export type Sources = z.output<typeof Sources>;

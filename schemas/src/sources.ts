import * as z from 'zod/mini';
import { SchemaVersion } from './primitives.ts';

// No part of a source may climb out of the folder, repository or package it is looked up in: not as `..`, not spelt `%2e`.
const SEGMENT = '(?!\\.{1,2}(?:[/@#]|$))[A-Za-z0-9_.+-]+';
const PACKAGE = '(?:@[a-z0-9][a-z0-9._~-]*/)?[a-z0-9][a-z0-9._~-]*';
const FORMS = [
  'https://[a-z0-9.-]+(?::\\d{1,5})?(?!.*/(?:\\.|%2[eE]){1,2}(?:[/?#]|$))/[!#-&(-;=?-\\[\\]_a-z~]*',
  `npm:${PACKAGE}@\\d[0-9A-Za-z.+-]*#${SEGMENT}(?:/${SEGMENT})*`,
  `github:[A-Za-z0-9-]+/${SEGMENT}@${SEGMENT}(?:/${SEGMENT})*#${SEGMENT}`,
  'oci://[a-z0-9.-]+(?::\\d{1,5})?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+@sha256:[0-9a-f]{64}',
  'workspace:[a-z0-9-]+(?:/[a-z0-9-]+)*',
];
const SOURCE_URI = new RegExp(`^(?:${FORMS.join('|')})$`);

/**
 * Where the bytes of a release can be fetched. The digest decides, so this list is unsigned and may only grow.
 * `https://...`, `npm:package@version#file`, `github:owner/repo@tag#asset`, `oci://registry/repo@sha256:...`, or
 * `workspace:folder` for plugins that are built inside the registry's own repository.
 */
export const SourceUri = z.string().check(z.maxLength(2000), z.regex(SOURCE_URI));
export type SourceUri = z.output<typeof SourceUri>;

export const Sources = z.strictObject({
  schemaVersion: SchemaVersion,
  sources: z.array(SourceUri).check(z.minLength(1), z.maxLength(20)),
});
export type Sources = z.output<typeof Sources>;

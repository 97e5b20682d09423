import * as z from 'zod/mini';
import { HttpsUrl, LicenseExpression, line, PluginId, SchemaVersion, text } from './primitives.ts';

/** Presentation only: may change without a new release, and nothing is decided on it. */
export const Listing = z.strictObject({
  schemaVersion: SchemaVersion,
  plugin: PluginId,
  title: line(80),
  summary: line(200),
  /** What it computes and on what data. */
  description: z.optional(text(4000)),
  categories: z.array(z.string().check(z.maxLength(40), z.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/))).check(z.maxLength(5)),
  keywords: z.array(line(40)).check(z.maxLength(20)),
  links: z.strictObject({
    homepage: z.optional(HttpsUrl),
    documentation: z.optional(HttpsUrl),
    source: z.optional(HttpsUrl),
    issues: z.optional(HttpsUrl),
  }),
  /** Whose work it is, when the publisher redistributes somebody else's. */
  upstream: z.optional(
    z.strictObject({
      title: line(120),
      authors: line(300),
      url: HttpsUrl,
      license: LicenseExpression,
      notice: text(1000),
    }),
  ),
});
export type Listing = z.output<typeof Listing>;

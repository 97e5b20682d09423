// The small files that machines look for. Pure; addresses are absolute, as their formats ask.

import type { Index, Policy } from '@plugmark/schemas';
import { escapeAttribute } from '../markdown/escape-html.ts';

/** New plugins stay out of search engines for a while, so that a look-alike cannot be found before others could object. */
export function isFindable(
  publishedAt: string,
  { generatedAt, waits }: { readonly generatedAt: string; readonly waits: Policy['waits'] },
): boolean {
  return Date.parse(generatedAt) - Date.parse(publishedAt) >= waits.noIndexDays * 86_400_000;
}

export function sitemap(paths: readonly string[], home: string): string {
  const urls = paths.map((path) => `<url><loc>${escapeAttribute(`${home}${path}`)}</loc></url>`);
  return `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.join('\n')}
</urlset>
`;
}

export const robots = (home: string): string => `User-agent: *\nAllow: /\nSitemap: ${home}sitemap.xml\n`;

/** RFC 9116. It ends when the registry's root does: whoever can renew that can renew this. */
export function securityText(contact: string, expires: string, home: string): string {
  return [
    `Contact: ${contact}`,
    `Expires: ${expires}`,
    'Preferred-Languages: en',
    `Canonical: ${home}.well-known/security.txt`,
    `Policy: ${home}docs/security-model/`,
    '',
  ].join('\n');
}

interface LinkedDoc {
  readonly slug: string;
  readonly title: string;
  readonly summary: string;
}

export function llmsText(
  title: string,
  summary: string,
  docs: readonly LinkedDoc[],
  { plugins }: Index,
  home: string,
): string {
  return [
    `# ${title}`,
    `> ${summary}`,
    `A static registry. Everything is a file; there is no API to call and no account. Files under v1/ are verified by nothing but TLS: before anything is loaded, use the client or the specification. "Verified" means that the publisher is known, never that code was read.`,
    `## Documentation\n\n${docs.map((doc) => `- [${doc.title}](${home}docs/${doc.slug}.md): ${doc.summary}`).join('\n')}`,
    `## Data\n\n- [Every plugin](${home}v1/index.json): ${plugins.length} of them\n- [What each file is](${home}api/openapi.json): OpenAPI\n- [What happened](${home}feeds/changes.json): JSON Feed`,
    '',
  ].join('\n\n');
}

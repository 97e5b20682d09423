import { type DocsPage, docsPages } from '../data/docs-pages.ts';
import { apiDoc, schemaDoc } from '../data/generated-docs.ts';
import { siteLink } from '../site-link.ts';
import { tree } from './this-tree.ts';

const WRITTEN = import.meta.glob<string>('../content/docs/*.md', { query: '?raw', import: 'default', eager: true });
const GENERATED = { schemas: schemaDoc, api: apiDoc };

/** Every page of the documentation, in reading order. */
export function allDocs(): readonly DocsPage[] {
  return docsPages(sources(), siteLink, tree.registry().repository);
}

function sources(): ReadonlyMap<string, string> {
  const written = Object.entries(WRITTEN).map(([path, text]) => [path.replace(/^.*\/|\.md$/g, ''), text] as const);
  const generated = Object.entries(GENERATED).map(([slug, make]) => [slug, make()] as const);
  return new Map([...written, ...generated]);
}

/** The text as it stands in the repository: what llms.txt points to. */
export function docsSource(slug: string): string {
  return sources().get(slug) ?? '';
}

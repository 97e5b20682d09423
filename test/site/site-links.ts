import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

/** Every file of the built pages as text, by path. */
export async function readPages(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(
    await Promise.all(
      files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')] as const),
    ),
  );
}

/** Links of our own that lead nowhere, or out of the base path. */
export async function brokenLinks(
  pages: ReadonlyMap<string, string>,
  { dist, base }: { readonly dist: string; readonly base: string },
): Promise<string[]> {
  const broken: string[] = [];
  for (const [path, html] of pages) {
    // The saved page knows no address of its own.
    if (!path.endsWith('.html') || path === 'verify.html') continue;
    for (const link of linksOf(html))
      if (!(await leadsSomewhere(link, { html, dist, base }))) broken.push(`${path}: ${link}`);
  }
  return broken;
}

function linksOf(html: string): string[] {
  const links = [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link = '']) => link.replaceAll('&amp;', '&'));
  return links.filter((link) => !/^https?:\/\//.test(link));
}

async function leadsSomewhere(
  link: string,
  { html, dist, base }: { readonly html: string; readonly dist: string; readonly base: string },
): Promise<boolean> {
  const [address = '', anchor] = link.split('#');
  const path = address.replace(/\?.*$/, '');
  if (path !== '' && !path.startsWith(base)) return false;
  const file = posix.join(dist, path.slice(base.length), path.endsWith('/') ? 'index.html' : '');
  if (path !== '' && !(existsSync(file) && statSync(file).isFile())) return false;
  if (anchor === undefined) return true;
  return (path === '' ? html : await readFile(file, 'utf8')).includes(` id="${anchor}"`);
}

/** Folders of files that differ, or that only one of two builds has. */
export async function changedFolders(before: string, after: string): Promise<string[]> {
  const [a, b] = [await readPages(before), await readPages(after)];
  const changed = [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path));
  return [...new Set(changed.map((path) => path.replace(/[^/]*$/, '')))].sort();
}

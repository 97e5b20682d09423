// A tree in which every text that a publisher, a maintainer or an advisory's author writes is an attack on the page that shows it.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Advisory, Changes, PackageDocument, PublisherList } from '@plugmark/schemas';

const ATTACK = '"><img src=x onerror=alert(1)></p><script>alert(1)</script>';
const SINCE = '2026-01-31T00:00:00Z';

/** Changes the plain JSON of one plugin, its publisher, the list of changes, and adds an advisory. */
export async function makeHostile(tree: string, plugin: string): Promise<void> {
  await change<PackageDocument>(join(tree, `v1/plugins/${plugin}.json`), hostileDocument);
  const [publisher = ''] = plugin.split('/');
  await change<{ title: string; identities: object[] }>(join(tree, `v1/publishers/${publisher}.json`), (json) => {
    json.title = ATTACK;
  });
  await change<PublisherList>(join(tree, 'v1/publishers.json'), ({ publishers }) => {
    for (const one of publishers) Object.assign(one, { title: ATTACK });
  });
  await change<Changes>(join(tree, 'v1/changes.json'), ({ changes }) => {
    for (const kind of ['yanked', 'widened'] as const)
      changes.unshift({ at: SINCE, kind, plugin, version: '1.0.0', detail: ATTACK });
  });
  await mkdir(join(tree, 'v1/advisories'), { recursive: true });
  await writeFile(join(tree, 'v1/advisories/x_TEST-2026-0001.json'), JSON.stringify(hostileAdvisory(plugin)));
}

async function change<T>(path: string, edit: (json: T) => void): Promise<void> {
  const json = JSON.parse(await readFile(path, 'utf8')) as T;
  edit(json);
  await writeFile(path, JSON.stringify(json));
}

function hostileAdvisory(plugin: string): Advisory {
  return {
    schema_version: '1.7.0',
    id: 'x_TEST-2026-0001',
    modified: SINCE,
    published: SINCE,
    aliases: [ATTACK.slice(0, 60)],
    summary: ATTACK,
    details: `${ATTACK}\n\n[x](javascript:alert(1))\n<iframe srcdoc="<script>alert(1)</script>">`,
    affected: [{ ranges: [], versions: ['1.0.0'], database_specific: { plugin, sha256: [] } }],
    references: [{ type: 'WEB', url: 'https://a.example/?&lt;script&gt;' }],
  };
}

function hostileDocument({ listing, publisher, releases }: PackageDocument): void {
  Object.assign(listing, {
    title: ATTACK,
    summary: ATTACK,
    description: `${ATTACK}\n[x](javascript:alert(1))`,
    upstream: { title: ATTACK, authors: ATTACK, url: 'https://a.example/?&lt', license: 'MIT', notice: ATTACK },
  });
  Object.assign(publisher, { title: ATTACK });
  const [, older] = releases;
  if (older !== undefined)
    Object.assign(older, { status: { state: 'yanked', since: SINCE, reasonCode: 'broken', reason: ATTACK } });
  for (const { release, analysis } of releases) {
    Object.assign(release, { notes: ATTACK });
    for (const declared of [
      ...release.capabilities,
      ...analysis.flatMap(({ capabilities }) => capabilities.declared ?? []),
    ])
      Object.assign(declared, { reason: ATTACK });
    for (const { capabilities, toolchain } of analysis) {
      toolchain.push(ATTACK);
      for (const { imports } of capabilities.derived) imports.push({ module: ATTACK, name: ATTACK });
    }
  }
}

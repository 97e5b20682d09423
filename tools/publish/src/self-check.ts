// Before a tree is written, a fresh client has to accept it: given the root and nothing else, it must resolve and verify every
// release that may be chosen. A tree no client accepts is never published.

import { ClientError, type InstalledPlugin, memoryStore, openRegistry } from '@plugmark/client';
import type { PackageDocument } from '@plugmark/schemas';
import { PublishError } from './error.ts';
import type { FileTree } from './file-tree.ts';

export interface SelfCheckInput {
  readonly tree: Pick<FileTree, 'get'>;
  readonly root: Uint8Array;
  readonly documents: readonly PackageDocument[];
  /** Digests no client may install, under whatever name they are listed. */
  readonly revoked: ReadonlySet<string>;
  readonly now: Date;
}

const ADDRESS = 'https://self-check.invalid/';

/** Every active release, verified by a fresh client. Throws SELF_CHECK with the client's code and what it was about. */
export async function selfCheck({ tree, root, documents, revoked, now }: SelfCheckInput): Promise<InstalledPlugin[]> {
  const client = openRegistry({
    url: ADDRESS,
    root,
    store: memoryStore(),
    fetch: fetchFrom(tree),
    now: () => now,
    policy: { minimumReleaseAgeMinutes: 0 },
    keyless: () => import('@plugmark/client/node'),
  });
  const active = documents.flatMap(({ plugin, releases }) =>
    releases.filter((release) => mayBeChosen(release, revoked)).map(({ release }) => `${plugin}@${release.version}`),
  );
  const installed: InstalledPlugin[] = [];
  for (const request of active) installed.push(await verify(client.install(request), request));
  if (active.length === 0) await verify(client.refresh(), 'metadata');
  return installed;
}

function mayBeChosen({ status, release }: PackageDocument['releases'][number], revoked: ReadonlySet<string>): boolean {
  return (status.state === 'active' || status.state === 'deprecated') && !revoked.has(release.artifact.sha256);
}

async function verify<T>(attempt: Promise<T>, what: string): Promise<T> {
  try {
    return await attempt;
  } catch (cause) {
    const code = cause instanceof ClientError ? cause.message : String(cause);
    throw new PublishError('SELF_CHECK', what, `a fresh client refuses it: ${code}`, { cause });
  }
}

/** A fetch that serves the tree, so that what is checked is what would be written. */
export function fetchFrom(tree: Pick<FileTree, 'get'>): typeof fetch {
  return async (input) => {
    const path = decodeURIComponent(new URL(String(input)).pathname.slice(1));
    const bytes = tree.get(path);
    if (bytes === undefined) return new Response(null, { status: 404 });
    return new Response(bytes as Uint8Array<ArrayBuffer>, {
      status: 200,
      headers: { 'content-type': 'application/octet-stream' },
    });
  };
}

// One fetch for several places: the registry, which may be a folder, GitHub, and OCI registries. A token goes to GitHub's API alone, never
// where that redirects to and never to a registry.

import { PUBLIC_API } from './github/github-api.ts';
import type { Io } from './io.ts';
import type { RegistryAddress } from './open-source.ts';

/** As in a job of GitHub Actions; elsewhere github.com. */
export function githubApi({ env }: Io): string {
  const named = env['GITHUB_API_URL'];
  const api = named === undefined || named === '' ? PUBLIC_API : named;
  return api.endsWith('/') ? api : `${api}/`;
}

/** `elsewhere`: what neither the registry nor GitHub has; by default the registry's own fetch answers, which knows nothing of it. */
export function fetchBeside(
  io: Io,
  registry: Pick<RegistryAddress, 'url' | 'fetch'>,
  elsewhere: typeof fetch = registry.fetch,
): typeof fetch {
  const api = githubApi(io);
  const token = io.env['GITHUB_TOKEN'] ?? io.env['GH_TOKEN'];
  return (input, init) => {
    const url = String(input);
    if (url.startsWith(registry.url)) return registry.fetch(input, init);
    const isApi = url.startsWith(api);
    if (!isApi && !isGitHubs(url, api)) return elsewhere(input, init);
    if (!isApi || token === undefined || token === '') return io.fetch(input, init);
    const headers = { ...Object.fromEntries(new Headers(init?.headers)), authorization: `Bearer ${token}` };
    return io.fetch(input, { ...init, headers });
  };
}

/** Where the client lets itself be redirected to. */
function isGitHubs(url: string, api: string): boolean {
  const { hostname, origin } = new URL(url);
  return origin === new URL(api).origin || hostname === 'github.com' || hostname.endsWith('.githubusercontent.com');
}

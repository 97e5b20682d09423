/** Address of a file or page of this site under whatever base path it is served; `path` has no leading slash. */
export function siteLink(path: string): string {
  return `${process.env['PLUGMARK_BASE'] ?? '/'}${path}`;
}

/** Where the registry is served: this site's address when it is known, else the one the registry gives itself. */
export function registryUrl(own: string): string {
  const site = process.env['PLUGMARK_SITE'];
  const url = site === undefined ? own : new URL(siteLink(''), site).href;
  return url.endsWith('/') ? url : `${url}/`;
}

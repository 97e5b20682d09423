import { type HostPage, hostPage } from '../data/host-page.ts';
import { SiteError } from '../data/site-error.ts';
import { tree } from './this-tree.ts';

/** Throws HOST_UNKNOWN. */
export function readHostPage(id: string): HostPage {
  const host = tree.hosts().get(id);
  if (host === undefined) throw new SiteError('HOST_UNKNOWN', `there is no host profile ${id}`);
  return hostPage(host);
}

import type { HostProfile } from '@plugmark/schemas';
import { type HostPage, hostPage } from '../data/host-page.ts';
import { SiteError } from '../data/site-error.ts';
import { tree } from './this-tree.ts';

/** Throws HOST_UNKNOWN. */
export const readHostPage = (id: string): HostPage => hostPage(readHostProfile(id));

/** Throws HOST_UNKNOWN. */
export function readHostProfile(id: string): HostProfile {
  const host = tree.hosts().get(id);
  if (host === undefined) throw new SiteError('HOST_UNKNOWN', `there is no host profile ${id}`);
  return host;
}

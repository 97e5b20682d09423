// The host's profile where no registry is asked for anything: the one the host was compiled with, else what this store has seen signed.
import { type HostProfile, hostProfile } from '../documents/host-profile.ts';
import { ClientError } from '../error.ts';
import { type SignedDocuments, signedDocuments } from '../signed-documents.ts';
import { loadTrusted } from '../trust/update.ts';
import type { PluginsContext } from './plugins-context.ts';
import { hostProfileJson } from './profile-target.ts';

export interface DirectProfile {
  readonly profile: HostProfile;
  /** The whole of it, for the analysis. */
  readonly json: unknown;
}

/** Throws HOST_UNKNOWN, DOCUMENT_MALFORMED, and where neither is there what asking the registry throws. */
export async function directProfile(context: PluginsContext): Promise<DirectProfile> {
  const { options } = context;
  const json =
    options.profile ?? (await storedProfile(context)) ?? (await listedProfile(await context.documents(), context));
  if (json === undefined) throw new ClientError('HOST_UNKNOWN', { host: options.host.id });
  const profile = hostProfile(json, { code: 'DOCUMENT_MALFORMED', path: 'profile' });
  if (profile.host === options.host.id) return { profile, json };
  throw new ClientError('HOST_UNKNOWN', { host: options.host.id, given: profile.host });
}

const listedProfile = (documents: SignedDocuments, { options }: PluginsContext): Promise<unknown> =>
  hostProfileJson(documents, options.host.id);

/** What was verified here before, without a request; however old, nobody else words what a capability means. */
async function storedProfile(context: PluginsContext): Promise<unknown> {
  const { root, store, now, keyless } = context.options;
  try {
    const tuf = await loadTrusted({ root, store, now: now() });
    return tuf && (await listedProfile(signedDocuments(tuf, { store, keyless }), context));
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === 'STORE') throw error;
    return undefined;
  }
}

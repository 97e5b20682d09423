// Where something lies in an OCI registry. What is taken is named by its digest: a tag is whatever somebody pointed it at last.

/** A repository of an OCI registry. */
export interface OciRepository {
  /** `ghcr.io`, `127.0.0.1:5000`. */
  readonly host: string;
  readonly name: string;
}

/** An artifact of an OCI registry, by the digest of its manifest. */
export interface OciReference extends OciRepository {
  /** `sha256:...` */
  readonly digest: string;
}

const HOST = '[a-z0-9.-]+(?::\\d{1,5})?';
const NAME = '[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*';
const TAG = '[A-Za-z0-9_][A-Za-z0-9._-]{0,127}';
const FORM = new RegExp(`^(?:oci://)?(${HOST})/(${NAME})(?:@(sha256:[0-9a-f]{64})|:(${TAG}))$`);
/** The registry's own limit is 255 for the name alone; a lockfile and a screen have to hold it. */
const MAX_LENGTH = 300;

/**
 * What a text names in an OCI registry, `oci://` before it or not: an artifact by digest, or a tag. Undefined for anything else, also
 * for a registry that is no host name as an address has it (`0x7f.1` is 127.0.0.1).
 */
export function readOciName(
  text: string,
): (OciRepository & { readonly digest?: string | undefined; readonly tag?: string | undefined }) | undefined {
  const [, host = '', name = '', digest, tag] = FORM.exec(text) ?? [];
  if (name === '' || `${host}/${name}`.length > MAX_LENGTH) return undefined;
  const url = URL.parse(`https://${host}`);
  return url?.hostname === host.replace(/:\d+$/, '') ? { host, name, digest, tag } : undefined;
}

/** As one reads it, and as `sources.json` names it. */
export const ociText = ({ host, name, digest }: OciReference): string => `oci://${host}/${name}@${digest}`;

/** Whether a registry is on this computer. */
export const isLoopbackRegistry = ({ host }: OciRepository): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3})(?::\d+)?$/.test(host);

/** Docker Hub answers under another name than the one everybody writes. */
const API_HOSTS = new Map([
  ['docker.io', 'registry-1.docker.io'],
  ['index.docker.io', 'registry-1.docker.io'],
]);

/** Where a registry answers; plain http where nothing leaves the machine, as every OCI tool does. No slash at the end. */
export function ociBase(repository: OciRepository): string {
  const host = API_HOSTS.get(repository.host) ?? repository.host;
  return `${isLoopbackRegistry(repository) ? 'http' : 'https'}://${host}`;
}

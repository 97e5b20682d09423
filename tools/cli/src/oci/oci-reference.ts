// Where something lies in an OCI registry. What is pulled is named by its digest: a tag is whatever somebody pointed it at last.

import { CliError } from '../cli-error.ts';

export interface OciRepository {
  /** `ghcr.io`, `127.0.0.1:5000`. */
  readonly host: string;
  readonly name: string;
}

export interface OciReference extends OciRepository {
  /** `sha256:...` of the manifest. */
  readonly digest: string;
}

const HOST = '[a-z0-9.-]+(?::\\d{1,5})?';
const NAME = '[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*';
const PINNED = new RegExp(`^(?:oci://)?(${HOST})/(${NAME})@(sha256:[0-9a-f]{64})$`);
const TAGGED = new RegExp(`^(?:oci://)?(${HOST})/(${NAME}):([A-Za-z0-9_][A-Za-z0-9._-]{0,127})$`);

/** `oci://registry/repository@sha256:...`. Throws OCI_REFERENCE. */
export function parseReference(text: string): OciReference {
  const [, host, name, digest] = PINNED.exec(text) ?? [];
  if (host !== undefined && name !== undefined && digest !== undefined) return { host, name, digest };
  const problem = TAGGED.test(text) ? 'names a tag, which may be another thing tomorrow' : 'is no reference by digest';
  throw new CliError('OCI_REFERENCE', `${text} ${problem}`);
}

/** `registry/repository:tag`. Throws OCI_REFERENCE. */
export function parseTarget(text: string): OciRepository & { readonly tag: string } {
  const [, host, name, tag] = TAGGED.exec(text) ?? [];
  if (host !== undefined && name !== undefined && tag !== undefined) return { host, name, tag };
  throw new CliError('OCI_REFERENCE', `${text} is not registry/repository:tag`);
}

export const referenceText = ({ host, name, digest }: OciReference): string => `oci://${host}/${name}@${digest}`;

/** Plain http where nothing leaves the machine, as every OCI tool does. */
export function registryBase({ host }: OciRepository): string {
  const isLocal = /^(?:localhost|127(?:\.\d{1,3}){3})(?::\d+)?$/.test(host);
  return `${isLocal ? 'http' : 'https'}://${host}`;
}

// What a person names of an OCI registry: by digest to pull, by tag to push. The grammar is the client's.

import { type OciReference, type OciRepository, readOciName } from '@plugmark/client';
import { CliError } from '../cli-error.ts';

/** `oci://registry/repository@sha256:...`. Throws OCI_REFERENCE. */
export function parseReference(text: string): OciReference {
  const { host, name, digest, tag } = readOciName(text) ?? {};
  if (host !== undefined && name !== undefined && digest !== undefined) return { host, name, digest };
  const problem = tag === undefined ? 'is no reference by digest' : 'names a tag, which may be another thing tomorrow';
  throw new CliError('OCI_REFERENCE', `${text} ${problem}`);
}

/** `registry/repository:tag`. Throws OCI_REFERENCE. */
export function parseTarget(text: string): OciRepository & { readonly tag: string } {
  const { host, name, tag } = readOciName(text) ?? {};
  if (host !== undefined && name !== undefined && tag !== undefined) return { host, name, tag };
  throw new CliError('OCI_REFERENCE', `${text} is not registry/repository:tag`);
}

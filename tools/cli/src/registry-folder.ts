// Where the registry's data lies: the folder named, the `registry/` of the repository the command runs in, or that of the
// repository this command is part of. And the overlay for development, which is never committed.

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HostProfile, Policy, parseJson } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';

/** The folder with registry.json. Throws REGISTRY_MISSING. */
export function registryFolder({ cwd }: Io, named?: string): string {
  if (named !== undefined) return requireRegistry(resolve(cwd, named));
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (isRegistry(join(folder, 'registry'))) return join(folder, 'registry');
    if (folder === dirname(folder)) break;
  }
  return requireRegistry(fileURLToPath(new URL('../../../registry', import.meta.url)));
}

const isRegistry = (folder: string): boolean => existsSync(join(folder, 'registry.json'));

function requireRegistry(folder: string): string {
  if (isRegistry(folder)) return folder;
  throw new CliError('REGISTRY_MISSING', `${folder} has no registry.json`);
}

/** The host's profile. Throws HOST_UNKNOWN, SchemaError. */
export async function hostProfile(registry: string, host: string): Promise<HostProfile> {
  const known = await hostNames(registry);
  if (!known.includes(host)) {
    const guess = known.find((name) => isNear(name, host));
    const suggestion = guess === undefined ? '' : ` (did you mean ${guess}?)`;
    throw new CliError('HOST_UNKNOWN', `there is no host ${host} in this registry${suggestion}`, {
      hint: `it has ${known.join(', ')}`,
    });
  }
  return parseJson(
    HostProfile,
    new Uint8Array(await readFile(join(registry, 'hosts', `${host}.json`))),
    `hosts/${host}.json`,
  );
}

/** The hosts that have a profile, by name. */
export async function hostNames(registry: string): Promise<string[]> {
  const files = await readdir(join(registry, 'hosts')).catch(() => []);
  return files.flatMap((file) => /^([a-z0-9-]+)\.json$/.exec(file)?.[1] ?? []).sort();
}

/** One letter added, left out or changed, or two neighbours swapped; or the beginning of the name. */
function isNear(name: string, typed: string): boolean {
  const text = typed.toLowerCase();
  if (text.length >= 3 && name.startsWith(text)) return true;
  let start = 0;
  while (start < text.length && text[start] === name[start]) start++;
  const [a, b] = [name.slice(start), text.slice(start)];
  const swapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1) || swapped;
}

export async function registryPolicy(registry: string): Promise<Policy> {
  return parseJson(Policy, new Uint8Array(await readFile(join(registry, 'policy.json'))), 'policy.json');
}

/** Development state beside the registry's folder: keys, trust, ledger, built example plugins. Ignored by git. */
export interface Overlay {
  readonly keys: string;
  readonly trust: string;
  readonly ledger: string;
  readonly artifacts: string;
  readonly root: string;
  /** Files laid over the registry's own in a development build: demonstrations that are not for everybody's registry. */
  readonly registry: string;
}

export function developmentOverlay(registry: string): Overlay {
  const folder = join(dirname(registry), '.plugmark', 'dev');
  const inside = (name: string): string => join(folder, name);
  return {
    keys: inside('keys'),
    trust: inside('trust'),
    ledger: inside('ledger'),
    artifacts: inside('artifacts'),
    root: inside('trust/metadata/1.root.json'),
    registry: inside('registry'),
  };
}

// The plugins a host has, as commands reach them: a store, a lockfile in the folder, a registry where one is needed, and the person.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type AskConsent, decodeLockfile, type LockfilePort, openPlugins, type Plugins } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
import type { HostProfile } from '@plugmark/schemas';
import type { Command } from 'commander';
import { askConsent } from './ask-consent.ts';
import { CliError } from './cli-error.ts';
import { fetchBeside, githubApi } from './fetch-beside.ts';
import { inspectPort } from './inspect-port.ts';
import { type Io, say } from './io.ts';
import { registryAddress, trustedRoot } from './open-source.ts';
import { parseYaml } from './parse-yaml.ts';
import { hostNames, hostProfile, registryFolder, registryPolicy } from './registry-folder.ts';
import { replaceFile } from './replace-file.ts';
import { showProgress } from './show-progress.ts';

export interface ManagedOptions {
  readonly registry?: string;
  readonly root?: string;
  readonly store: string;
  readonly lockfile: string;
  readonly host?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly input?: boolean;
  readonly allowUnsigned?: true;
  readonly askUndeclared?: true;
  readonly json?: true;
}

/** Where plugins are kept; every command that touches them has these. */
export function keepingOptions(command: Command): Command {
  return command
    .option('--store <folder>', 'where verified files are kept', '.plugmark/store')
    .option('--lockfile <file>', 'what is installed', 'plugmark.lock')
    .option('--host <host[@api]>', 'the host application (default: the lockfile’s)');
}

/** Where the registry is, and what it is trusted by. */
export function registryOptions(command: Command, { required = true }: { readonly required?: boolean } = {}): Command {
  const [flags, text] = ['--registry <url|folder>', 'where the registry is served'] as const;
  return (required ? command.requiredOption(flags, text) : command.option(flags, text)).option(
    '--root <file>',
    'the root file you trust (default: the development root of this repository)',
  );
}

/** How a person, or a script in his place, agrees. */
export function consentOptions(command: Command): Command {
  return command
    .option('--allow <capability>', 'agree to this capability (repeat it for several)', collect)
    .option('--deny <capability>', 'let the plugin run without this capability', collect)
    .option('--allow-unsigned', 'agree to a plugin from a repository, whose publisher nobody vouches for')
    .option('--ask-undeclared', 'ask about what a plugin can do and does not declare, instead of refusing it')
    .option('--no-input', 'ask nothing: what has to be asked is refused');
}

export const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

/** Throws HOST_UNKNOWN where neither an option nor a lockfile names the host. */
export async function openManaged(io: Io, options: ManagedOptions): Promise<Plugins> {
  const lockfile = lockfileAt(resolve(io.cwd, options.lockfile));
  const host = await hostOf(options, lockfile);
  const isOnline = options.registry !== undefined;
  const registry = isOnline ? await registryAddress(io, options.registry as string) : OFFLINE;
  const data = registryFolder(io);
  // Without a registry nothing is believed but what the store proves, and only what needs no proof runs without a root.
  const needsRoot = isOnline || options.root !== undefined;
  return openPlugins({
    url: registry.url,
    // Of other addresses the client asks OCI registries alone, and only for what a person or the lockfile names.
    fetch: fetchBeside(io, registry, io.fetch),
    host,
    ...(isOnline ? {} : { profile: await shippedProfile(data, host.id) }),
    root: needsRoot ? await trustedRoot(io, options.root, (text) => say(io, text)) : new Uint8Array(),
    store: fileStore(resolve(io.cwd, options.store)),
    lockfile,
    pinName: createHash('sha256').update(resolve(io.cwd, options.lockfile)).digest('hex').slice(0, 32),
    now: io.now,
    keyless: () => import('@plugmark/client/node'),
    // A person at a terminal decides, so programs are asked about and not refused from the start.
    policy: {
      kinds: ['core', 'component', 'process'],
      tiers: ['built-in', 'verified', 'community', 'local'],
      undeclared: options.askUndeclared ? 'ask' : 'refuse',
    },
    inspect: inspectPort({ policy: await registryPolicy(data), now: io.now }),
    readManifest: parseYaml,
    github: { api: githubApi(io) },
    consent: consentOf(io, options),
    onProgress: showProgress(io),
  });
}

/** The profile this program came with, for plugins that no registry lists; a registry that is named gives its own, signed. */
async function shippedProfile(data: string, host: string): Promise<HostProfile | undefined> {
  return (await hostNames(data)).includes(host) ? hostProfile(data, host) : undefined;
}

/** Throws USAGE where none was named and the lockfile has plugins of one. */
export async function requireRegistry(io: Io, { registry, lockfile }: ManagedOptions): Promise<void> {
  if (registry !== undefined) return;
  const bytes = await lockfileAt(resolve(io.cwd, lockfile)).read();
  const plugins = bytes === undefined ? [] : decodeLockfile(bytes).plugins;
  if (plugins.length > 0 && plugins.every(({ source }) => source.kind !== 'registry')) return;
  throw new CliError('USAGE', "required option '--registry <url|folder>' not specified", {
    hint: 'name the registry that the plugins come from',
  });
}

const OFFLINE = {
  url: 'http://offline.invalid/',
  fetch: async (): Promise<Response> => {
    throw new CliError('REGISTRY_MISSING', 'no registry was named');
  },
};

function lockfileAt(path: string): LockfilePort {
  return {
    read: () =>
      readFile(path).then(
        (bytes) => new Uint8Array(bytes),
        (cause: NodeJS.ErrnoException) => {
          if (cause.code === 'ENOENT') return undefined;
          throw cause;
        },
      ),
    write: (bytes) => replaceFile(path, bytes),
  };
}

async function hostOf(
  { host, lockfile: path }: ManagedOptions,
  lockfile: LockfilePort,
): Promise<{ id: string; api?: string }> {
  if (host !== undefined) {
    const [id = '', api] = host.split('@');
    return api === undefined ? { id } : { id, api };
  }
  const bytes = await lockfile.read();
  if (bytes !== undefined) return { id: decodeLockfile(bytes).host };
  throw new CliError('HOST_UNKNOWN', `there is no ${path} here that would name the host`, {
    hint: 'name it with --host, or run the command where the lockfile is',
  });
}

type Consenting = Pick<ManagedOptions, 'allow' | 'deny' | 'input'> & { readonly allowUnsigned?: boolean };

function consentOf(io: Io, { allow = [], deny = [], allowUnsigned = false, input = true }: Consenting): AskConsent {
  return askConsent(io, { allow, deny, unsigned: allowUnsigned, mayAsk: input });
}

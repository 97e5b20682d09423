import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { generateKey, generateSealedKey, type KeySigner, openKey, publicKeyOf } from '@plugmark/publish';
import type { CeremonyResult, TrustRoles } from '@plugmark/schemas';
import type { Command } from 'commander';
import { type Ceremony, proposalFor, signAndWrite, withCeremony } from '../ceremony.ts';
import { CliError } from '../cli-error.ts';
import { cosignWorkflow } from '../cosign-listing.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, say } from '../io.ts';
import { newPassphrase } from '../passphrase.ts';
import { printCeremony } from '../print-ceremony.ts';
import { readInput } from '../read-input.ts';
import {
  type Holder,
  type HoldersByRole,
  isOffline,
  keyFileOf,
  OFFLINE,
  ONLINE,
  type RoleName,
  rolesOf,
} from '../role-keys.ts';

interface InitOptions {
  readonly registry?: string;
  readonly trust?: string;
  readonly keys: string;
  readonly holder: string[];
  readonly threshold: string[];
  readonly passphraseFile?: string;
  readonly input: boolean;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark root init --keys ~/plugmark-keys
  plugmark root init --keys keys --threshold root=2 \\
    --holder root=ada.pem --holder root=grace.pem`;

export function rootInitCommand(root: Command, io: Io, finish: (exit: ExitCode) => void): void {
  root
    .command('init')
    .summary('make the first root of a registry')
    .description(
      'Writes roles.json, makes a sealed key for each offline role nobody is named for and plain ones for the publishing job, and signs the first root, targets and revocations as far as their keys are here. Once only: another root is another registry.',
    )
    .requiredOption('--keys <folder>', 'where to write new keys: not in a repository')
    .option('--holder <role=file...>', 'a key that exists already: PEM, private or public, or sealed', [])
    .option('--threshold <role=n...>', 'how many of a role’s holders must sign (default: 1)', [])
    .option('--passphrase-file <file>', 'a file with the passphrase for new keys (or set PLUGMARK_PASSPHRASE)')
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--trust <folder>', 'where to write the signed trust (default: trust/ in the registry)')
    .option('--no-input', 'never ask')
    .option('--json', 'one line of JSON (schema: ceremony-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: InitOptions) => {
      await withCeremony(io, options, async (ceremony) => {
        const { result, roles } = await init(io, ceremony, options);
        printCeremony(io, result, { json: options.json, roles });
      });
      finish(EXIT.ok);
    });
}

async function init(
  io: Io,
  ceremony: Ceremony,
  options: InitOptions,
): Promise<{ result: CeremonyResult; roles: TrustRoles }> {
  const { current, pending, roles: before } = ceremony.folder;
  if (current !== undefined || pending !== undefined || before !== undefined)
    throw new CliError('TRUST_EXISTS', `${ceremony.trust} has a root or a plan for one already`);
  const thresholds = thresholdsOf(options);
  const keys = await holders(io, options, rolesToHold(ceremony, options));
  const roles = rolesOf(keys, thresholds, io.now());
  const planned = { ...ceremony, folder: { ...ceremony.folder, roles } };
  const signers = OFFLINE.flatMap((role) => keys[role].flatMap(({ signer }) => signer ?? []));
  const result = await signAndWrite(planned, await proposalFor(planned, io.now()), unique(signers));
  return { result, roles };
}

const unique = (signers: readonly KeySigner[]): KeySigner[] => [
  ...new Map(signers.map((signer) => [signer.keyId, signer])).values(),
];

/** All, but for the co-signing key where the registry’s own workflow co-signs: nobody would use it, and somebody might rely on it. */
function rolesToHold({ source }: Ceremony, { holder, threshold }: InitOptions): readonly RoleName[] {
  const roles: readonly RoleName[] = [...OFFLINE, ...ONLINE];
  if (cosignWorkflow(source) === undefined) return roles;
  const isCosign = (text: string): boolean => text.startsWith('cosign=');
  if ([...holder, ...threshold].some(isCosign))
    throw new CliError('USAGE', 'no key co-signs here: registry.json names the registry’s own workflow');
  return roles.filter((role) => role !== 'cosign');
}

async function holders(io: Io, options: InitOptions, roles: readonly RoleName[]): Promise<HoldersByRole> {
  const named = options.holder.map((text) => assignment(text, '--holder'));
  const missing = roles.filter((role) => named.every((holder) => holder.role !== role));
  const folder = resolve(io.cwd, options.keys);
  const files = missing.map((role) => [role, join(folder, keyFileOf(role))] as const);
  for (const [role, path] of files)
    if (existsSync(path)) throw new CliError('FILE_EXISTS', `${keyFileOf(role)} is in ${options.keys} already`);
  const isSealing = missing.some(isOffline);
  const passphrase = isSealing ? await newPassphrase(io, 'the new keys', options) : '';
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found: Record<RoleName, Holder[]> = { root: [], targets: [], revocations: [], online: [], cosign: [] };
  for (const { role, value } of named) found[role].push(await existing(io, value));
  for (const [role, path] of files) {
    const bytes = isOffline(role)
      ? generateSealedKey('ecdsa-p256', passphrase)
      : new TextEncoder().encode(generateKey('ecdsa-p256'));
    await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
    say(
      io,
      `wrote ${keyFileOf(role)}${isOffline(role) ? ', sealed with your passphrase' : ', for the publishing job’s secrets'}`,
    );
    const signer = openKey(bytes, keyFileOf(role), passphrase);
    found[role].push({ side: signer, signer, name: keyFileOf(role) });
  }
  return found;
}

async function existing(io: Io, file: string): Promise<Holder> {
  const bytes = await readInput(io, file);
  const side = publicKeyOf(bytes, file);
  const isOpen = new TextDecoder().decode(bytes).includes('PRIVATE KEY');
  return { side, name: file, ...(isOpen ? { signer: openKey(bytes, file, undefined) } : {}) };
}

function assignment(text: string, option: string): { role: RoleName; value: string } {
  const at = text.indexOf('=');
  const role = [...OFFLINE, ...ONLINE].find((name) => name === text.slice(0, Math.max(at, 0)));
  if (role !== undefined) return { role, value: text.slice(at + 1) };
  throw new CliError('USAGE', `${option} ${text} does not begin with a role and an equals sign`, {
    hint: `roles are ${[...OFFLINE, ...ONLINE].join(', ')}`,
  });
}

type Thresholds = ReadonlyMap<RoleName, number>;

/** Before any key is made: a role that could never be signed must not leave key files behind. */
function thresholdsOf({ threshold, holder }: InitOptions): Thresholds {
  const named = holder.map((text) => assignment(text, '--holder').role);
  const wanted = threshold
    .map((text) => assignment(text, '--threshold'))
    .map(({ role, value }) => ({ role, n: count(value) }));
  for (const { role, n } of wanted) {
    const keys = Math.max(1, named.filter((name) => name === role).length);
    if (n > keys)
      throw new CliError('USAGE', `${role} asks for ${n} signatures and has ${keys} ${keys === 1 ? 'key' : 'keys'}`);
  }
  return new Map(wanted.map(({ role, n }) => [role, n]));
}

export function count(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new CliError('USAGE', `${text} is not a number of signatures`);
}

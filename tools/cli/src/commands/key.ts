import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { generateKey, type KeyAlgorithm, type KeySigner, keySigner, sealKey } from '@plugmark/publish';
import { type KeyIdentity, parseJson, Registry } from '@plugmark/schemas';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson, say } from '../io.ts';
import { openKeyFile } from '../open-key-file.ts';
import { newPassphrase, type PassphraseOptions } from '../passphrase.ts';
import { registryFolder } from '../registry-folder.ts';
import { signAgain, writeBundle } from '../sign-again.ts';

const GENERATE_EXAMPLE = `
Examples:
  plugmark key generate ~/.config/plugmark/acme.pem
  plugmark key generate --seal ~/.config/plugmark/acme.key.json`;

const PASSPHRASE_OPTION = [
  '--passphrase-file <file>',
  'for a sealed key: a file with the passphrase (or set PLUGMARK_PASSPHRASE)',
] as const;

export function keyCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const key = program
    .command('key')
    .summary('make and show signing keys')
    .description('Long-lived signing keys, for publishers who do not sign from a workflow.');
  key
    .command('generate')
    .summary('make a signing key')
    .description(
      'Writes a new private key (PKCS#8 PEM, readable by you alone; with --seal a file that opens with a passphrase only) and prints the identity to add to your publisher file. Keep the file out of your repository.',
    )
    .argument('<file>', 'where to write the private key; an existing file is never overwritten')
    .addOption(
      new Option('--algorithm <algorithm>', 'kind of key').choices(['ed25519', 'ecdsa-p256']).default('ed25519'),
    )
    .option('--seal', 'encrypt it with a passphrase')
    .option(...PASSPHRASE_OPTION)
    .option('--no-input', 'never ask')
    .option('--json', 'one line of JSON (schema: key-identity)')
    .addHelpText('after', GENERATE_EXAMPLE)
    .action(async (file: string, options: GenerateOptions) => {
      const pem = generateKey(options.algorithm);
      await writeNewKey(resolve(io.cwd, file), await keyBytes(io, pem, file, options), file);
      say(io, `wrote ${file}: keep it secret, and keep a copy outside the repository`);
      if (!options.json) say(io, 'add this to identities in registry/publishers/<you>.json:');
      show(io, keySigner(pem, file), options);
      finish(EXIT.ok);
    });
  key
    .command('show')
    .summary('print the public side of a key')
    .description('Prints the identity of a private key file, as a publisher file lists it.')
    .argument('<file>', 'a private key: sealed (key.json) or PEM')
    .option(...PASSPHRASE_OPTION)
    .option('--no-input', 'never ask')
    .option('--json', 'one line of JSON (schema: key-identity)')
    .action(async (file: string, options: ShowOptions) => {
      // Opened although the public part of a sealed file is readable: only so is it the part of the key that lies in it.
      show(io, await openKeyFile(io, file, options), options);
      finish(EXIT.ok);
    });
  proveCommand(key, io, finish);
}

const PROVE_EXAMPLE = `
Example:
  plugmark key prove new.pem \\
    --release registry/plugins/acme/thing/1.2.0`;

function proveCommand(key: Command, io: Io, finish: (exit: ExitCode) => void): void {
  key
    .command('prove')
    .summary('show that you hold a new key')
    .description(
      'Signs a release you already published with a new key: the proof that a registry asks for before the key is listed. Prints the identity to add to your publisher file.',
    )
    .argument('<file>', 'the new private key: sealed (key.json) or PEM')
    .requiredOption('--release <folder>', 'version folder of a release of yours')
    .option('--registry <folder>', 'data of the registry (default: the nearest registry/)')
    .option(...PASSPHRASE_OPTION)
    .option('--no-input', 'never ask')
    .option('--json', 'one line of JSON (schema: key-identity)')
    .addHelpText('after', PROVE_EXAMPLE)
    .action(async (file: string, options: ProveOptions) => {
      const registryData = registryFolder(io, options.registry);
      const signer = await openKeyFile(io, file, options);
      const bytes = new Uint8Array(await readFile(join(registryData, 'registry.json')));
      const registry = parseJson(Registry, bytes, 'registry.json').id;
      const folder = resolve(io.cwd, options.release);
      const { release, bundle } = await signAgain(folder, { registry, signer, named: options.release });
      const { plugin, version } = release;
      const place = join('publishers', plugin.split('/')[0] ?? '', 'proofs', `${signer.keyId}.sigstore.json`);
      await writeBundle(io, join(registryData, place), bundle);
      if (!options.json) say(io, `wrote ${place}`);
      if (!options.json) say(io, 'add this to identities in your publisher file:');
      show(io, signer, options, { plugin, version });
      finish(EXIT.ok);
    });
}

interface ShowOptions extends PassphraseOptions {
  readonly json?: true;
}

interface GenerateOptions extends ShowOptions {
  readonly algorithm: KeyAlgorithm;
  readonly seal?: true;
}

interface ProveOptions extends ShowOptions {
  readonly release: string;
  readonly registry?: string;
}

async function keyBytes(io: Io, pem: string, file: string, options: GenerateOptions): Promise<Uint8Array> {
  if (options.seal !== undefined) return sealKey(pem, await newPassphrase(io, file, options));
  // Whoever names a passphrase believes the file is sealed.
  if (options.passphraseFile === undefined) return new TextEncoder().encode(pem);
  throw new CliError('USAGE', '--passphrase-file is for a key that is sealed', { hint: 'add --seal' });
}

async function writeNewKey(path: string, key: Uint8Array, named: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(key);
    await file.close();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new CliError('FILE_EXISTS', `${named} exists already and is left as it is`, { cause });
    throw cause;
  }
}

function show(io: Io, signer: KeySigner, { json }: { json?: true }, proof?: KeyIdentity['proof']): void {
  const identity: KeyIdentity = {
    kind: 'key',
    algorithm: signer.algorithm,
    keyId: signer.keyId,
    publicKey: Buffer.from(signer.spki).toString('base64'),
    from: `${io.now().toISOString().slice(0, 19)}Z`,
    ...(proof === undefined ? {} : { proof }),
  };
  if (json) printJson(io, identity);
  else print(io, JSON.stringify(identity, null, 2));
}

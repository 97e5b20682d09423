import { visible } from '@plugmark/analysis';
import type { TrustedKey, TrustedKeys } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson, say } from '../io.ts';
import { readTrustedKey, readTrustedKeys, trustFile, writeTrustedKeys } from '../trusted-keys.ts';

interface TrustOptions {
  readonly file?: string;
  readonly json?: true;
}

const FILE = ['--file <file>', 'the list (default: plugmark/trusted-keys.json in your configuration)'] as const;
const JSON_LINE = ['--json', 'one line of JSON (schema: trusted-keys)'] as const;

export function trustCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const trust = program
    .command('trust')
    .summary('keys this machine trusts for detached signatures')
    .description(
      'The keys whose detached signatures (plugin.wasm.sig) count on this machine, for hosts that check plugins without a registry.',
    );
  const show = (keys: TrustedKeys, { json }: TrustOptions): void => {
    if (json) printJson(io, keys);
    else print(io, keys.keys.map(renderKey).join('\n') || 'no key is trusted');
    finish(EXIT.ok);
  };
  trust
    .command('list')
    .summary('print the trusted keys')
    .description('Prints the trusted keys, one a line.')
    .option(...FILE)
    .option(...JSON_LINE)
    .action(async (options: TrustOptions) => show(await readTrustedKeys(trustFile(io, options.file)), options));
  trust
    .command('add')
    .summary('trust a key')
    .description('Adds a public Ed25519 key. Get it from its owner, not from where the plugin came from.')
    .argument('<key>', 'a public key (PEM), or the output of plugmark key show')
    .requiredOption('--name <name>', 'whose key it is')
    .option(...FILE)
    .option(...JSON_LINE)
    .action(async (key: string, options: TrustOptions & { name: string }) => {
      const path = trustFile(io, options.file);
      const added = await readTrustedKey(io, key, options.name);
      const { keys } = await readTrustedKeys(path);
      const next = { schemaVersion: 1 as const, keys: [...keys.filter(({ keyId }) => keyId !== added.keyId), added] };
      await writeTrustedKeys(path, next);
      if (!options.json) say(io, `trusted: ${visible(added.name)}`);
      show(next, options);
    });
  trust
    .command('remove')
    .summary('trust a key no longer')
    .description('Removes the key with this id, or with an id that begins so and is the only one.')
    .argument('<keyId>', 'at least eight digits of it')
    .option(...FILE)
    .option(...JSON_LINE)
    .action(async (keyId: string, options: TrustOptions) => {
      const path = trustFile(io, options.file);
      const trusted = await readTrustedKeys(path);
      const removed = onlyKey(trusted, keyId);
      const next = { ...trusted, keys: trusted.keys.filter((key) => key !== removed) };
      await writeTrustedKeys(path, next);
      if (!options.json) say(io, `no longer trusted: ${visible(removed.name)}`);
      show(next, options);
    });
}

function onlyKey({ keys }: TrustedKeys, keyId: string): TrustedKey {
  if (keyId.length < 8) throw new CliError('USAGE', 'give at least eight digits of the key’s id');
  const [found, ...more] = keys.filter((key) => key.keyId.startsWith(keyId.toLowerCase()));
  if (found === undefined) throw new CliError('KEY_UNLISTED', `no trusted key has an id that begins with ${keyId}`);
  if (more.length > 0) throw new CliError('USAGE', `${more.length + 1} trusted keys have ids that begin with ${keyId}`);
  return found;
}

function renderKey({ keyId, name, added }: TrustedKey): string {
  return `${keyId}\n  ${visible(name)}, since ${added.slice(0, 10)}`;
}

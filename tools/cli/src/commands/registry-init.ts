import { relative, resolve } from 'node:path';
import { wrap } from '@plugmark/analysis';
import { parse, RegistryInitResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { initRegistry, type NewOffice } from '../office/init-registry.ts';
import { keysBeside, madePassphrase, PASSPHRASE_FILE, requireOutside } from '../office/office-keys.ts';
import { openMembers, type WishOptions, wishesFor } from '../office/registry-wishes.ts';
import { SECRETS, SETTINGS } from '../office/settings.ts';
import { newPassphrase } from '../passphrase.ts';

interface InitOptions extends WishOptions {
  readonly keys?: string;
  readonly passphraseFile?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark registry init . --id lab.example --keys ~/lab-keys
  plugmark registry init office --id lab.example --no-input \\
    --url https://plugins.lab.example/ --passphrase-file passphrase.txt`;

export function registryInitCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('init')
    .summary('set up a registry of your own')
    .description(
      'Makes a registry of your own out of a fork, or in an empty folder: another id, fresh keys and a first root, without the other registry’s publishers, plugins, maintainers and trust. Then it says what is still to be set on GitHub. Run it again after an interruption: it goes on with the same keys.',
    )
    .argument('<folder>', 'the fork’s folder, or a new or empty one')
    .requiredOption('--id <id>', 'a name that stays: signatures bind it, such as plugins.lab.example')
    .option(
      '--keys <folder>',
      'where to write the keys: outside of every repository (default: <folder>-keys, or plugmark-keys/<id> at home)',
    )
    .option('--passphrase-file <file>', 'a file with the passphrase for the offline keys (or set PLUGMARK_PASSPHRASE)')
    .option('--title <text>', 'what people call it (default: the id)')
    .option('--url <url>', 'where it will be served (default: the Pages of the folder’s GitHub repository)')
    .option('--contact <text>', 'whom people write to (default: the issues of that repository)')
    .option('--repository <owner/name>', 'its repository on GitHub (default: the one that the folder is a clone of)')
    .option('--maintainer <login=number...>', 'who decides what policy does not: account and its number', [])
    .option('--keep', 'keep publishers, plugins and advisories; their verification is not kept')
    .option('--upstream [root.json]', 'list the other registry as upstream, by the root you trust (default: its own)')
    .option('--no-input', 'ask nothing; a passphrase nobody gave is made and lies with the keys')
    .option('--json', 'one line of JSON (schema: registry-init-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, options: InitOptions) => {
      const result = await init(io, folder, options);
      if (options.json) printJson(io, result);
      else print(io, render(result));
      finish(EXIT.ok);
    });
}

async function init(io: Io, named: string, options: InitOptions): Promise<RegistryInitResult> {
  const folder = resolve(io.cwd, named);
  const keys = options.keys === undefined ? keysBeside(io, folder, options.id) : resolve(io.cwd, options.keys);
  const shownKeys = options.keys ?? relative(io.cwd, keys);
  requireOutside(keys, { folder, named: shownKeys });
  const passphrase = async (): Promise<string | undefined> => {
    const made = await madePassphrase(keys);
    const isNamed = options.passphraseFile !== undefined || io.env['PLUGMARK_PASSPHRASE'] !== undefined;
    if (!isNamed && (made !== undefined || !options.input)) return made;
    return newPassphrase(io, 'the new keys', options);
  };
  const wishes = wishesFor(io, folder, options);
  const made = await initRegistry(io, { folder, named, keys, id: options.id, wishes, passphrase });
  return parse(
    RegistryInitResult,
    resultOf(made, { named, keys: shownKeys, made: await madePassphrase(keys) }),
    'result',
  );
}

interface Shown {
  readonly named: string;
  readonly keys: string;
  readonly made: string | undefined;
}

function resultOf(
  { from, wishes, keys, root, removed }: NewOffice,
  { named, keys: folder, made }: Shown,
): RegistryInitResult {
  return {
    registry: wishes.id,
    folder: named,
    from,
    root,
    keys: { folder, files: [...keys.files], ...(made === undefined ? {} : { passphraseFile: PASSPHRASE_FILE }) },
    kept: wishes.keep,
    removed,
    ...(wishes.upstream === undefined ? {} : { upstream: wishes.upstream.listed.id }),
    open: openMembers(wishes),
    settings: Object.entries(SETTINGS).map(([id, { title, fix }]) => ({ id, title, fix })),
    secrets: SECRETS.map(({ name, environment, file }) => ({
      name,
      environment,
      ...(file === undefined ? {} : { file }),
    })),
  };
}

function render(result: RegistryInitResult): string {
  const { registry, folder, from, root, keys, kept, removed, upstream, settings, secrets } = result;
  return [
    `${registry}: a registry of its own in ${folder}, made from ${from}`,
    `  root     ${root.path}, version ${root.version}`,
    `           sha256 ${root.sha256}`,
    `  keys     ${keys.folder}:`,
    ...wrap(keys.files.join(', '), 69).map((line) => `           ${line}`),
    kept
      ? `  kept     publishers (nobody verified) and plugins; their releases were signed for ${from}:`
      : `  removed  ${removed.publishers} publishers, ${removed.plugins} plugins with ${removed.releases} releases`,
    ...(kept ? ['           a build refuses each until its publisher signs it again'] : []),
    ...(upstream === undefined ? [] : [`  upstream ${upstream}, by its root`]),
    '',
    'Next:',
    ...nextSteps(result),
    '',
    'On GitHub (plugmark doctor --settings looks at it):',
    ...settings.flatMap(({ title, fix }) => [`- ${title}`, ...wrap(fix, 76).map((line) => `    ${line}`)]),
    '',
    'Secrets:',
    ...secrets.map(
      ({ name, environment, file }) =>
        `- ${name} in the environment ${environment}${file === undefined ? '' : `: ${keys.folder}/${file}`}`,
    ),
  ].join('\n');
}

function nextSteps({ folder, root, keys, upstream, open }: RegistryInitResult): string[] {
  return [
    ...(keys.passphraseFile === undefined
      ? []
      : [`- move ${keys.passphraseFile} away from the keys: together they are as good as no passphrase`]),
    '- keep the .key.json files offline, in two places',
    '- commit registry/ and .github/; the workflow ci tests the tools with the',
    '  example plugins of the registry, so disable it where those are gone',
    ...(open.length === 0 ? [] : [`- write into registry/registry.json: ${open.join(', ')}`]),
    ...(upstream === undefined
      ? []
      : [
          `- take over what you approve of ${upstream}: plugmark mirror approve, then`,
          '  plugmark mirror sync, then plugmark root sign',
        ]),
    `- plugmark registry build --registry ${folder}/registry --trust ${folder}/registry/trust \\`,
    `    --keys ${keys.folder} --ledger ledger --out tree`,
    '- give applications the root, which is what they trust:',
    `    ${folder}/${root.path}`,
  ];
}

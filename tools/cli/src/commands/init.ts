import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  type HostProfile,
  InitResult,
  isValid,
  LicenseExpression,
  parse,
  parseJson,
  Registry,
} from '@plugmark/schemas';
import { type Command, Option } from 'commander';
import { askInit, type InitAnswers } from '../ask-init.ts';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson, say } from '../io.ts';
import { presentFiles, writePluginFolder } from '../new-plugin-folder.ts';
import { pluginFiles } from '../plugin-files.ts';
import { type NameRules, NO_PUBLISHER, nameFromFolder, nameRules } from '../plugin-name.ts';
import { conventionFor, hasTemplate, TEMPLATE_NAMES, TEMPLATES, type TemplateName } from '../plugin-templates.ts';
import { hostNames, hostProfile, registryFolder } from '../registry-folder.ts';
import { repositoryOwner } from '../repository-owner.ts';

interface InitOptions {
  readonly host?: string;
  readonly template?: TemplateName;
  readonly plugin?: string;
  readonly license: string;
  readonly registry?: string;
  /** commander: false with --no-input. */
  readonly input: boolean;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark init note-shift --host conductor --template rust
  plugmark init . --host ddalab --template assemblyscript \\
    --plugin acme/band-power --no-input`;

export function initCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('init')
    .summary('start a plugin: a folder that builds and passes check')
    .description(
      'Writes a plugin’s folder for a host: a source with one small working function, manifest, test vectors, a build command, and the workflow that publishes a tag. Asks what it was not told, at a terminal. It writes everything or nothing and replaces no file.',
    )
    .argument('<folder>', 'a new folder, or a repository that was just made')
    .option('--host <host>', 'the host application')
    .addOption(new Option('--template <language>', 'what to write it in').choices(TEMPLATE_NAMES))
    .option('--plugin <publisher/name>', 'its name (default: from the repository’s owner and the folder)')
    .option('--license <expression>', 'an SPDX expression', 'Apache-2.0')
    .option('--registry <folder>', 'registry data with host profiles (default: the nearest registry/)')
    .option('--no-input', 'ask nothing')
    .option('--json', 'one line of JSON (schema: init-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, options: InitOptions) => {
      const result = await init(io, folder, options);
      if (options.json) printJson(io, result);
      else print(io, render(result));
      finish(EXIT.ok);
    });
}

async function init(io: Io, named: string, options: InitOptions): Promise<InitResult> {
  const registry = registryFolder(io, options.registry);
  const folder = resolve(io.cwd, named);
  const present = await presentFiles(folder, named);
  const rules = await nameRules(io, registry);
  const { host, template, plugin } = await answers(io, { registry, folder, rules, options });
  const profile = await hostProfile(registry, host);
  const { vectors, summary } = conventionFor(profile, await servedHosts(registry));
  requireName(plugin, rules);
  requireLicense(options.license);
  for (const warning of rules.warnings(plugin)) say(io, warning);
  const files = await pluginFiles({
    plugin,
    license: options.license,
    template,
    profile,
    vectors,
    summary,
    readme: present?.find((name) => name.toLowerCase() === 'readme.md') ?? 'README.md',
    repository: await registryRepository(registry),
  });
  const kept = [...files.keys()].filter((path) => present?.includes(path));
  for (const path of kept) files.delete(path);
  await writePluginFolder(folder, files, present);
  if (plugin.startsWith(`${NO_PUBLISHER}/`))
    say(io, `put your namespace at the registry into ${profile.manifest.file}; ${NO_PUBLISHER} is nobody’s`);
  const { build } = TEMPLATES[template];
  const written = [...files.keys()].sort();
  return parse(
    InitResult,
    { out: named, plugin, host, template, manifest: profile.manifest.file, build, files: written, kept },
    'result',
  );
}

interface Asking {
  readonly registry: string;
  readonly folder: string;
  readonly rules: NameRules;
  readonly options: InitOptions;
}

/** What was given; the rest from the person, where there is one. Throws USAGE. */
async function answers(
  io: Io,
  { registry, folder, rules, options }: Asking,
): Promise<InitAnswers & { readonly template: TemplateName }> {
  const suggestion = `${(await repositoryOwner(folder)) ?? NO_PUBLISHER}/${nameFromFolder(basename(folder))}`;
  const { host, template, plugin } = options;
  if (io.ask !== undefined && options.input && !options.json) {
    const given = { ...(host && { host }), ...(template && { template }), ...(plugin && { plugin }) };
    const asked = await askInit({
      given,
      suggestion,
      hosts: await hostChoices(registry),
      templates: TEMPLATE_NAMES.map((value) => ({ value, label: TEMPLATES[value].title })),
      nameProblem: rules.refusal,
      input: process.stdin,
      output: process.stderr,
    });
    return { ...asked, template: asked.template as TemplateName };
  }
  if (host === undefined)
    throw new CliError('USAGE', 'which host is the plugin for?', {
      hint: `name it with --host: ${(await servedHosts(registry)).join(', ')}`,
    });
  if (template === undefined)
    throw new CliError('USAGE', 'what is it to be written in?', {
      hint: `name it with --template: ${TEMPLATE_NAMES.join(', ')}`,
    });
  return { host, template, plugin: plugin ?? suggestion };
}

/** Hosts of this registry that there are templates for. */
async function servedProfiles(registry: string): Promise<HostProfile[]> {
  const profiles = await Promise.all((await hostNames(registry)).map((host) => hostProfile(registry, host)));
  return profiles.filter(hasTemplate);
}

const servedHosts = async (registry: string): Promise<string[]> =>
  (await servedProfiles(registry)).map(({ host }) => host);

const hostChoices = async (registry: string): Promise<{ value: string; label: string }[]> =>
  (await servedProfiles(registry)).map(({ host, title }) => ({ value: host, label: title }));

function requireName(plugin: string, { refusal }: NameRules): void {
  const problem = refusal(plugin);
  if (problem !== undefined) throw new CliError('NAME_REFUSED', `${plugin} cannot be the name: ${problem}`);
}

function requireLicense(license: string): void {
  if (!isValid(LicenseExpression, license))
    throw new CliError('USAGE', `${license} is no licence expression`, { hint: 'use SPDX, such as Apache-2.0 or MIT' });
}

/** `owner/name` of the registry on GitHub; undefined where it has no repository there. */
async function registryRepository(registry: string): Promise<string | undefined> {
  const bytes = new Uint8Array(await readFile(join(registry, 'registry.json')));
  const { repository } = parseJson(Registry, bytes, 'registry.json');
  return /^https:\/\/github\.com\/([A-Za-z0-9-]+\/[A-Za-z0-9._-]+?)(?:\.git)?\/?$/.exec(repository ?? '')?.[1];
}

function render({ out, plugin, host, template, manifest, build, files, kept }: InitResult): string {
  const into = out === '.' ? '' : `cd ${out}\n  `;
  return [
    `made ${plugin} for ${host} (${template})`,
    `  ${files.length} files in ${out}, described by ${manifest}`,
    ...(kept.length === 0 ? [] : [`  left as they were: ${kept.join(', ')}`]),
    '',
    `  ${into}${build}`,
    '  plugmark check .',
  ].join('\n');
}

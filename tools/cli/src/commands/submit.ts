import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DATA } from '@plugmark/analysis';
import type { FileTree } from '@plugmark/publish';
import { parse, SubmitResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { blobId, treeId } from '../github/git-ids.ts';
import { type GitHubOptions, openRegistryApi, registryRepository } from '../github/repository-name.ts';
import { submitPull } from '../github/submit-pull.ts';
import { type Io, print, printJson } from '../io.ts';
import { registryFolder } from '../registry-folder.ts';
import { submissionFiles } from '../submission-files.ts';
import { submissionOf } from '../submission-words.ts';

interface SubmitOptions extends GitHubOptions {
  readonly registry?: string;
  readonly listing?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark submit release/ --dry-run
  GITHUB_TOKEN=... plugmark submit registry/plugins/acme/thing/1.2.0`;

export function submitCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('submit')
    .summary('open the pull request that releases a signed version folder')
    .description(
      'Opens a pull request to the registry with the files that plugmark sign wrote, from your fork, or moves the one that is open. Without GITHUB_TOKEN it prints the git commands that do the same.',
    )
    .argument('<folder>', 'a version folder written by plugmark sign')
    .option('--listing <file>', 'for a new plugin: its listing.json (default: the one beside the folder)')
    .option('--registry <folder>', 'data of the registry you submit to (default: the nearest registry/)')
    .option('--repository <owner/name>', 'the registry’s repository (default: that of registry.json)')
    .option('--api <url>', 'GitHub’s API (default: GITHUB_API_URL, else api.github.com)')
    .option('--dry-run', 'print exactly what would be pushed; ask nobody')
    .option('--json', 'one line of JSON (schema: submit-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, options: SubmitOptions) => {
      const result = await submit(io, folder, options);
      if (options.json) printJson(io, result);
      else print(io, render(result));
      finish(result.steps === undefined || options.dryRun ? EXIT.ok : EXIT.consent);
    });
}

async function submit(io: Io, named: string, options: SubmitOptions): Promise<SubmitResult> {
  const registry = registryFolder(io, options.registry);
  const folder = resolve(io.cwd, named);
  const listed = await listedPlugins(registry, folder);
  const listing = options.listing === undefined ? undefined : resolve(io.cwd, options.listing);
  const { release, files, isNewListing } = await submissionFiles(io, folder, {
    named,
    listing,
    isListed: (plugin) => listed.has(plugin),
  });
  const { plugin, version } = release;
  const { owner, repo } = await registryRepository(registry, options.repository);
  const planned = {
    plugin,
    version,
    repository: `${owner}/${repo}`,
    dryRun: options.dryRun === true,
    ...submissionOf(release),
    message: submissionOf(release).title,
    folder: folderOf(`${DATA}plugins/${plugin}/${version}`, files),
    tree: [...files].map(([path, bytes]) => ({
      path,
      mode: '100644' as const,
      sha: blobId(bytes),
      size: bytes.length,
    })),
  };
  const api = await openRegistryApi(io, registry, options);
  const steps = gitSteps(planned, {
    named,
    listing: isNewListing ? (options.listing ?? join(named, '..', 'listing.json')) : undefined,
  });
  if (options.dryRun || !api.hasToken)
    return parse(SubmitResult, { ...planned, ...(api.hasToken ? {} : { steps }) }, 'result');
  const { number, url, updated, base } = await submitPull(api, { ...planned, files, body: bodyOf(planned) });
  return parse(SubmitResult, { ...planned, base, pull: { number, url, updated } }, 'result');
}

/** As Git will name its tree. */
function folderOf(path: string, files: FileTree): SubmitResult['folder'] {
  const inside = [...files].filter(([file]) => file.startsWith(`${path}/`));
  return { path, sha: treeId(new Map(inside.map(([file, bytes]) => [file.slice(path.length + 1), bytes]))) };
}

/** Plugins that the registry has a release of, beside the one that lies in the folder itself when it was signed in place. */
async function listedPlugins(registry: string, folder: string): Promise<ReadonlySet<string>> {
  const plugins = join(registry, 'plugins');
  const names = async (path: string): Promise<string[]> =>
    (await readdir(path, { withFileTypes: true }).catch(() => [])).flatMap((entry) =>
      entry.isDirectory() ? entry.name : [],
    );
  const listed = new Set<string>();
  for (const publisher of await names(plugins))
    for (const name of await names(join(plugins, publisher)))
      if (
        (await names(join(plugins, publisher, name))).some(
          (version) => join(plugins, publisher, name, version) !== folder,
        )
      )
        listed.add(`${publisher}/${name}`);
  return listed;
}

type Planned = Pick<SubmitResult, 'plugin' | 'version' | 'repository' | 'branch' | 'title' | 'message' | 'folder'>;

const bodyOf = ({ plugin, version }: Planned): string =>
  `Adds ${plugin} ${version}, made by \`plugmark sign\` and submitted by \`plugmark submit\`. The registry’s reviewer answers with one comment.\n`;

/** The same by hand. */
function gitSteps(
  { plugin, repository, branch, message, folder }: Planned,
  { named, listing }: { named: string; listing: string | undefined },
): string[] {
  const at = `registry/plugins/${plugin}`;
  const [, name = ''] = repository.split('/');
  return [
    `git clone https://github.com/${repository}.git ${name}`,
    `git -C ${name} switch -c ${branch} origin/main`,
    `mkdir -p ${name}/${folder.path}`,
    `cp -R ${quoted(named)}/. ${name}/${folder.path}/`,
    ...(listing === undefined ? [] : [`cp ${quoted(listing)} ${name}/${at}/listing.json`]),
    `git -C ${name} add ${at}`,
    `git -C ${name} commit -m ${quoted(message)}`,
    `git -C ${name} push https://github.com/<you>/${name}.git HEAD:${branch}`,
    `open https://github.com/${repository}/compare/main...<you>:${branch}?expand=1`,
  ];
}

const quoted = (text: string): string =>
  /^[A-Za-z0-9_./@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

function render(result: SubmitResult): string {
  const { plugin, version, repository, dryRun, branch, message, tree, pull, steps } = result;
  const folder = `${DATA}plugins/${plugin}/`;
  const files = tree.map(
    ({ path, sha, size }) => `  ${sha.slice(0, 12)}  ${String(size).padStart(7)}  ${path.slice(folder.length)}`,
  );
  const head =
    pull === undefined
      ? [`${plugin} ${version} for ${repository}`, `  branch ${branch}`]
      : [`${pull.updated ? 'updated' : 'opened'} ${pull.url}`];
  return [
    ...head,
    `  commit ${message}`,
    `  folder ${folder}`,
    ...files,
    `  ${result.folder.sha.slice(0, 12)}           ${version}/ (tree)`,
    ...(dryRun ? ['nothing was pushed'] : []),
    ...(steps === undefined
      ? []
      : ['', 'without GITHUB_TOKEN: fork the repository, then', ...steps.map((step) => `  ${step}`)]),
  ].join('\n');
}

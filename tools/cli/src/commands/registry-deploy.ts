import { resolve } from 'node:path';
import { wrap } from '@plugmark/analysis';
import { completeWrite, type FileTree, readFolder, type WriteResult, writeTree } from '@plugmark/publish';
import type { DeployResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { addressesOf, bucketKeys, bucketPlace, openBucket } from '../deploy/bucket.ts';
import { sayLeftOut, withinBudget } from '../deploy/leave-out.ts';
import { writeBucket } from '../deploy/write-bucket.ts';
import { requireNotOlder, requireOfLedger } from '../deploy-checks.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, print, printJson } from '../io.ts';
import { BUILT, requireOwnFolder } from '../own-folder.ts';

interface DeployOptions {
  readonly tree: string;
  readonly pages?: string;
  readonly to: string;
  readonly ledger?: string;
  readonly withinBudget?: true;
  readonly dryRun?: true;
  readonly endpoint?: string;
  readonly region: string;
  readonly json?: true;
}

const EXAMPLE = `
Examples:
  plugmark registry deploy --tree tree --pages site/dist --to dist
  plugmark registry deploy --tree tree --to s3://plugins/registry \\
    --endpoint https://storage.example.org
  plugmark registry deploy --tree tree --pages site/dist --to dist \\
    --within-budget`;

export function registryDeployCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('deploy')
    .summary('put a built tree and its pages where they are served from')
    .description(
      'Copies a built tree, and the site’s pages beside it, into a folder or an S3-compatible bucket. A page never replaces a file of the tree; a kill at any point leaves what is served whole, and is completed by the next run. Refused when what is served would go back: a tree that is older than the one there or than the ledger, or that lost more than a twentieth of the releases (of a bucket only the ledger is asked). --within-budget leaves out artifacts beyond blobBudgetBytes, which clients then take from a mirror, once a mirror was seen to have them. Keys of a bucket: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.',
    )
    .requiredOption('--tree <folder>', 'a built tree')
    .option('--pages <folder>', 'the built site')
    .requiredOption('--to <folder|s3://bucket/prefix>', 'where to put them; whatever else lies there is removed')
    .option('--ledger <folder>', 'the ledger as its branch has it now: the tree must be the one it leads to')
    .option('--endpoint <url>', 'of the bucket’s service (default: that of AWS in the region)')
    .option('--region <region>', 'of the bucket', 'us-east-1')
    .option(
      '--within-budget',
      'leave out artifacts beyond the budget in registry.json; a mirror that is signed must have them',
    )
    .option('--dry-run', 'only look whether it may be deployed')
    .option('--json', 'one line of JSON (schema: deploy-result)')
    .addHelpText('after', EXAMPLE)
    .action(async (options: DeployOptions) => {
      const result = await deploy(io, options);
      if (options.json) printJson(io, result);
      else print(io, wrapped(io, render(result, options)));
      finish(EXIT.ok);
    });
}

const NOTHING: WriteResult = { written: 0, unchanged: 0, removed: 0, bytes: 0 };

async function deploy(io: Io, options: DeployOptions): Promise<DeployResult> {
  const { tree, pages, to, ledger } = options;
  const whole = await merged(io, tree, pages);
  if (ledger !== undefined) await requireOfLedger(io, whole, ledger);
  const { files, ...left } = options.withinBudget
    ? await withinBudget(io, whole, addresses(options))
    : { files: whole };
  const written = await (to.startsWith('s3://') ? deployToBucket : deployToFolder)(io, files, options);
  return { to, ...written, ...left };
}

/** Of a folder nobody knows by which address it is served. */
function addresses({ to, endpoint, region }: DeployOptions): string[] {
  return to.startsWith('s3://') ? addressesOf(bucketPlace(to, { endpoint, region })) : [];
}

async function deployToFolder(io: Io, files: FileTree, { to, dryRun }: DeployOptions): Promise<WriteResult> {
  const target = resolve(io.cwd, to);
  await requireOwnFolder(target, { holds: BUILT, named: to });
  requireNotOlder(await readFolder(target), files);
  return dryRun ? NOTHING : writeTree(target, files);
}

async function deployToBucket(
  io: Io,
  files: FileTree,
  { to, endpoint, region, dryRun }: DeployOptions,
): Promise<WriteResult> {
  const place = bucketPlace(to, { endpoint, region });
  const bucket = openBucket(place, { fetch: io.fetch, now: io.now, keys: bucketKeys(io.env) });
  return dryRun ? NOTHING : writeBucket(bucket, files);
}

function render({ to, written, unchanged, removed, leftOut }: DeployResult, { tree, dryRun }: DeployOptions): string {
  const done = dryRun
    ? `${tree} may be deployed`
    : `${to}: ${written} files written, ${unchanged} unchanged, ${removed} removed`;
  return leftOut === undefined ? done : `${done}\n${sayLeftOut(leftOut)}`;
}

/** What was asked of whom is a sentence, not a figure. */
const wrapped = (io: Io, text: string): string =>
  text
    .split('\n')
    .flatMap((line) => wrap(line, columnsOf(io, io.stdout) ?? DEFAULT_COLUMNS))
    .join('\n');
const DEFAULT_COLUMNS = 100;

async function merged({ cwd }: Io, tree: string, pages: string | undefined): Promise<FileTree> {
  await completeWrite(resolve(cwd, tree));
  const files = await readFolder(resolve(cwd, tree));
  if (!files.has(BUILT)) throw new CliError('TREE_MISSING', `${tree} is not a built tree`);
  const site = pages === undefined ? new Map<string, Uint8Array>() : await readFolder(resolve(cwd, pages));
  const clash = [...site.keys()].find((path) => files.has(path));
  if (clash !== undefined)
    throw new CliError('USAGE', `the page ${clash} would replace a file of the tree`, { hint: 'rename the page' });
  return new Map([...files, ...site]);
}

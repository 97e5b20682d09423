import { resolve } from 'node:path';
import { completeWrite, type FileTree, readFolder, type WriteResult, writeTree } from '@plugmark/publish';
import type { DeployResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { bucketKeys, bucketPlace, openBucket } from '../deploy/bucket.ts';
import { writeBucket } from '../deploy/write-bucket.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { BUILT, requireOwnFolder } from '../own-folder.ts';

interface DeployOptions {
  readonly tree: string;
  readonly pages?: string;
  readonly to: string;
  readonly endpoint?: string;
  readonly region: string;
  readonly json?: true;
}

const EXAMPLE = `
Examples:
  plugmark registry deploy --tree tree --pages site/dist --to dist
  plugmark registry deploy --tree tree --to s3://plugins/registry \\
    --endpoint https://storage.example.org`;

export function registryDeployCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('deploy')
    .summary('put a built tree and its pages where they are served from')
    .description(
      'Copies a built tree, and the site’s pages beside it, into a folder or an S3-compatible bucket. A page never replaces a file of the tree; a kill at any point leaves what is served whole, and is completed by the next run. Keys of a bucket: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.',
    )
    .requiredOption('--tree <folder>', 'a built tree')
    .option('--pages <folder>', 'the built site')
    .requiredOption('--to <folder|s3://bucket/prefix>', 'where to put them; whatever else lies there is removed')
    .option('--endpoint <url>', 'of the bucket’s service (default: that of AWS in the region)')
    .option('--region <region>', 'of the bucket', 'us-east-1')
    .option('--json', 'one line of JSON (schema: deploy-result)')
    .addHelpText('after', EXAMPLE)
    .action(async (options: DeployOptions) => {
      const { to, json } = options;
      const written = await (to.startsWith('s3://') ? deployToBucket(io, options) : deployToFolder(io, options));
      if (json) printJson(io, { to, ...written } satisfies DeployResult);
      else
        print(
          io,
          `${to}: ${written.written} files written, ${written.unchanged} unchanged, ${written.removed} removed`,
        );
      finish(EXIT.ok);
    });
}

async function deployToFolder(io: Io, { tree, pages, to }: DeployOptions): Promise<WriteResult> {
  await requireOwnFolder(resolve(io.cwd, to), { holds: BUILT, named: to });
  return writeTree(resolve(io.cwd, to), await merged(io, tree, pages));
}

async function deployToBucket(io: Io, { tree, pages, to, endpoint, region }: DeployOptions): Promise<WriteResult> {
  const files = await merged(io, tree, pages);
  const place = bucketPlace(to, { endpoint, region });
  return writeBucket(openBucket(place, { fetch: io.fetch, now: io.now, keys: bucketKeys(io.env) }), files);
}

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

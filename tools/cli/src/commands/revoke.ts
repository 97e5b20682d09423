import { join } from 'node:path';
import { jsonFile, readFolder, readRegistrySource } from '@plugmark/publish';
import { parse, RevokeResult, Status } from '@plugmark/schemas';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { registryFolder } from '../registry-folder.ts';
import { replaceFile } from '../replace-file.ts';

interface RevokeOptions {
  readonly reason: string;
  readonly evidence: string;
  readonly severity: 'critical' | 'high';
  readonly advisory?: string;
  readonly registry?: string;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  plugmark revoke acme/thing@1.0.0 --reason "Sends samples to a server." \\
    --evidence https://plugins.example.org/advisories/1`;

export function revokeCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('revoke')
    .summary('say that a release must not be loaded any more')
    .description(
      'Writes the revocation into the plugin’s status.json. From the next build nobody is given the release; hosts that have it refuse to load it once the holders of the revocations keys have signed: plugmark root sign --only revocations.',
    )
    .argument('<release>', 'publisher/name@version')
    .requiredOption('--reason <text>', 'what is wrong, for people')
    .requiredOption('--evidence <url>', 'where it is shown')
    .addOption(new Option('--severity <severity>', 'how bad').choices(['critical', 'high']).default('high'))
    .option('--advisory <id>', 'the advisory about it')
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--json', 'one line of JSON (schema: revoke-result)')
    .addHelpText('after', EXAMPLE)
    .action(async (release: string, options: RevokeOptions) => {
      const result = await revoke(io, release, options);
      if (options.json) printJson(io, result);
      else print(io, render(result));
      finish(EXIT.ok);
    });
}

async function revoke(io: Io, named: string, options: RevokeOptions): Promise<RevokeResult> {
  const data = registryFolder(io, options.registry);
  const [plugin = '', version = '', ...more] = named.split('@');
  if (version === '' || more.length > 0) throw new CliError('USAGE', `${named} is not publisher/name@version`);
  const known = readRegistrySource(await readFolder(data)).plugins.get(plugin);
  const release = known?.releases.get(version)?.release;
  if (known === undefined || release === undefined)
    throw new CliError('RELEASE_UNKNOWN', `${named} is no release of this registry`);
  const { reason, evidence, severity, advisory } = options;
  const since = `${io.now().toISOString().slice(0, 19)}Z`;
  const revoked = {
    state: 'revoked',
    since,
    severity,
    reason,
    evidence,
    ...(advisory === undefined ? {} : { advisory }),
  };
  const versions = { ...known.status?.versions, [version]: revoked };
  const status = parse(Status, { schemaVersion: 1, plugin, ...known.status, versions }, 'status.json');
  const folder = known.origin === undefined ? '' : join('mirrors', known.origin.registryId);
  const path = join(folder, 'plugins', plugin, 'status.json');
  await replaceFile(
    join(data, path),
    `${JSON.stringify(JSON.parse(new TextDecoder().decode(jsonFile(status))), null, 2)}\n`,
  );
  return parse(RevokeResult, { plugin, version, sha256: release.artifact.sha256, status: path }, 'result');
}

function render({ plugin, version, sha256, status }: RevokeResult): string {
  return [
    `${plugin} ${version} is to be revoked`,
    `  sha256 ${sha256}`,
    `  status ${status}`,
    'hosts refuse it once it is signed:',
    '  plugmark root sign --only revocations --key <your key>',
  ].join('\n');
}

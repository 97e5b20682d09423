// The client-under-test of the TUF conformance suite (CLIENT-CLI.md of theupdateframework/tuf-conformance): arguments and folders
// around our client. With PLUGMARK_CONFORMANCE_PAGE it does not run the client itself but has a page in Chromium do it.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { initialize, metadataFolder, saveTarget, shippedRoot } from './metadata-folder.ts';
import { runTufCommand, type TufCommand } from './tuf-command.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    'metadata-dir': { type: 'string', default: '' },
    'metadata-url': { type: 'string', default: '' },
    'target-name': { type: 'string', multiple: true, default: [] },
    'target-base-url': { type: 'string', default: '' },
    'target-dir': { type: 'string', default: '' },
  },
});
const folders = { metadata: values['metadata-dir'], targets: values['target-dir'] };

const COMMANDS: Readonly<Record<string, (argument: string) => Promise<void>>> = {
  init: async (file) => initialize(folders.metadata, await readFile(file)),
  refresh: () => run([]),
  download: () => run(values['target-name']),
};

async function run(targets: readonly string[]): Promise<void> {
  const command: TufCommand = {
    metadataUrl: values['metadata-url'],
    targetsUrl: values['target-base-url'],
    targets,
    now: new Date(),
  };
  const page = process.env['PLUGMARK_CONFORMANCE_PAGE'];
  if (page !== undefined) return runInPage(page, command);
  return runTufCommand(command, {
    root: await readFile(shippedRoot(folders.metadata)),
    store: metadataFolder(folders.metadata),
    save: (target, bytes) => saveTarget(folders.targets, target, bytes),
  });
}

async function runInPage(page: string, command: TufCommand): Promise<void> {
  const response = await fetch(page, { method: 'POST', body: JSON.stringify({ command, folders }) });
  if (!response.ok) throw new Error(await response.text());
}

const [name = '', argument = ''] = positionals;
try {
  const act = COMMANDS[name];
  if (act === undefined) throw new Error(`${name} is not init, refresh or download`);
  await act(argument);
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}

import { resolve } from 'node:path';
import { completeWrite } from '@plugmark/publish';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson, say } from '../io.ts';
import { isFolder } from '../read-input.ts';
import { serveFolder } from '../static-server.ts';

interface ServeOptions {
  readonly port: string;
  readonly base: string;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  plugmark registry serve dist --port 8080 --base /plugmark/`;

export function registryServeCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('serve')
    .summary('serve a built tree on this machine')
    .description('Serves a built tree on the loopback address as GitHub Pages would. Stops at Ctrl-C.')
    .argument('[folder]', 'a built tree', 'dist')
    .option('--port <number>', 'port to listen on; 0 takes a free one', '4321')
    .option('--base <path>', 'path under which the tree is served', '/')
    .option('--json', 'one line of JSON (schema: serve-result)')
    .addHelpText('after', EXAMPLE)
    .action(async (folder: string, options: ServeOptions) => {
      const [port, base] = [/^\d{1,5}$/.test(options.port) ? Number(options.port) : -1, options.base];
      if (port < 0 || port > 65_535)
        throw new CliError('USAGE', `--port ${options.port} is not a port`, { hint: 'a number from 0 to 65535' });
      if (!/^\/(?:[A-Za-z0-9._-]+\/)*$/.test(base))
        throw new CliError('USAGE', `--base ${base} has to begin and end with a slash`, {
          hint: 'for example /plugmark/',
        });
      if (!(await isFolder(io, folder)))
        throw new CliError('USAGE', `${folder} is not a folder`, { hint: 'name the folder of a built tree' });
      const tree = resolve(io.cwd, folder);
      await completeWrite(tree);
      const server = await serveFolder({ folder: tree, port, base });
      if (options.json) printJson(io, { url: server.url });
      else print(io, `serving ${folder} at ${server.url}`);
      await stopped();
      await server.close();
      say(io, 'stopped');
      finish(EXIT.ok);
    });
}

/** Ctrl-C or a polite kill. */
function stopped(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { visible } from '@plugmark/analysis';
import { LogRecords, LogResult, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson, say } from '../io.ts';
import { keepingOptions, type ManagedOptions, openManaged } from '../open-managed.ts';

interface LogOptions extends ManagedOptions {
  readonly head?: string;
  readonly out?: string;
}

export function logCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const log = program
    .command('log')
    .summary('what was installed, loaded and run here')
    .description(
      'The run log: a chain of records, each naming the one before. It shows accidental change, and any change if you keep the head elsewhere.',
    );
  showCommand(log, io, finish);
  verifyCommand(log, io, finish);
  exportCommand(log, io, finish);
}

function showCommand(log: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = log.command('show').summary('print the records').description('Prints every record, oldest first.');
  keepingOptions(command)
    .option('--json', 'one line of JSON (schema: log-records)')
    .action(async (options: LogOptions) => {
      const records = await (await openManaged(io, options)).log.records();
      const whole = records.map((record) => ({ schemaVersion: 1, ...record }));
      const result = parse(LogRecords, { records: whole }, 'result');
      if (options.json) printJson(io, result);
      else print(io, result.records.map(renderRecord).join('\n') || 'nothing was logged');
      finish(EXIT.ok);
    });
}

function renderRecord({
  at,
  event,
  plugin,
  version,
  inputSha256,
  code,
  correlationId,
}: LogRecords['records'][number]): string {
  const more = [
    ...(inputSha256 === undefined ? [] : [`on ${inputSha256.slice(0, 16)}…`]),
    ...(code === undefined ? [] : [code]),
    ...(correlationId === undefined ? [] : [`(${correlationId})`]),
  ];
  return visible([at, event, plugin, version, ...more].join(' '));
}

function verifyCommand(log: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = log
    .command('verify')
    .summary('check the chain')
    .description(
      'Checks the chain of records. With a head kept elsewhere it also shows what was cut off or written anew.',
    );
  keepingOptions(command)
    .option('--head <records:sha256>', 'the head as it was printed before')
    .option('--json', 'one line of JSON (schema: log-result)')
    .action(async (options: LogOptions) => {
      const head = await (await openManaged(io, options)).log.verify(keptHead(options.head));
      const result = parse(LogResult, head, 'result');
      if (options.json) printJson(io, result);
      else print(io, renderHead(result));
      if (options.head === undefined && !options.json)
        say(io, 'keep the head elsewhere: without one, only accidental change shows');
      finish(EXIT.ok);
    });
}

function keptHead(text: string | undefined): { records: number; sha256: string } | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (match !== null) return { records: Number(match[1]), sha256: match[2] as string };
  throw new CliError('USAGE', `${text} is not a head`, {
    hint: 'it has the form 42:<sha256>, as plugmark log verify prints it',
  });
}

const renderHead = ({ records, sha256 }: LogResult): string =>
  sha256 === undefined ? 'nothing was logged' : `${records} records, unbroken\nhead ${records}:${sha256}`;

function exportCommand(log: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = log
    .command('export')
    .summary('write the log to a file')
    .description('Writes the records as JSON lines and prints the head they end in.')
    .requiredOption('--out <file>', 'the file to write');
  keepingOptions(command)
    .option('--json', 'one line of JSON (schema: log-result)')
    .action(async (options: LogOptions & { readonly out: string }) => {
      const { lines, head } = await (await openManaged(io, options)).log.export();
      await writeFile(resolve(io.cwd, options.out), lines);
      const result = parse(LogResult, { ...head, out: options.out }, 'result');
      if (options.json) printJson(io, result);
      else print(io, `${renderHead(result)}\nwritten to ${visible(options.out)}`);
      finish(EXIT.ok);
    });
}

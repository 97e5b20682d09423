import { visible, wrap } from '@plugmark/analysis';
import { AuditOutput, parse } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, painter, print, printJson } from '../io.ts';
import { keepingOptions, type ManagedOptions, openManaged, registryOptions, requireRegistry } from '../open-managed.ts';

export function auditCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('audit')
    .summary('compare what is installed with what is known to be wrong')
    .description(
      'Compares every installed plugin with revocations and advisories, its bytes, what proves them, and what was agreed to. Ends with 1 when one of them must not or cannot run. Without a network it is compared with what was seen last.',
    );
  registryOptions(keepingOptions(command), { required: false })
    .option('--json', 'one line of JSON (schema: audit-result)')
    .action(async (options: ManagedOptions) => {
      await requireRegistry(io, options);
      const result = parse(AuditOutput, await (await openManaged(io, options)).audit(), 'result');
      if (options.json) printJson(io, result);
      else print(io, render(io, result));
      finish(result.findings.some(({ severity }) => severity === 'error') ? EXIT.failed : EXIT.ok);
    });
}

function render(io: Io, { plugins, against, news, findings }: AuditOutput): string {
  const paint = painter(io, io.stdout);
  const columns = Math.min(100, columnsOf(io, io.stdout) ?? 80);
  const count = `${plugins} ${plugins === 1 ? 'plugin' : 'plugins'}`;
  return [
    ...findings.flatMap(({ plugin, version, kind, severity, reason, id, url, code }) => [
      `${paint(severity === 'error' ? 'bad' : 'warn', `${severity === 'error' ? '✗' : '!'} ${plugin} ${version}: ${kind}`)}${code === undefined ? '' : ` [${code}]`}`,
      ...wrap(visible(id === undefined ? reason : `${id}: ${reason}`), columns - 4).map((line) => `    ${line}`),
      ...(url === undefined ? [] : [`    ${visible(url)}`]),
    ]),
    findings.length === 0
      ? paint('good', `✓ ${count}: nothing is known against ${plugins === 1 ? 'it' : 'them'}`)
      : `${count} looked at`,
    ...(against !== 'memory'
      ? []
      : [`the registry cannot be reached: compared with the news of ${news?.slice(0, 10) ?? 'no day'}`]),
  ].join('\n');
}

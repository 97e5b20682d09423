import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { visible, wrap } from '@plugmark/analysis';
import { parse, ReproduceResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, painter, print, printJson } from '../io.ts';
import { grouped } from '../numbers.ts';
import { registryOptions } from '../open-managed.ts';
import { parseCitation } from '../parse-citation.ts';
import { readInput } from '../read-input.ts';
import { type ReproduceOptions, reproduceCited } from '../reproduce-cited.ts';
import { SECOND_ENGINE_HELP } from '../second-engine-of.ts';

const EXAMPLES = `
Examples:
  plugmark reproduce CITATION.cff --registry https://plugins.example.org/ \\
    --root root.json
  plugmark reproduce "acme/spectral-entropy@1.2.0 sha256:..." --registry dist`;

export function reproduceCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const command = program
    .command('reproduce')
    .summary('run again what a paper cites, and compare')
    .description(
      'Takes a citation, fetches the plugin by the digest in it, verifies it, runs its test vectors in the sandbox and compares outputs and fuel with what they and the registry’s report say. Yanked releases are run too; a revoked one is run without any grant, and that is logged. Exit code 0 when everything is the same, 1 when something differs or could not be compared.',
    )
    .argument('<citation...>', 'a CITATION.cff or .bib file, or the citation itself; it has to name the sha256');
  registryOptions(command)
    .option('--host <host>', 'for which host (default: the first that it was released for)')
    .option('--store <folder>', 'where verified files and the run log are kept', '.plugmark/store')
    .option('--correlation-id <id>', 'ties the record of the log to one of your own')
    .option('--json', 'one line of JSON (schema: reproduce-result)')
    .addHelpText('after', SECOND_ENGINE_HELP + EXAMPLES)
    .action(async (words: readonly string[], options: ReproduceOptions) => {
      const cited = parseCitation(await citationText(io, words.join(' ')));
      const result = parse(ReproduceResult, await reproduceCited(io, cited, options), 'result');
      if (options.json) printJson(io, result);
      else print(io, render(io, result));
      finish(result.outcome === 'pass' ? EXIT.ok : EXIT.failed);
    });
}

async function citationText(io: Io, named: string): Promise<string> {
  if (named.length > 1000 || !existsSync(resolve(io.cwd, named))) return named;
  return new TextDecoder().decode(await readInput(io, named));
}

const LABEL = 14;
const MARKS = { pass: ['good', '✓'], fail: ['bad', '✗'], inconclusive: ['warn', '?'] } as const;
const VERDICTS = {
  pass: 'reproduced: every vector gave what was recorded',
  fail: 'not reproduced: something differs',
  inconclusive: 'could not be compared in full, so it is not shown to be the same',
} as const;

function render(io: Io, result: ReproduceResult): string {
  const { plugin, version, sha256, tier, host, status, statusReason, granted, vectors, outcome, reasons, layers } =
    result;
  const paint = painter(io, io.stdout);
  const columns = Math.min(100, columnsOf(io, io.stdout) ?? 80);
  const lines = (text: string, indent: string): string[] =>
    wrap(visible(text), columns - indent.length).map((line) => indent + line);
  const labelled = (label: string, value: string): string[] =>
    wrap(visible(value), columns - LABEL).map((line, i) => (i === 0 ? `  ${label}` : '').padEnd(LABEL) + line);
  const [style, mark] = MARKS[outcome];
  return [
    `${paint('bold', `${plugin} ${version}`)} (${tier}) on ${host}`,
    `  sha256  ${sha256}, verified`,
    ...(status === 'active' ? [] : lines(`! ${statusReason ?? status}`, '  ')),
    ...(granted ? [] : lines('! run without any grant; that is in the run log', '  ')),
    ...vectors.flatMap(({ name, outcome: own, fuel, reason }) => [
      `  ${paint(MARKS[own][0], MARKS[own][1])} ${name}${fuel === undefined ? '' : `  ${grouped(fuel)} fuel`}`,
      ...(reason === undefined ? [] : lines(reason, '      ')),
    ]),
    ...reasons.flatMap((reason) => lines(reason, '  ')),
    ...(layers.length === 0 ? [] : labelled('layers', layers.join(', '))),
    ...lines(`${mark} ${VERDICTS[outcome]}`, '').map((line) => paint(style, line)),
  ].join('\n');
}

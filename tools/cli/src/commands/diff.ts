import { diffReports, renderDiffMarkdown, renderDiffText } from '@plugmark/analysis';
import { AnalysisReport, canonicalJson, parseJson, type ReportDiff } from '@plugmark/schemas';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, painter, print } from '../io.ts';
import { isFolder, readInput } from '../read-input.ts';
import { type Analysed, analysePath } from './check.ts';

interface DiffOptions {
  readonly host?: string;
  readonly registry?: string;
  readonly format: 'text' | 'json' | 'markdown';
  readonly json?: true;
  readonly accept?: 'widened';
  /** commander: false with --no-run. */
  readonly run: boolean;
}

const EXAMPLES = `
Each side is a .wasm or .zip file (with --host), a folder with a manifest, or a
report that plugmark check --json made.

Examples:
  plugmark diff old.wasm new.wasm --host dprint
  plugmark diff last-report.json my-plugin/ --format markdown
  plugmark diff a.json b.json --json | jq .capabilities.changes`;

export function diffCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('diff')
    .summary('show what changed between two files, folders or reports')
    .description(
      'Compares what two versions can do, and everything else their reports hold. Exit code 0 when the second can do no more than the first, 1 when it can or when that cannot be said.',
    )
    .argument('<before>', 'the earlier version')
    .argument('<after>', 'the later version')
    .option('--host <host>', 'the host application; needed for a bare file')
    .option('--registry <folder>', 'registry data with policy and host profiles (default: the nearest registry/)')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json', 'markdown']).default('text'))
    .option('--no-run', 'do not run the vectors of folders in the sandbox, so that fuel is not compared')
    .option('--json', 'the same as --format json (schema: report-diff)')
    .addOption(new Option('--accept <change>', 'exit with 0 for this change too').choices(['widened']))
    .addHelpText('after', EXAMPLES)
    .action(async (before: string, after: string, options: DiffOptions) => {
      const diff = compare(await sideOf(io, before, options), await sideOf(io, after, options));
      print(io, RENDERERS[options.json ? 'json' : options.format](diff, io));
      finish(diff.widened === 'no' || options.accept === 'widened' ? EXIT.ok : EXIT.failed);
    });
}

const RENDERERS: Readonly<Record<DiffOptions['format'], (diff: ReportDiff, io: Io) => string>> = {
  text: (diff, io) => {
    const columns = columnsOf(io, io.stdout);
    return renderDiffText(diff, { paint: painter(io, io.stdout), ...(columns === undefined ? {} : { columns }) });
  },
  json: (diff) => canonicalJson(diff),
  markdown: (diff) => renderDiffMarkdown(diff),
};

type Side = Pick<Analysed, 'report' | 'release'>;

function compare(before: Side, after: Side): ReportDiff {
  const releases =
    before.release && after.release ? { releases: { before: before.release, after: after.release } } : {};
  return diffReports(before.report, after.report, releases);
}

async function sideOf(io: Io, path: string, options: DiffOptions): Promise<Side> {
  if (await isFolder(io, path)) return analysePath(io, path, options);
  const bytes = await readInput(io, path);
  // WebAssembly starts with a zero byte, a zip with `P`, a report with a brace.
  const isReport = /^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64)));
  return isReport ? { report: parseJson(AnalysisReport, bytes, path) } : analysePath(io, path, options);
}

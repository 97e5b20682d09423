// `npm run check`: everything about the repository that is not a test of behaviour. One line a step, the output of a
// failing step in full, every step run even after a failure, exit 1 if any failed. It must never change a file.
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { longestFiles, MAXIMUM_LINES } from './longest-files.ts';
import { publintComplaints } from './published-packages.ts';
import { workflowViolations } from './workflows.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(REPOSITORY, 'node_modules/.bin');

/** Returns what went wrong, or undefined. */
type Step = () => string | undefined | Promise<string | undefined>;

const STEPS: Readonly<Record<string, Step>> = {
  // Plain `-b` keeps stale results when compiler flags change.
  types: () => run(join(BIN, 'tsc'), ['-b', '--force']),
  'lint and format': () => run(join(BIN, 'biome'), ['check', '--error-on-warnings', '--max-diagnostics=50', '.']),
  architecture: () => run(join(BIN, 'vitest'), ['run', '--project', 'node', 'test/architecture.test.ts']),
  'unused code': () => run(join(BIN, 'knip'), ['--no-progress', '--no-config-hints']),
  'generated files': () => {
    const generate = fileURLToPath(new URL('generate.ts', import.meta.url));
    return run(process.execPath, ['--conditions=@plugmark/source', generate, '--check']);
  },
  // As the first step built them.
  packages: async () => (await publintComplaints(REPOSITORY)).join('\n') || undefined,
  workflows: () => workflowViolations(REPOSITORY).join('\n') || undefined,
};

function run(command: string, args: readonly string[]): string | undefined {
  // The tally belongs to the outer test run: .ci/run counts a check as one.
  const { PLUGMARK_TALLY: _, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: REPOSITORY, encoding: 'utf8', env });
  if (status === 0) return undefined;
  return [stdout, stderr, error?.message].filter(Boolean).join('\n').trim() || `${command} ended with ${status}`;
}

async function checkAll(): Promise<number> {
  let failed = 0;
  for (const [name, step] of Object.entries(STEPS)) {
    process.stdout.write(`check ${name} ... `);
    const complaint = await step();
    if (complaint !== undefined) failed += 1;
    process.stdout.write(complaint === undefined ? 'ok\n' : `FAILED\n${complaint}\n\n`);
  }
  return failed;
}

function printLongest(): void {
  const { longest, overMaximum } = longestFiles(REPOSITORY);
  process.stdout.write(`${overMaximum} source files over ${MAXIMUM_LINES} lines; the ten longest:\n`);
  for (const { path, lines } of longest) process.stdout.write(`${String(lines).padStart(6)} ${path}\n`);
}

const failed = await checkAll();
printLongest();
const passed = Object.keys(STEPS).length - failed;
const tally = process.env['PLUGMARK_TALLY'];
if (tally !== undefined) appendFileSync(tally, `${passed} ${failed} 0\n`);
process.stdout.write(`checks: ${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

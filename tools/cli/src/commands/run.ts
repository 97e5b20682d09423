import { matchesExpected } from '@plugmark/analysis';
import { sha256 } from '@plugmark/publish';
import { CONFIGURATIONS, type ConfigurationId, runVectors } from '@plugmark/sandbox';
import type { RunObservation, RunResult, VectorRun } from '@plugmark/schemas';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { columnsOf, type Io, painter, print, printJson } from '../io.ts';
import { renderRun } from '../render-run.ts';
import { type RunSubject, readSubject, type SubjectOptions } from '../run-subject.ts';
import { SECOND_ENGINE_HELP, secondEngineOf } from '../second-engine-of.ts';

const EXAMPLES = `
Examples:
  plugmark run plugin.wasm --host ddalab --vector vectors/sine-10hz.json
  plugmark run my-plugin/ --vector sine-10hz
  plugmark run my-plugin/ --vector sine-10hz --configuration turbofan --json`;

interface RunOptions extends SubjectOptions {
  readonly configuration: ConfigurationId;
  readonly json?: true;
}

export function runCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('run')
    .summary('run a plugin on a test vector, in the sandbox')
    .description(
      'Runs a plugin on one test vector in a child process without files, network or environment, under the limits of its host, and prints what it gave and what it cost. Exit code 1 when it did not give what the vector expects, or did not end well where nothing is expected.',
    )
    .argument('<path>', 'a .wasm file, or a folder with a manifest')
    .option('--host <host>', 'the host application; the vector or the folder’s manifest names its own')
    .option('--vector <vector>', 'a vector’s file, or the name of one of the folder’s vectors')
    .option('--registry <folder>', 'registry data with host profiles (default: the nearest registry/)')
    .addOption(
      new Option('--configuration <configuration>', 'the engine and how it compiles; bun needs PLUGMARK_BUN')
        .choices(Object.keys(CONFIGURATIONS))
        .default('liftoff'),
    )
    .option('--json', 'one line of JSON (schema: run-result)')
    .addHelpText('after', SECOND_ENGINE_HELP + EXAMPLES)
    .action(async (path: string, options: RunOptions) => {
      const subject = await readSubject(io, path, options);
      const { artifact, profile, vector } = subject;
      const observation = await runVectors(
        { artifact, profile, vectors: [vector] },
        { configurations: [options.configuration], ...secondEngineOf(io) },
      );
      const result = await resultOf(subject, observation);
      if (options.json) printJson(io, result);
      else print(io, renderRun(result, { paint: painter(io, io.stdout), columns: columnsOf(io, io.stdout) ?? 80 }));
      finish((result.asExpected ?? result.ending === 'ok') ? EXIT.ok : EXIT.failed);
    });
}

async function resultOf({ artifact, profile, vector }: RunSubject, observation: RunObservation): Promise<RunResult> {
  const { engines, layers, fuel } = observation;
  const run = observation.runs[0] as VectorRun;
  const shares = run.calls.flatMap(({ budgetShare }) => budgetShare ?? []);
  return {
    fuel: run.fuel ?? null,
    budgetShare: shares.length === 0 ? null : Math.max(...shares),
    output: run.calls.at(-1)?.output ?? null,
    peakMemoryBytes: run.peakMemoryBytes,
    ...(run.trap === undefined ? {} : { trap: run.trap }),
    hostCalls: run.hostCallLog,
    hostCallCount: run.hostCalls,
    ending: run.ending,
    host: profile.host,
    vector: vector.name,
    sha256: sha256(artifact),
    schedule: fuel?.schedule ?? null,
    configuration: engines[run.engine]?.configuration ?? '',
    calls: run.calls,
    asExpected: matchesExpected(vector, run) ?? null,
    ...(run.outputSha256 === undefined ? {} : { outputSha256: run.outputSha256 }),
    ...(run.memorySha256 === undefined ? {} : { memorySha256: run.memorySha256 }),
    ...(run.hostCallLogSha256 === undefined ? {} : { hostCallLogSha256: run.hostCallLogSha256 }),
    printed: run.printed ?? '',
    startMilliseconds: run.startMilliseconds,
    ...(run.detail === undefined ? {} : { detail: run.detail }),
    layers,
  };
}

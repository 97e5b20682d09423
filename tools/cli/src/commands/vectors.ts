import { resolve } from 'node:path';
import { countEngines, firstDifference, sayEngines } from '@plugmark/analysis';
import { runVectors } from '@plugmark/sandbox';
import { parse, type RecordResult, type RunObservation, Vector, type VectorRun } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { grouped } from '../numbers.ts';
import { replaceFile } from '../replace-file.ts';
import { REPRODUCIBLE } from '../reproducible-endings.ts';
import { type RunSubject, readSubject, type SubjectOptions } from '../run-subject.ts';
import { SECOND_ENGINE_HELP, sayNotRun, secondEngineOf } from '../second-engine-of.ts';

const EXAMPLE = `
Example:
  plugmark vectors record my-plugin/ --vector sine-10hz`;

export function vectorsCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const vectors = program
    .command('vectors')
    .summary('make test vectors')
    .description('Test vectors: reproducible runs of a plugin, with what it gave and what it cost.');
  vectors
    .command('record')
    .summary('write into a vector what the plugin gives now')
    .description(
      'Runs a plugin on a vector in three configurations of the engine, and in a second engine where there is one, and writes outputs, endings and fuel into the vector’s file. An outcome that is not the same in all of them is refused, and the file stays as it is.',
    )
    .argument('<path>', 'a .wasm file, or a folder with a manifest')
    .option('--host <host>', 'the host application; the vector or the folder’s manifest names its own')
    .option('--vector <vector>', 'a vector’s file, or the name of one of the folder’s vectors')
    .option('--registry <folder>', 'registry data with host profiles (default: the nearest registry/)')
    .option('--json', 'one line of JSON (schema: record-result)')
    .addHelpText('after', SECOND_ENGINE_HELP + EXAMPLE)
    .action(async (path: string, options: SubjectOptions & { readonly json?: true }) => {
      const result = await record(io, await readSubject(io, path, options));
      if (options.json) printJson(io, result);
      else print(io, renderRecord(result));
      finish(EXIT.ok);
    });
}

async function record(io: Io, subject: RunSubject): Promise<RecordResult> {
  const { artifact, profile, vector, vectorFile, vectorBytes } = subject;
  const observation = await runVectors({ artifact, profile, vectors: [vector] }, secondEngineOf(io));
  sayNotRun(io, observation);
  const run = agreedRun(observation);
  const fuel = run.calls.flatMap((call) => call.fuel ?? []);
  const recorded = parse(Vector, { ...vector, expect: expectedOf(run, vector), fuel }, vectorFile);
  const text = new TextEncoder().encode(vectorText(recorded));
  const changed = Buffer.compare(text, vectorBytes) !== 0;
  if (changed) await replaceFile(resolve(io.cwd, vectorFile), text);
  return {
    file: vectorFile,
    host: profile.host,
    vector: vector.name,
    changed,
    configurations: observation.engines.map(({ configuration }) => configuration),
    engines: countEngines(observation.engines),
    fuel,
    endings: run.calls.map(({ ending }) => ending),
  };
}

/** Throws NONDETERMINISTIC, and NOT_RECORDED for an outcome that says something about this machine or was none. */
function agreedRun(observation: RunObservation): VectorRun {
  const difference = firstDifference(observation.runs, observation.engines);
  if (difference !== undefined) throw new CliError('NONDETERMINISTIC', difference);
  const run = observation.runs[0] as VectorRun;
  // How deep calls may nest is the engine's.
  if (REPRODUCIBLE.has(run.ending) && run.calls.length > 0 && run.trap !== 'stack-overflow') return run;
  throw new CliError('NOT_RECORDED', `${run.vector}: ${run.detail ?? run.ending}`);
}

/** A tolerance that the author wrote stays. */
function expectedOf({ calls }: VectorRun, { expect }: Vector): Vector['expect'] {
  return calls.map(({ ending, trap, output = null }, i) => {
    const before = expect?.[i];
    const tolerance = before !== undefined && 'tolerance' in before ? { tolerance: before.tolerance } : {};
    if (ending === 'ok') return { payload: { json: output }, ...tolerance };
    return { ending: ending as 'trap', ...(trap === undefined ? {} : { trap }) };
  });
}

/** Indented, but lists of numbers on one line: samples would be a thousand lines. */
function vectorText(vector: Vector): string {
  const text = JSON.stringify(vector, null, 2);
  const compact = text.replace(
    /\[\s+(-?[\d.][^[\]{}"]*?)\s+\]/g,
    (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`,
  );
  return `${compact}\n`;
}

function renderRecord({ file, changed, engines, fuel, endings }: RecordResult): string {
  return [
    changed ? `recorded ${file}` : `${file} is unchanged`,
    ...endings.map(
      (ending, i) => `  call ${i + 1}  ${ending}${fuel[i] === undefined ? '' : `, ${grouped(fuel[i])} fuel`}`,
    ),
    `  the same in ${sayEngines(engines ?? [])}`,
  ].join('\n');
}

// `npm run synth -- --plugins N`: writes a synthetic registry. Talk on stderr, one line of JSON on stdout; exit 2 for wrong use.
import { parseArgs } from 'node:util';
import { recentMidnight, type SyntheticFolder, syntheticFolder } from './synthetic-folder.ts';

const USAGE = `usage: npm run synth -- --plugins N [--releases M] [--out DIR] [--seed S] [--now INSTANT] [--first-artifact-bytes B]

Writes registry/, artifacts/, keys/, trust/, ledger/, tree/ and root.json below DIR (default .plugmark/synthetic). The same
arguments give the same bytes; --now is when it is signed, by default the last midnight in UTC.`;

function readOptions(args: string[]): SyntheticFolder {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { plugins: text, releases: text, out: text, seed: text, now: text, 'first-artifact-bytes': text },
  });
  const count = (name: keyof typeof values, value: string | undefined): number => {
    if (value !== undefined && /^[1-9]\d{0,7}$/.test(value)) return Number(value);
    throw new TypeError(`--${name} must be a whole number from 1`);
  };
  const now = values.now === undefined ? recentMidnight(1) : new Date(values.now);
  if (Number.isNaN(+now)) throw new TypeError('--now must be a time such as 2026-06-01T00:00:00Z');
  const bytes = values['first-artifact-bytes'];
  return {
    folder: values.out ?? '.plugmark/synthetic',
    plugins: count('plugins', values.plugins),
    releases: count('releases', values.releases ?? '3'),
    seed: values.seed ?? 'plugmark',
    now,
    ...(bytes === undefined ? {} : { firstArtifactBytes: count('first-artifact-bytes', bytes) }),
  };
}

async function main(args: string[]): Promise<number> {
  try {
    const options = readOptions(args);
    process.stdout.write(`${JSON.stringify({ ...options, made: await syntheticFolder(options) })}\n`);
    return 0;
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    process.stderr.write(`${cause.message}\n${USAGE}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));

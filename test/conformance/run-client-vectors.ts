// `npm run vectors:client -- [--json] [--any-code] [--case NAME]... [COMMAND...]`: the vectors of the client specification against any
// client that speaks its protocol, ours by default. Exit 1 when a case fails, or when a refusal has another code without --any-code.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { CaseOutcome } from './client-case.ts';
import { runClientVectors } from './client-vectors.ts';

const OURS = fileURLToPath(new URL('./plugmark-client', import.meta.url));
const OPTIONS = {
  json: { type: 'boolean' },
  'any-code': { type: 'boolean' },
  case: { type: 'string', multiple: true },
} as const;

/** Options come before the command: the first word that is none begins it, so that its own options stay its own. */
function splitArguments(words: readonly string[]): { own: string[]; command: string[] } {
  let at = 0;
  while (words[at]?.startsWith('--')) at += words[at] === '--case' ? 2 : 1;
  return { own: words.slice(0, at), command: words.slice(at) };
}

const { own, command } = splitArguments(process.argv.slice(2));
const { values } = parseArgs({ args: own, options: OPTIONS });
const results = await runClientVectors({
  command: command.length > 0 ? command : [OURS],
  ...(values.case ? { names: values.case } : {}),
  onResult({ name, outcome, detail }) {
    if (outcome !== 'pass') process.stderr.write(`${outcome} ${name} ${detail ?? ''}\n`);
  },
});
const count = (wanted: CaseOutcome): number => results.filter(({ outcome }) => outcome === wanted).length;
const totals = {
  pass: count('pass'),
  otherCode: count('otherCode'),
  fail: count('fail'),
  unsupported: count('unsupported'),
};
process.stdout.write(
  values.json
    ? `${JSON.stringify({ totals, results })}\n`
    : `${Object.entries(totals)
        .map(([what, many]) => `${what} ${many}`)
        .join(', ')}\n`,
);
process.exitCode = totals.fail > 0 || (totals.otherCode > 0 && !values['any-code']) ? 1 : 0;

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { visible, wrap } from '@plugmark/analysis';
import { Policy, PolicyResult, parse, parseJson } from '@plugmark/schemas';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { editPolicy, policyLeaves } from '../policy-leaves.ts';
import { registryFolder } from '../registry-folder.ts';
import { replaceFile } from '../replace-file.ts';

interface PolicyOptions {
  readonly reason?: string;
  readonly registry?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark registry policy
  plugmark registry policy waits.newPluginMinutes 1440 \\
    --reason "One day: everybody here knows everybody."
  plugmark registry policy rules.wasm.memory-large review \\
    --reason "Our machines are small."`;

export function registryPolicyCommand(registry: Command, io: Io, finish: (exit: ExitCode) => void): void {
  registry
    .command('policy')
    .summary('show what the registry decides by, or change a value')
    .description(
      'Shows the values of policy.json with their reasons, or changes one together with its reason. A change counts from the next plugmark root sign and build.',
    )
    .argument('[name]', 'a value by its path, or the beginning of several, such as waits')
    .argument('[value]', 'what it is from now on; a list as JSON')
    .option('--reason <text>', 'why it is changed, for whoever audits')
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--json', 'one line of JSON (schema: policy-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, value: string | undefined, options: PolicyOptions) => {
      const result = await policy(io, { name, value }, options);
      if (options.json) printJson(io, result);
      else print(io, render(result));
      finish(EXIT.ok);
    });
}

interface Named {
  readonly name: string | undefined;
  readonly value: string | undefined;
}

async function policy(io: Io, { name, value }: Named, { registry, reason }: PolicyOptions): Promise<PolicyResult> {
  const file = join(registryFolder(io, registry), 'policy.json');
  const before = parseJson(Policy, await readFile(file), 'policy.json');
  if (name === undefined || value === undefined) {
    if (reason !== undefined) throw new CliError('USAGE', '--reason is for a change, which takes a name and a value');
    return shown(before, (path) => name === undefined || path === name || path.startsWith(`${name}.`), name);
  }
  // A blank one would be refused by the schema, in words about its form.
  if (reason === undefined || reason.trim() === '')
    throw new CliError('USAGE', `a change of ${name} needs its reason`, { hint: 'give it with --reason' });
  const after = editPolicy(before, { path: name, text: value, reason });
  const changed = after !== before;
  if (changed) await replaceFile(file, `${JSON.stringify(after, null, 2)}\n`);
  return { ...shown(after, (path) => path === name, name), changed };
}

function shown(policy: Policy, isWanted: (path: string) => boolean, named: string | undefined): PolicyResult {
  const values = [...policyLeaves(policy)]
    .filter(([path]) => isWanted(path))
    .map(([path, value]) => ({
      path,
      value,
      ...(policy.reasons[path] === undefined ? {} : { reason: policy.reasons[path] }),
    }));
  if (values.length === 0)
    throw new CliError('USAGE', `the policy has no value ${named}`, { hint: 'plugmark registry policy lists them' });
  return parse(PolicyResult, { revision: policy.revision, changed: false, values }, 'result');
}

const shownValue = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
      : JSON.stringify(value);

/** A long list goes below its name. */
function valueLines(path: string, text: string): string[] {
  const line = `${path}  ${text}`;
  return line.length <= WIDTH ? [line] : [path, ...wrap(text, WIDTH - 2).map((part) => `  ${part}`)];
}

const WIDTH = 80;

function render({ revision, changed, values }: PolicyResult): string {
  return [
    ...values.flatMap(({ path, value, reason }) => [
      ...valueLines(path, visible(shownValue(value))),
      ...(reason === undefined ? [] : wrap(visible(reason), 76).map((line) => `    ${line}`)),
    ]),
    '',
    changed
      ? `revision ${revision}, in force once plugmark root sign has been run and the registry built`
      : `revision ${revision}`,
  ].join('\n');
}

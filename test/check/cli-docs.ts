// site/src/content/docs/cli.md from the commands themselves. What --help says is what the page says.

import { createProgram } from '../../tools/cli/src/main.ts';

type Command = ReturnType<typeof createProgram>;
type Argument = Command['registeredArguments'][number];
type Option = Command['options'][number];

const NOWHERE = { write: () => undefined };

export function renderCliDocs(): string {
  const program = createProgram(
    {
      stdout: NOWHERE,
      stderr: NOWHERE,
      cwd: '/',
      env: {},
      now: () => new Date(0),
      fetch: () => Promise.reject(new Error('the documentation fetches nothing')),
    },
    () => undefined,
  );
  const commands = leaves(program, []);
  return `${[
    '# Commands',
    'Everything `plugmark` can do, by command. Made from the commands themselves; `plugmark COMMAND --help` says the same.',
    'Data goes to standard output and talk to standard error, so output can be piped. `--json` is there wherever something is printed, and its shape is a [schema](schemas.md). Exit codes: 0 done; 1 a check or verification failed, or a person has to look; 2 wrong use; 3 network, disk or files; 4 consent or sign-in needed.',
    ...commands.map(render),
  ].join('\n\n')}\n`;
}

interface Leaf {
  readonly path: readonly string[];
  readonly command: Command;
}

/** Commands that do something, in the order of the program. */
function leaves(command: Command, path: readonly string[]): Leaf[] {
  const inner = command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
  return inner.length > 0 ? inner : [{ path, command }];
}

function render({ path, command }: Leaf): string {
  const name = ['plugmark', ...path].join(' ');
  const options = command.options.filter(({ hidden }) => !hidden);
  return [
    `## ${name}`,
    command.description(),
    `\`\`\`\n${[name, ...command.registeredArguments.map(usage), ...(options.length > 0 ? ['[options]'] : [])].join(' ')}\n\`\`\``,
    ...table(command.registeredArguments, options),
  ].join('\n\n');
}

const usage = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

function table(given: readonly Argument[], options: readonly Option[]): string[] {
  const rows = [
    ...given.map(
      (argument) => [usage(argument), argument.description, argument.defaultValue, argument.argChoices] as const,
    ),
    ...options.map(
      ({ flags, description, defaultValue, argChoices }) => [flags, description, defaultValue, argChoices] as const,
    ),
  ];
  if (rows.length === 0) return [];
  const lines = rows.map(([what, says, preset, choices]) => {
    const more = [
      ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
      ...(preset === undefined || preset === true || String(preset) === '' ? [] : [`default: ${String(preset)}`]),
    ];
    return `| \`${what}\` | ${cell([says, ...more].join('; '))} |`;
  });
  return [['| given | what |', '|---|---|', ...lines].join('\n')];
}

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/[<>]/g, (char) => `\\${char}`);

import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const EXAMPLES = `
Examples:
  plugmark completion bash >> ~/.bashrc
  plugmark completion zsh > ~/.zfunc/_plugmark
  plugmark completion fish > ~/.config/fish/completions/plugmark.fish`;

export function completionCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('completion')
    .summary('complete commands and options in your shell')
    .description('Prints a script for your shell that completes commands and options.')
    .argument('<shell>', SHELLS.join(', '))
    .option('--json', 'the words by command instead, as one line of JSON')
    .addHelpText('after', EXAMPLES)
    .action((shell: string, { json }: { readonly json?: true }) => {
      const known = SHELLS.find((name) => name === shell);
      if (known === undefined) throw new CliError('USAGE', `${shell} is not one of ${SHELLS.join(', ')}`);
      const words = wordsOf(program, []);
      if (json) printJson(io, Object.fromEntries(words));
      else print(io, SCRIPTS[known](words));
      finish(EXIT.ok);
    });
}

/** What may follow `plugmark`, `plugmark log`, `plugmark log verify` and so on; from the commands themselves. */
function wordsOf(command: Command, path: readonly string[]): Map<string, readonly string[]> {
  const options = command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
  const here = [...command.commands.map((inner) => inner.name()), ...options, '--help'].sort();
  const inside = command.commands.flatMap((inner) => [...wordsOf(inner, [...path, inner.name()])]);
  return new Map([[path.join(' '), here], ...inside]);
}

type Words = ReadonlyMap<string, readonly string[]>;

/** Names hold letters and hyphens only, so no shell reads anything else into them. Where no word fits, files are offered. */
const SCRIPTS: Readonly<Record<Shell, (words: Words) => string>> = {
  bash: (words) => `_plugmark() {
  local word path=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) case " ${[...words.keys()]
      .filter((path) => path !== '')
      .map((path) => path.replaceAll(' ', '/'))
      .join(' ')} " in
      *" \${path:+$path/}$word "*) path="\${path:+$path/}$word" ;; esac ;; esac
  done
  case "$path" in
${caseLines(words)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _plugmark plugmark`,
  zsh: (words) => `#compdef plugmark
_plugmark() {
  local word path="" words_here=""
  local -a known=(${[...words.keys()]
    .filter((path) => path !== '')
    .map((path) => path.replaceAll(' ', '/'))
    .join(' ')})
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ -n "\${known[(r)\${path:+$path/}$word]}" ]] && path="\${path:+$path/}$word"
  done
  case "$path" in
${caseLines(words, 'words_here')}
  esac
  compadd -- \${=words_here} || _files
}
compdef _plugmark plugmark`,
  fish: (words) =>
    [...words]
      .flatMap(([path, here]) => {
        const names = path.split(' ').filter((name) => name !== '');
        const when =
          names.length === 0
            ? '__fish_use_subcommand'
            : names.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
        return here.map((word) =>
          word.startsWith('--')
            ? `complete -c plugmark -n '${when}' -l ${word.slice(2)}`
            : `complete -c plugmark -n '${when}' -a ${word}`,
        );
      })
      .join('\n'),
};

function caseLines(words: Words, variable = 'words'): string {
  return [...words]
    .map(([path, here]) => `    "${path.replaceAll(' ', '/')}") ${variable}="${here.join(' ')}" ;;`)
    .join('\n');
}

// What a `run` may be: one command of plugmark as it really is, with options it has; or one of a few lines, each with its reason.
// Everything a workflow does can so be done on any machine, with the same result.
import { CommanderError } from 'commander';
import { createProgram } from '../../tools/cli/src/main.ts';

type Command = ReturnType<typeof createProgram>;

/** Lines that are no command of ours. */
const ALLOWED: Readonly<Record<string, string>> = {
  'npm ci': 'installs what the lockfile names',
  'npm run build:site': 'Astro, with the built tree as its only input',
  '.ci/run': 'all checks and tests, which runs anywhere',
  'bash -euo pipefail -c "$BUILD"': 'the publisher’s own build, in a job that can neither sign nor write',
  'gh release create "$GITHUB_REF_NAME" --verify-tag --generate-notes "plugin/$ARTIFACT" assets/*':
    'the release of the tag in the publisher’s own repository; GitHub’s command is on every runner',
  'echo "$GITHUB_ACTION_PATH/../../../node_modules/.bin" >> "$GITHUB_PATH"':
    'the one way to put a command on the path of later steps',
};

/** Why the line may not be there; undefined when it may. */
export function commandProblem(run: string): string | undefined {
  const line = run.trim();
  if (Object.hasOwn(ALLOWED, line)) return undefined;
  if (line.includes('\n')) return 'is more than one command; each step is one';
  const words = shellWords(line);
  if (words === undefined) return 'is more than one plain command: no pipes, lists, redirections or substitutions';
  const [first, ...rest] = words;
  if (first !== 'plugmark') return `is no command of plugmark: ${first}`;
  return unknownWord(program(), rest);
}

/** Words of a line without shell syntax; variables only inside double quotes, where they are one word. */
function shellWords(line: string): string[] | undefined {
  const WORD = /\s*(?:"((?:[^"`\\$]|\$[A-Z_]+)*)"|([A-Za-z0-9_.,:/@#=+%-]+))(?=\s|$)/y;
  const words: string[] = [];
  while (WORD.lastIndex < line.length) {
    const found = WORD.exec(line);
    if (found === null) return undefined;
    words.push(found[1] ?? found[2] ?? '');
  }
  return words;
}

const program = (): Command =>
  createProgram(
    {
      stdout: { write: () => undefined },
      stderr: { write: () => undefined },
      cwd: '/',
      env: {},
      now: () => new Date(0),
      fetch,
    },
    () => undefined,
  );

/** What the command itself says to these words: an option it does not have, one it needs, an argument too many. */
function unknownWord(top: Command, words: readonly string[]): string | undefined {
  let command = top;
  let depth = 0;
  for (; depth < words.length; depth++) {
    const inner = command.commands.find((candidate) => candidate.name() === words[depth]);
    if (inner === undefined) break;
    command = inner as Command;
  }
  if (command === top || command.commands.length > 0)
    return `plugmark has no command ${words.slice(0, depth + 1).join(' ')}`;
  // The command as it is, but for what it would do.
  command.action(() => undefined);
  try {
    top.parse([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return `plugmark ${words.slice(0, depth).join(' ')}: ${error.message.replace(/^error: /, '')}`;
  }
}

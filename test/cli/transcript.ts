// Transcripts: what a person types and what comes back, as one text file a case. Lines begin with what they are:
//   `+ fixture NAME` or `+ file PATH` (its lines follow, each after `| `), `$ ` a command, `> ` stdout, `! ` stderr, `? ` exit code.
// The first line says what the case shows.

export interface Step {
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

export interface Transcript {
  readonly title: string;
  readonly fixtures: readonly string[];
  readonly files: ReadonlyMap<string, string>;
  /** Lines before the first command, as they were written. */
  readonly head: string;
  readonly steps: readonly Step[];
}

export function readTranscript(text: string): Transcript {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('$ '));
  const head = lines.slice(0, first);
  const files = new Map<string, string>();
  let file: string | undefined;
  for (const line of head) {
    if (line.startsWith('+ file ')) {
      file = line.slice('+ file '.length);
      files.set(file, '');
    } else if (file !== undefined && line.startsWith('|')) files.set(file, `${files.get(file)}${line.slice(2)}\n`);
  }
  const fixtures = head.flatMap((line) => (line.startsWith('+ fixture ') ? [line.slice('+ fixture '.length)] : []));
  return { title: lines[0] ?? '', fixtures, files, head: head.join('\n'), steps: readSteps(lines.slice(first)) };
}

function readSteps(lines: readonly string[]): Step[] {
  const commands = lines.flatMap((line, i) => (line.startsWith('$ ') ? [i] : []));
  return commands.map((from, n) => {
    const part = lines.slice(from, commands[n + 1] ?? lines.length);
    const stream = (mark: string): string =>
      part.flatMap((line) => (line[0] === mark ? [`${line.slice(2)}\n`] : [])).join('');
    return {
      command: (part[0] ?? '').slice(2),
      stdout: stream('>'),
      stderr: stream('!'),
      exit: Number(part.find((line) => line.startsWith('? '))?.slice(2) ?? Number.NaN),
    };
  });
}

export function writeTranscript({ head }: Transcript, steps: readonly Step[]): string {
  const stream = (mark: string, text: string): string[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => `${mark} ${line}`.trimEnd());
  const blocks = steps.map(({ command, stdout, stderr, exit }) =>
    [`$ ${command}`, ...stream('!', stderr), ...stream('>', stdout), `? ${exit}`, ''].join('\n'),
  );
  return `${head}\n${blocks.join('\n')}`;
}

/** Words of a command line; double quotes hold words together. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

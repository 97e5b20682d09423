// The command in this process: all of it but the entry that finds the right Node.
import { main } from '../../tools/cli/src/main.ts';

export interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runCommand(
  argv: readonly string[],
  cwd: string,
  now: Date = new Date(),
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const into = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const io = { stdout: into('stdout'), stderr: into('stderr'), cwd, env, now: () => now, fetch };
  const exit = await main(argv, io);
  return { exit, ...said };
}

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export interface AskOptions {
  /** What is typed is not shown. */
  readonly hidden: boolean;
}

/** One line from the person at the terminal. The question goes to stderr, as all talk does. */
export function askAtTerminal(question: string, { hidden }: AskOptions): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_, __, done) => done() });
  const lines = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      if (hidden) process.stderr.write('\n');
      resolve(line);
      lines.close();
    });
    // End of input, or Ctrl-C, is an empty answer: no consent, and no passphrase.
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => resolve(''));
  });
}

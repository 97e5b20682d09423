// The process around the host: arguments in, lines out, answers from the keyboard.
import { createInterface } from 'node:readline';
import { conductor } from './conductor.ts';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const [home = '.', ...command] = process.argv.slice(2);
process.exitCode = await conductor(home, command, {
  print: (line) => void process.stdout.write(`${line}\n`),
  async ask(question) {
    process.stderr.write(question);
    // The end of the input is no answer, and no answer is no agreement.
    const { value } = await lines.next();
    return (value ?? '').trim();
  },
});
process.stdin.destroy();

// Clients that are useless in one way each, to see that the runner notices.
import { createInterface } from 'node:readline';

const ANSWERS = {
  accepts: (id) => ({ id, result: {} }),
  refuses: (id) => ({ id, error: { code: 'NETWORK' } }),
  invents: (id) => ({ id, error: { code: 'CRASH' } }),
  lacks: (id) => ({ id, unsupported: 'anything' }),
  repeats: (id) => ({ id: id - 1, result: {} }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const answer = ANSWERS[process.argv[2]];
  if (answer === undefined) process.exit(1);
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line).id))}\n`);
}

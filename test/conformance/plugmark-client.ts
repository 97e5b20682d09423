// Our client behind the runner protocol: JSON lines in, JSON lines out, a folder for each state.
import { createInterface } from 'node:readline';
import { fileStore } from '@plugmark/client/node';
import { answerRequest, type ClientRequest } from './client-command.ts';

const ports = {
  fetch,
  storeOf: fileStore,
  // The verifier that pages use; `@plugmark/client/node` is held to the same bundles by test/sigstore.
  keyless: () => import('@plugmark/client/sigstore'),
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  if (line.trim() === '') continue;
  const answer = await answerRequest(JSON.parse(line) as ClientRequest, ports);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

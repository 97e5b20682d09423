// A client under test: a command that reads requests as JSON lines and answers each with one. Whatever it writes on stderr is shown.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ClientAnswer, ClientRequest } from './client-command.ts';

export interface ClientProcess {
  /** Throws when the client ends, answers another request, or takes longer than `timeoutMs`. */
  ask(request: ClientRequest, timeoutMs: number): Promise<ClientAnswer>;
  close(): Promise<void>;
}

export function startClient([command = '', ...args]: readonly string[]): ClientProcess {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
    child.on('error', () => resolve());
  });
  // A client that is gone is noticed when its next answer is awaited.
  child.stdin.on('error', () => undefined);
  return {
    async ask(request, timeoutMs) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await within(lines.next(), timeoutMs);
      if (done) throw new Error('the client ended');
      const answer = JSON.parse(value) as ClientAnswer;
      if (answer.id !== request.id)
        throw new Error(`the client answered request ${answer.id} instead of ${request.id}`);
      return answer;
    },
    async close() {
      child.stdin.end();
      await within(ended, 5_000).catch(() => child.kill('SIGKILL'));
    },
  };
}

async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

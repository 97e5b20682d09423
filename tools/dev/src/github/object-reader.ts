// One `git cat-file --batch-command` for all reads: a process for each object would cost more than the object.

import { spawn } from 'node:child_process';

interface GitObject {
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface ObjectReader {
  read(name: string): Promise<GitObject | undefined>;
  /** Without reading it. */
  size(name: string): Promise<number | undefined>;
  close(): void;
}

interface Waiting {
  readonly withContent: boolean;
  readonly done: (found: { type: string; size: number; bytes: Uint8Array } | undefined) => void;
}

const LINE_BREAK = 10;

export function objectReader(folder: string, env: NodeJS.ProcessEnv): ObjectReader {
  const child = spawn('git', ['--git-dir', folder, 'cat-file', '--batch-command'], { env });
  const queue: Waiting[] = [];
  let rest: Buffer = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let used = answerNext(rest, queue); used > 0; used = answerNext(rest, queue)) rest = rest.subarray(used);
  });
  child.on('close', () => {
    for (const { done } of queue.splice(0)) done(undefined);
  });
  child.stdin.on('error', () => undefined);
  const ask = (
    command: 'contents' | 'info',
    name: string,
  ): Promise<{ type: string; size: number; bytes: Uint8Array } | undefined> =>
    new Promise((done) => {
      queue.push({ withContent: command === 'contents', done });
      child.stdin.write(`${command} ${name}\n`);
    });
  return {
    read: (name) => (isName(name) ? ask('contents', name) : Promise.resolve(undefined)),
    size: async (name) => (isName(name) ? (await ask('info', name))?.size : undefined),
    close: () => void child.kill(),
  };
}

/** A line break would be another command. */
const isName = (name: string): boolean => /^[A-Za-z0-9/._:-]+$/.test(name);

/** Bytes of the answer to the first that waits; 0 while it is not whole. */
function answerNext(buffer: Buffer, queue: Waiting[]): number {
  const [first] = queue;
  const end = buffer.indexOf(LINE_BREAK);
  if (first === undefined || end < 0) return 0;
  const [, type = '', length = ''] = buffer.subarray(0, end).toString('utf8').split(' ');
  const size = Number(length);
  const isThere = length !== '' && Number.isSafeInteger(size);
  const whole = isThere && first.withContent ? end + 1 + size + 1 : end + 1;
  if (buffer.length < whole) return 0;
  queue.shift();
  first.done(isThere ? { type, size, bytes: new Uint8Array(buffer.subarray(end + 1, whole - 1)) } : undefined);
  return whole;
}

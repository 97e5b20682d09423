// One `git cat-file --batch` for a whole command: objects by id, as many as are asked for, without a process for each.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { gitEnvironment } from './run-git.ts';

interface GitObject {
  readonly type: string;
  readonly bytes: Buffer;
}

export interface GitObjects {
  /** In the order asked for. Throws GIT_FAILED where one is missing. One call at a time. */
  readonly read: (ids: readonly string[]) => Promise<GitObject[]>;
  /** The same, undefined for one that is missing. */
  readonly find: (ids: readonly string[]) => Promise<(GitObject | undefined)[]>;
  readonly close: () => Promise<void>;
}

export function gitObjects(io: Io, folder: string): GitObjects {
  const child = spawn('git', ['-C', folder, 'cat-file', '--batch'], {
    env: gitEnvironment(io),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()).on('error', () => resolve()));
  // What is written after git has ended; reading says what happened.
  child.stdin.on('error', () => undefined);
  const next = objectsFrom(child);
  let turn: Promise<unknown> = Promise.resolve();
  const find = (ids: readonly string[]): Promise<(GitObject | undefined)[]> => {
    const answer = turn.then(async () => {
      if (ids.length > 0) child.stdin.write(`${ids.join('\n')}\n`);
      const found: (GitObject | undefined)[] = [];
      for (const _ of ids) found.push(await next());
      return found;
    });
    turn = answer.catch(() => undefined);
    return answer;
  };
  return {
    find,
    read: async (ids) => {
      const found = await find(ids);
      return found.map((object, i) => {
        if (object === undefined) throw new CliError('GIT_FAILED', `git has no object ${ids[i]}`);
        return object;
      });
    },
    close: () => {
      child.stdin.end();
      return ended;
    },
  };
}

const HEADER = /^[0-9a-f]+ ([a-z]+) (\d+)$/;
const MISSING = / missing$/;

/** Takes one object after the other off the stream: a line with type and length, the bytes, a line end. */
function objectsFrom(child: ChildProcessByStdio<Writable, Readable, null>): () => Promise<GitObject | undefined> {
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<void> => {
    const { value, done } = await chunks.next();
    if (done === true) throw new CliError('GIT_FAILED', 'git cat-file ended early');
    held = held.length === 0 ? value : Buffer.concat([held, value]);
  };
  const take = async (length: number): Promise<Buffer> => {
    const parts: Buffer[] = [];
    // Joined once, however many chunks it comes in.
    for (let missing = length; missing > 0; ) {
      if (held.length === 0) await more();
      const part = held.subarray(0, missing);
      parts.push(part);
      held = held.subarray(part.length);
      missing -= part.length;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  };
  return async () => {
    let end = held.indexOf(10);
    for (; end < 0; end = held.indexOf(10)) await more();
    const line = (await take(end + 1)).toString('latin1', 0, end);
    if (MISSING.test(line)) return undefined;
    const [, type, size] = HEADER.exec(line) ?? [];
    if (type === undefined) throw new CliError('GIT_FAILED', `git has no object ${line.split(' ')[0]}`);
    const bytes = await take(Number(size));
    await take(1);
    return { type, bytes };
  };
}

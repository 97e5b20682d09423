// One child: started under its layers, given its frames, watched by the clock, and always killed with its whole process group, however
// it ended. What it says is handed on frame by frame; whoever listens says when it is over.

import { spawn } from 'node:child_process';
import { FrameReader, frame } from './frames.ts';
import { commandEnvironment } from './probe.ts';

/** How a conversation ended. */
export type ChildEnd =
  | { readonly kind: 'finished' }
  /** The listener refused what it was told. */
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'timeout' }
  | {
      readonly kind: 'exited';
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      readonly stderr: string;
    }
  | { readonly kind: 'notStarted'; readonly cause: unknown };

/** `more` waits so many milliseconds for the next frame. */
export type Heard =
  | { readonly next: 'more'; readonly within: number }
  | { readonly next: 'finish' }
  | { readonly next: 'refuse'; readonly detail: string };

export interface Conversation {
  readonly command: readonly string[];
  readonly frames: readonly Uint8Array[];
  /** Longest frame that is taken. */
  readonly frameBytes: number;
  /** Milliseconds until the first frame. */
  readonly first: number;
  readonly hear: (frame: Buffer) => Heard;
  /** Ends what `kill` cannot reach. */
  readonly stop?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const STDERR_BYTES = 4_000;

export function converse(conversation: Conversation): Promise<ChildEnd> {
  const { command, frames, hear, signal } = conversation;
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    // A group of its own, so that one signal reaches the child and whatever wraps it. The outer commands are found by a PATH, which
    // the innermost layer, `env -i`, takes away again.
    const child = spawn(program, args, { detached: true, env: commandEnvironment(), stdio: ['pipe', 'pipe', 'pipe'] });
    let timer: NodeJS.Timeout | undefined;
    let stderr = '';
    let end: ChildEnd | undefined;
    const reader = new FrameReader(conversation.frameBytes);
    const finish = (how: ChildEnd): void => {
      end ??= how;
      clearTimeout(timer);
      killGroup(child.pid);
      conversation.stop?.();
    };
    const wait = (milliseconds: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => finish({ kind: 'timeout' }), milliseconds);
    };
    const abort = (): void => finish({ kind: 'timeout' });
    signal?.addEventListener('abort', abort, { once: true });
    wait(conversation.first);
    child.on('error', (cause) => {
      finish({ kind: 'notStarted', cause });
      if (child.pid === undefined) done();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (end !== undefined) return;
      const heard = listen(reader, chunk, hear);
      if (heard?.next === 'more') wait(heard.within);
      else if (heard?.next === 'finish') finish({ kind: 'finished' });
      else if (heard?.next === 'refuse') finish({ kind: 'refused', detail: heard.detail });
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < STDERR_BYTES) stderr += chunk.toString('latin1').slice(0, STDERR_BYTES);
    });
    // A child that ends before it has read everything closes the pipe.
    child.stdin.on('error', () => undefined);
    child.on('close', (code, by) => {
      finish({ kind: 'exited', code, signal: by, stderr });
      done();
    });
    for (const bytes of frames) child.stdin.write(frame(bytes));
    child.stdin.end();

    function done(): void {
      signal?.removeEventListener('abort', abort);
      resolve(end ?? { kind: 'timeout' });
    }
  });
}

function listen(reader: FrameReader, chunk: Buffer, hear: Conversation['hear']): Heard | undefined {
  const frames = reader.push(chunk);
  if (frames === undefined) return { next: 'refuse', detail: 'an answer longer than any may be' };
  let heard: Heard | undefined;
  for (const each of frames) {
    heard = hear(each);
    if (heard.next !== 'more') break;
  }
  return heard;
}

/** Everything in the group, at once and for good; that it is already gone is as well. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: no process of the group is left.
  }
}

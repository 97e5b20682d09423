// A child whose own code is hostile, as that of a component's glue may be: the same layers, the same parent, another script.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childBounds } from '../../../tools/sandbox/src/bounds.ts';
import { type ChildEnd, type Conversation, converse } from '../../../tools/sandbox/src/child-process.ts';
import { layerStack } from '../../../tools/sandbox/src/layer-stack.ts';
import { SMALL_LIMITS } from '../sandbox-host.ts';

export interface HostileChild {
  readonly end: ChildEnd;
  readonly folder: string;
}

/** Runs a script (ES module) as the child; `hear` is the parent's side. */
export async function hostileChild(
  script: string,
  conversation: Partial<Conversation> & Pick<Conversation, 'hear'>,
): Promise<HostileChild> {
  const folder = mkdtempSync(join(tmpdir(), 'plugmark-hostile-'));
  try {
    const entry = join(folder, 'main.mjs');
    writeFileSync(entry, script);
    const layers = await layerStack();
    const bounds = childBounds({ folder, entry }, SMALL_LIMITS, { milliseconds: 5_000, options: {} });
    const command = layers.command(bounds, { flags: ['--liftoff-only'], entry });
    const end = await converse({ command, frames: [], frameBytes: 200_000, first: 20_000, ...conversation });
    return { end, folder };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** For a script: `say(bytes)` writes a frame. */
export const SAY = `
import { writeSync, readSync } from 'node:fs';
const say = (value) => {
  const body = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  writeSync(1, Buffer.concat([head, body]));
};
const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
`;

// Signed notes (C2SP tlog-checkpoint): what a log commits to. Lines of witnesses nobody here knows are passed over; the log's own
// line must be among them.
import { ClientError } from '../error.ts';
import { equalBytes, fromBase64, fromHex, utf8 } from '../trust/bytes.ts';
import type { Log } from './trusted-root.ts';

export interface Checkpoint {
  readonly size: number;
  readonly root: Uint8Array;
}

// Escaped: a page that is served without its character set would read the dash as three letters.
const SIGNATURE_LINE = /^\u2014 (\S+) ([A-Za-z0-9+/]+=*)$/;

/** What the log signed. Throws LOG_PROOF_INVALID. */
export async function readCheckpoint(text: string, log: Log): Promise<Checkpoint> {
  const split = text.indexOf('\n\n');
  if (split < 0) throw invalid('checkpoint form');
  const note = text.slice(0, split + 1);
  const [origin = '', size = '', hash = ''] = note.split('\n');
  const root = fromBase64(hash);
  // A sharded log writes its tree's number behind its name.
  const isNamed = origin === log.name || origin.startsWith(`${log.name} - `);
  if (!isNamed || !/^(0|[1-9]\d{0,15})$/.test(size) || root?.length !== 32) throw invalid('checkpoint lines');
  for (const line of text.slice(split + 2).split('\n')) {
    const [, name, value = ''] = SIGNATURE_LINE.exec(line) ?? [];
    const signature = fromBase64(value);
    if (name !== log.name || signature === undefined || !isHint(signature.subarray(0, 4), log)) continue;
    if (await log.key.verify(signature.subarray(4), utf8(note))) return { size: Number(size), root };
  }
  throw invalid('no signature of the log');
}

function isHint(hint: Uint8Array, { id }: Log): boolean {
  return equalBytes(hint, fromHex(id.slice(0, 8)) ?? new Uint8Array());
}

function invalid(what: string): ClientError {
  return new ClientError('LOG_PROOF_INVALID', { what });
}

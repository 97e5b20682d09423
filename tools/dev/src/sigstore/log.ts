// What both versions of Rekor have in common: bodies in order, a tree over them, and signed checkpoints (C2SP tlog-checkpoint).

import type { KeyObject } from 'node:crypto';
import { digest, signWith, spkiOf } from './keys.ts';
import { auditPath, leafHash, rootHash } from './merkle-tree.ts';

export interface Log {
  /** Host part of the log's address; it signs checkpoints with this name. */
  readonly name: string;
  readonly id: Uint8Array;
  readonly key: KeyObject;
  readonly bodies: readonly Uint8Array[];
  /** The index of the body, which is added unless it is there. */
  append(body: Uint8Array): number;
  proof(index: number): InclusionProof;
}

interface InclusionProof {
  readonly logIndex: number;
  readonly treeSize: number;
  readonly rootHash: Uint8Array;
  readonly hashes: readonly Uint8Array[];
  readonly checkpoint: string;
}

export interface LogOptions {
  readonly name: string;
  readonly origin: string;
  readonly key: KeyObject;
  /** What was logged before. */
  readonly bodies: readonly Uint8Array[];
}

export function openLog({ name, origin, key, bodies: before }: LogOptions): Log {
  const bodies = [...before];
  const leaves = bodies.map(leafHash);
  const id = logId(name, key);
  const checkpoint = (root: Uint8Array): string => {
    const note = `${origin}\n${bodies.length}\n${Buffer.from(root).toString('base64')}\n`;
    const signature = Buffer.concat([id.subarray(0, 4), signWith(key, Buffer.from(note))]);
    return `${note}\n— ${name} ${signature.toString('base64')}\n`;
  };
  return {
    name,
    id,
    key,
    bodies,
    append(body) {
      const known = bodies.findIndex((other) => Buffer.from(other).equals(body));
      if (known >= 0) return known;
      leaves.push(leafHash(body));
      return bodies.push(body) - 1;
    },
    proof(index) {
      const root = rootHash(leaves);
      const hashes = auditPath(leaves, index);
      return { logIndex: index, treeSize: bodies.length, rootHash: root, hashes, checkpoint: checkpoint(root) };
    },
  };
}

/** Rekor v1 names a log by its key; a signed note's Ed25519 key by its name too (C2SP signed-note). */
function logId(name: string, key: KeyObject): Uint8Array {
  const spki = spkiOf(key);
  if (key.asymmetricKeyType !== 'ed25519') return digest(spki);
  return digest(Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(1), spki.subarray(-32)]));
}

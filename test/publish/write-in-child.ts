// Writes one tree, then the other, for ever; write-tree.test.ts kills it.
import { type FileTree, writeTree } from '@plugmark/publish';

const out = process.argv[2] ?? '';
const big = (fill: number): FileTree =>
  new Map(
    Array.from({ length: 80 }, (_, i) => [`targets/${i % 7}/${i}-${fill}`, new Uint8Array(2000).fill(fill)] as const),
  );
process.send?.('ready');
for (let i = 0; ; i++) await writeTree(out, big((i % 2) + 1));

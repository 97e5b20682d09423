// What keyless verification costs: bytes for a page, and time beside the Node client, which asks the Sigstore project's verifier too. Both are
// warm and read the trusted root once.
import { readFileSync } from 'node:fs';
import * as library from '@plugmark/client/node';
import * as own from '@plugmark/client/sigstore';
import type { SigstoreVector } from '../sigstore/vector.ts';
import { browserPeer, gzippedSize } from './bundle-size.ts';
import { medianMs, type Row, row } from './harness.ts';

const VECTORS = new URL('../vectors/sigstore/', import.meta.url);
const read = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, VECTORS)));

/** What a page loads: with what it needs to install, and what comes when the first certificate is met. */
const BUNDLES: readonly (readonly [name: string, code: string, goalBytes: number | undefined])[] = [
  [
    'size-with-sigstore',
    `export { openRegistry } from '@plugmark/client'; export * from '@plugmark/client/sigstore';`,
    25_000,
  ],
  ['size-sigstore-alone', `export { keylessVerifier } from '@plugmark/client/sigstore';`, undefined],
];
export async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, code, goalBytes] of BUNDLES) {
    const value = await gzippedSize(code);
    const goal = goalBytes === undefined ? {} : { goal: { of: 'value', atMost: goalBytes } as const };
    rows.push(row({ name, unit: 'bytes', value, peer: await browserPeer('sigstore-browser'), ...goal }));
  }
  for (const name of ['rekor-v1', 'rekor-v2']) rows.push(await verifyTime(name));
  return rows;
}

export async function verifyTime(name: string): Promise<Row> {
  const root = read('trusted_root.json');
  const bundle = read(`${name}/bundle.sigstore.json`);
  const input = JSON.parse(new TextDecoder().decode(read(`${name}/input.json`))) as SigstoreVector;
  const workflows = input.mark === 'publisher' ? input.identities.filter(({ kind }) => kind === 'keyless') : [];
  const timed = async ({ keylessVerifier }: typeof own | typeof library): Promise<number> => {
    const verifier = await keylessVerifier(root);
    return medianMs(() => verifier.verify(bundle, workflows as never, { version: input.claim.version }), {
      runs: 21,
      warmup: 5,
    });
  };
  const value = await timed(own);
  return row({
    name: `verify-${name}`,
    unit: 'ms',
    value,
    // Not the library alone: the Node client also reads claims, times and the trusted root itself.
    peer: { name: '@plugmark/client/node over @sigstore/verify', value: await timed(library) },
  });
}

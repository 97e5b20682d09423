// The same directories as vectors.test.ts in a real browser, by the verifier that pages load.
import * as own from '@plugmark/client/sigstore';
import { expect, test } from 'vitest';
import { runVector, type SigstoreVector } from './vector.ts';

const inputs = import.meta.glob<SigstoreVector>('../vectors/sigstore/*/input.json', { eager: true, import: 'default' });
const outcomes = import.meta.glob('../vectors/sigstore/*/expect.json', { eager: true, import: 'default' });
const bundles = import.meta.glob<string>('../vectors/sigstore/*/bundle.sigstore.json', {
  query: '?raw',
  eager: true,
  import: 'default',
});
const roots = import.meta.glob<string>(
  ['../vectors/sigstore/trusted_root.json', '../vectors/sigstore/*/trusted_root.json'],
  { query: '?raw', eager: true, import: 'default' },
);

test('there are vectors', () => {
  expect(Object.keys(inputs).length).toBeGreaterThan(60);
});

for (const [path, input] of Object.entries(inputs)) {
  test(path.split('/').at(-2) ?? path, async () => {
    const beside = (name: string): string => path.replace('input.json', name);
    const bytes = (content: string | undefined): Uint8Array => new TextEncoder().encode(content);
    const trustedRoot = bytes(roots[beside('trusted_root.json')] ?? roots['../vectors/sigstore/trusted_root.json']);
    const vector = { input, bundle: bytes(bundles[beside('bundle.sigstore.json')]), trustedRoot };
    expect(await runVector(vector, own)).toEqual(outcomes[beside('expect.json')]);
  });
}

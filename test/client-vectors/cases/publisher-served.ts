// A release and its bundle as they are served, and what the document says of both (specification 7.1, 7.3).
import { KEYS } from '../base-registry.ts';
import type { ClientCase } from '../case.ts';
import { addRelease, moduleBytes, releaseOf, signPublisher } from '../releases.ts';
import { type Json, sha256, type VectorRegistry } from '../vector-registry.ts';
import { entry, thing } from './publisher-changes.ts';
import { first, published, THING } from './steps.ts';

const { acme, cosign } = KEYS;

const bundlePath = (registry: VectorRegistry): string =>
  `attestations/${releaseOf(registry, 'acme/thing', '1.2.0').attestations.publisher.sha256}.json`;

export const SERVED_CASES: readonly ClientCase[] = [
  first({
    name: 'bundle-missing',
    why: 'The publisher’s bundle is named and not served.',
    clauses: ['PUB1'],
    code: 'ATTESTATION_MISSING',
    ask: thing,
    change: (registry) => registry.files.delete(bundlePath(registry)),
  }),
  first({
    name: 'bundle-of-other-bytes',
    why: 'The bundle that is served has another digest than the one named, though it would verify.',
    clauses: ['PUB1'],
    code: 'ATTESTATION_DIGEST',
    ask: thing,
    change(registry) {
      const path = bundlePath(registry);
      registry.files.set(path, Uint8Array.from([...registry.bytes(path).slice(0, -1), 0x0a]));
    },
  }),
  first({
    name: 'bundle-longer',
    why: 'The bundle is longer than the document says: reading stops there.',
    clauses: ['PUB1', 'NET4'],
    code: 'TOO_LARGE',
    ask: thing,
    change: (registry) =>
      registry.files.set(bundlePath(registry), Uint8Array.of(...registry.bytes(bundlePath(registry)), 0x20)),
  }),
  first({
    name: 'bundle-of-megabytes',
    why: 'The document says that the bundle has two million bytes, and so it has: a bundle may have one million.',
    clauses: ['PUB1', 'NET4'],
    code: 'TOO_LARGE',
    ask: thing,
    change: published((registry) => {
      releaseOf(registry, 'acme/thing', '1.2.0').attestations.publisher.size = 2_000_000;
      registry.files.set(bundlePath(registry), { fill: ' ', length: 1_000_001 });
    }),
  }),
  first({
    name: 'bundle-in-a-pack',
    why: 'The bundle of an old release is served inside a pack, between others, and no longer by itself.',
    clauses: ['PUB17'],
    ask: thing,
    expect: THING,
    change: inPack((bundle) => bundle),
  }),
  first({
    name: 'bundle-loose-beside-a-pack',
    why: 'The bundle is served by itself, and the pack that is named for it holds other bytes: nobody needs it.',
    clauses: ['PUB17'],
    ask: thing,
    expect: THING,
    change: inPack((bundle) => bundle.map(() => 0x20), { loose: true }),
  }),
  first({
    name: 'bundle-in-a-pack-of-other-bytes',
    why: 'The pack holds other bytes where the bundle should be, though a pack of this digest was named.',
    clauses: ['PUB17'],
    code: 'ATTESTATION_DIGEST',
    ask: thing,
    change: inPack((bundle) => Uint8Array.from([...bundle.slice(0, -1), 0x0a])),
  }),
  first({
    name: 'bundle-in-a-pack-that-ends-early',
    why: 'The pack ends in the middle of the bundle.',
    clauses: ['PUB17'],
    code: 'ATTESTATION_DIGEST',
    ask: thing,
    change: inPack((bundle) => bundle.slice(0, 40), { after: '' }),
  }),
  first({
    name: 'bundle-in-a-pack-that-is-not-served',
    why: 'Neither the bundle nor the pack it is said to be in is served.',
    clauses: ['PUB17'],
    code: 'ATTESTATION_MISSING',
    ask: thing,
    change: inPack(() => undefined),
  }),
  first({
    name: 'manifest-changed',
    why: 'The document’s release differs from the one whose digest stands beside it.',
    clauses: ['PUB15'],
    code: 'MANIFEST_MISMATCH',
    ask: thing,
    change: entry(({ release }) => Object.assign(release, { license: 'GPL-3.0' })),
  }),
  first({
    name: 'manifest-changed-with-its-digest',
    why: 'The document’s release was changed and its digest with it: the publisher signed another.',
    clauses: ['PUB14', 'PUB15'],
    code: 'STATEMENT_MISMATCH',
    ask: thing,
    change: entry((it) => {
      it.release.license = 'GPL-3.0';
      it.manifestSha256 = sha256(new TextEncoder().encode(canonicalOf(it.release)));
    }),
  }),
  first({
    name: 'bytes-exchanged',
    why: 'The online key lists other bytes for a signed release, and everything it can sign agrees.',
    clauses: ['PUB12', 'PUB15'],
    code: 'STATEMENT_MISMATCH',
    ask: thing,
    change: entry((it, registry) => {
      const bytes = moduleBytes(99);
      it.release.artifact.sha256 = sha256(bytes);
      it.manifestSha256 = sha256(new TextEncoder().encode(canonicalOf(it.release)));
      registry.files.set(`blobs/sha256/${sha256(bytes)}.wasm`, bytes);
    }),
  }),
  first({
    name: 'bundle-of-another-release',
    why: 'The publisher’s own bundle for an older version stands beside a newer one.',
    clauses: ['PUB12'],
    code: 'STATEMENT_MISMATCH',
    ask: thing,
    change: published((registry) => {
      const old = releaseOf(registry, 'acme/thing', '1.2.0').attestations.publisher;
      addRelease(registry, { plugin: 'acme/thing', version: '1.3.0', key: acme, bytes: moduleBytes(42) });
      releaseOf(registry, 'acme/thing', '1.3.0').attestations.publisher = old;
    }),
  }),
  first({
    name: 'manifest-of-unicode',
    why: 'The release’s notes hold characters that canonical JSON must neither escape nor change.',
    clauses: ['PUB15', 'JSON3'],
    ask: thing,
    expect: THING,
    change: published((registry) => {
      const it = releaseOf(registry, 'acme/thing', '1.2.0');
      it.release.notes = 'é \u2028? no: ö 𝛼 "quoted" \\ / \t <b>'.replace('\u2028', '');
      it.release.dependencies = { 'b/a': '*', 'a/b': '*', 'a-b/c': '*' };
      it.manifestSha256 = sha256(new TextEncoder().encode(canonicalOf(it.release)));
      signPublisher(registry, 'acme/thing', '1.2.0', { key: acme }, cosign);
    }),
  }),
];

interface PackOptions {
  /** The file is served by itself too. */
  readonly loose?: boolean;
  readonly after?: string;
}

/** Moves the publisher's bundle of the release into a pack; what is served there is what `serve` makes of it. */
function inPack(
  serve: (bundle: Uint8Array) => Uint8Array | undefined,
  { loose = false, after = '{"another":"bundle"}' }: PackOptions = {},
): ReturnType<typeof published> {
  return published((registry) => {
    const ref = releaseOf(registry, 'acme/thing', '1.2.0').attestations.publisher;
    const path = `attestations/${ref.sha256}.json`;
    const bundle = registry.bytes(path);
    const before = new TextEncoder().encode('{"a":"report"}');
    const end = new TextEncoder().encode(after);
    ref.pack = { sha256: sha256(Uint8Array.from([...before, ...bundle, ...end])), offset: before.length };
    const served = serve(bundle);
    if (!loose) registry.files.delete(path);
    if (served !== undefined)
      registry.files.set(`attestations/packs/${ref.pack.sha256}`, Uint8Array.from([...before, ...served, ...end]));
  });
}

/** RFC 8785 by another way than the client's: sorted members, then what JSON.stringify writes. */
function canonicalOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalOf(value[key])}`)
    .join(',')}}`;
}

// An OCI registry that says what a case makes it say: what is served at each address, and what was asked of it. What a real one does is in
// test/interop.
import { OCI_MANIFEST } from '@plugmark/client';
import { sha256 } from '@plugmark/publish';

export type Answer = Response | ((headers: Headers) => Response);

export interface FakeRegistry {
  readonly fetch: typeof fetch;
  /** Addresses, in the order in which they were asked for. */
  readonly asked: string[];
  readonly answers: Map<string, Answer>;
}

export const BASE = 'https://ghcr.io/v2/octo/lamp';
export const REPOSITORY = 'ghcr.io/octo/lamp';

export function fakeRegistry(answers: Iterable<readonly [string, Answer]> = []): FakeRegistry {
  const registry = { answers: new Map(answers), asked: [] as string[] };
  const answer: typeof fetch = async (input, init) => {
    const url = String(input);
    registry.asked.push(url);
    const found = registry.answers.get(url);
    if (init?.credentials !== 'omit' || init.referrerPolicy !== 'no-referrer') throw new Error('who asks is told');
    if (found === undefined) return new Response('not here', { status: 404 });
    return typeof found === 'function' ? found(new Headers(init?.headers)) : copyOf(found);
  };
  return { ...registry, fetch: answer };
}

/** A clone whose body is cancelled waits for the other one. */
async function copyOf(answer: Response): Promise<Response> {
  const { status, headers } = answer;
  return new Response(await answer.clone().arrayBuffer(), { status, headers });
}

export interface Pushed {
  readonly reference: string;
  readonly digest: string;
  readonly layer: string;
  /** Addresses of manifest and layer with what is served there. */
  readonly answers: [[string, Answer], [string, Answer]];
}

export const bodyOf = (bytes: Uint8Array): Response => new Response(bytes as Uint8Array<ArrayBuffer>);

/** `change` alters the manifest before it is named by its digest; the answers say then what the registry makes of it. */
export function pushed(bytes: Uint8Array, change: (manifest: Manifest) => object = (manifest) => manifest): Pushed {
  const layer = `sha256:${sha256(bytes)}`;
  const manifest = new TextEncoder().encode(
    JSON.stringify(
      change({
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        config: { mediaType: 'application/vnd.wasm.config.v0+json', digest: `sha256:${'c'.repeat(64)}`, size: 2 },
        layers: [{ mediaType: 'application/wasm', digest: layer, size: bytes.length }],
      }),
    ),
  );
  const digest = `sha256:${sha256(manifest)}`;
  return {
    reference: `oci://${REPOSITORY}@${digest}`,
    digest,
    layer,
    answers: [
      [`${BASE}/manifests/${digest}`, bodyOf(manifest)],
      [`${BASE}/blobs/${layer}`, bodyOf(bytes)],
    ],
  };
}

export interface Manifest {
  readonly schemaVersion: number;
  readonly mediaType: string;
  readonly config: object;
  readonly layers: readonly [{ readonly mediaType: string; readonly digest: string; readonly size: number }];
}

/** Bytes without end, as fast as they are taken. */
export const endless = (): Response =>
  new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) }));

export const redirect = (location: string): Response => new Response(null, { status: 307, headers: { location } });

export const signIn = (challenge: string): Response =>
  new Response('{"errors":[]}', { status: 401, headers: { 'www-authenticate': challenge } });

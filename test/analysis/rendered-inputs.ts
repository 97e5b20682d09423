import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { RenderedInput } from './renderings.ts';
import type { AnalysisVector } from './vector.ts';

const VECTORS = new URL('../vectors/analysis/', import.meta.url);

/** A vector of the analysis with the bytes beside it. */
export function renderedInput(name: string): RenderedInput {
  const file = (path: string): URL => new URL(`${name}/${path}`, VECTORS);
  const bytes = (path: string): Uint8Array | undefined =>
    existsSync(file(path)) ? new Uint8Array(readFileSync(file(path))) : undefined;
  const vector = JSON.parse(readFileSync(file('submission.json'), 'utf8')) as AnalysisVector;
  return {
    vector,
    input: bytes('input.wasm') ?? bytes('input.zip') ?? new Uint8Array(),
    previous: bytes('previous.wasm') ?? bytes('previous.zip'),
  };
}

export const allVectors = (): string[] => readdirSync(VECTORS).sort();

import { randomBytes } from 'node:crypto';
import type { HostProfile } from '@plugmark/schemas';
import type { ChildImage } from './child-image.ts';
import { DEFAULT_CONTAINER_IMAGE } from './layer-stack.ts';
import type { Bounds } from './layers.ts';
import type { RunOptions } from './request.ts';

/** The engine's own threads compile beside the one that runs. */
const THREADS = 4;

export function childBounds(
  image: ChildImage,
  limits: HostProfile['limits'],
  {
    milliseconds,
    options,
    executable = process.execPath,
  }: { readonly milliseconds: number; readonly options: RunOptions; readonly executable?: string },
): Bounds {
  return {
    image: image.folder,
    memoryBytes: limits.memoryBytes,
    tableElements: limits.tableElements,
    executable,
    cpuSeconds: Math.ceil((milliseconds * THREADS) / 1000) + 10,
    name: `plugmark-${randomBytes(8).toString('hex')}`,
    containerImage: options.containerImage ?? DEFAULT_CONTAINER_IMAGE,
  };
}

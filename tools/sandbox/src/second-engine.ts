// Bun with JavaScriptCore, beside Node with V8: another engine that must see the same. It has no permissions and no caps of its own,
// so it runs only what can do nothing but compute, and only where the kernel bounds its memory.

import { execFile } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { SandboxError } from './error.ts';

export interface SecondEngine {
  readonly path: string;
  /** `Bun 1.4.4` */
  readonly version: string;
}

const PROBE_MILLISECONDS = 10_000;
const VERSION = /^Bun \d+\.\d+\.\d+[\w.+-]{0,30}$/;

/**
 * Bun reads `.env` and `bunfig.toml` of the folder it starts in, whatever the environment, and the latter may name code to run first;
 * and it fetches packages that it does not find. So it starts in our own folder and fetches nothing.
 */
export const secondEngineFlags = (folder: string): readonly string[] => [`--cwd=${folder}`, '--no-install'];

/** @throws {SandboxError} ENGINE_UNAVAILABLE when there is no Bun at the path. */
export async function secondEngine(path: string): Promise<SecondEngine> {
  if (!isAbsolute(path)) throw unavailable(path, 'the path is not absolute');
  // Node has `--print` too, and no such version.
  const args = [...secondEngineFlags('/'), '--print', '`Bun ${process.versions.bun}`'];
  const version = await new Promise<string>((resolve, reject) => {
    execFile(path, args, { timeout: PROBE_MILLISECONDS, env: {} }, (error, out) =>
      error === null ? resolve(out.trim()) : reject(unavailable(path, error.message.split('\n')[0] ?? '', error)),
    );
  });
  if (!VERSION.test(version)) throw unavailable(path, 'it does not answer as Bun does');
  return { path, version };
}

const unavailable = (path: string, reason: string, cause?: unknown): SandboxError =>
  new SandboxError('ENGINE_UNAVAILABLE', `the second engine ${path} cannot be used: ${reason}`, { cause });

export interface SecondEngineCase {
  readonly component: boolean;
  readonly metered: boolean;
  /** Layers that are active on this machine. */
  readonly active: ReadonlySet<string>;
  /** Layers that this engine cannot have. */
  readonly lacking: readonly string[];
  readonly required: readonly string[];
}

/** Why a plugin is not run in the second engine; undefined when it is. */
export function whyNotSecond({ component, metered, active, lacking, required }: SecondEngineCase): string | undefined {
  const missing = required.find((layer) => lacking.includes(layer));
  if (missing !== undefined) return `policy requires the layer ${missing}, which it cannot have`;
  // Generated JavaScript could read files there.
  if (component) return 'the glue of components is JavaScript and runs behind the layer permission only';
  // The host's bounds, and an end by fuel, are written into the module.
  if (!metered) return 'the module could not be metered, and it has no cap of its own';
  if (!MEMORY_BOUNDS.some((layer) => active.has(layer)))
    return `no layer here bounds the memory of its process: ${MEMORY_BOUNDS.join(' or ')}`;
  return undefined;
}

/** Garbage-collected memory of a plugin is bounded by nothing else there. */
const MEMORY_BOUNDS: readonly string[] = ['prlimit', 'container'];

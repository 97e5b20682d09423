import { resolve } from 'node:path';
import { CONFIGURATIONS, type RunOptions } from '@plugmark/sandbox';
import type { RunObservation } from '@plugmark/schemas';
import { type Io, say } from './io.ts';

/** For the help of commands that run plugins. */
export const SECOND_ENGINE_HELP = `
Environment:
  PLUGMARK_BUN  path of a Bun, whose JavaScriptCore then runs core modules too
`;

const { engine: SECOND_NAME } = CONFIGURATIONS.bun;

/** The Bun that PLUGMARK_BUN names; unset or empty there is no second engine. */
export function secondEngineOf({ env, cwd }: Pick<Io, 'env' | 'cwd'>): Pick<RunOptions, 'secondEngine'> {
  const path = env['PLUGMARK_BUN'] ?? '';
  return path === '' ? {} : { secondEngine: resolve(cwd, path) };
}

/** Whether a second engine ran, or was there and it is said why it did not. */
export function askedSecond({ engines, notRun = [] }: Pick<RunObservation, 'engines' | 'notRun'>): boolean {
  return [...engines, ...notRun].some(({ name }) => name === SECOND_NAME);
}

/** An engine that was there and left out is never passed over in silence. */
export function sayNotRun(io: Io, { notRun = [] }: Pick<RunObservation, 'notRun'>): void {
  for (const { name, reason } of notRun) say(io, `${name} was not used: ${reason}`);
}

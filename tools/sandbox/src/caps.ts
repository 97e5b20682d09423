import type { LimitCaps } from '@plugmark/wasm';

const PAGE = 65_536;

/**
 * What each memory and each table of a plugin may have at most: whole pages, at least one, and no more than any engine has. The same
 * numbers are written into the module and given to the engine, so that no engine can be told from another by them.
 */
export const capsOf = ({ memoryBytes, tableElements }: LimitCaps): LimitCaps => ({
  memoryBytes: PAGE * Math.max(1, Math.min(65_536, Math.floor(memoryBytes / PAGE))),
  tableElements: Math.max(1, Math.min(10_000_000, tableElements)),
});

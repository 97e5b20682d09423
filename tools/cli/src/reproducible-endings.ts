/** Endings that another machine would see too; the others say something about this one. */
export const REPRODUCIBLE: ReadonlySet<string> = new Set([
  'ok',
  'trap',
  'outOfFuel',
  'outOfMemory',
  'hostCallLimit',
  'outputLimit',
]);

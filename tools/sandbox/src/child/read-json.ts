import type { Json } from './request.ts';

/** Deeper than this no canonical JSON can be, less what a report wraps around it. */
const DEEPEST = 80;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The value of a JSON text that can be carried in a report; undefined for anything else. */
export function readJson(text: string): Json | undefined {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  return isPlain(value) ? value : undefined;
}

/** Whether a value has a canonical form: no half surrogate pairs, no `__proto__`, not nested without end. */
export function isPlain(root: unknown): boolean {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && LONE_SURROGATE.test(value)) return false;
    if (typeof value === 'number' && !Number.isFinite(value)) return false;
    if (typeof value !== 'object' || value === null) continue;
    if (depth === DEEPEST || Object.hasOwn(value, '__proto__')) return false;
    for (const [key, item] of Object.entries(value)) {
      if (LONE_SURROGATE.test(key)) return false;
      open.push({ value: item, depth: depth + 1 });
    }
  }
  return true;
}

// What the interop run saw, as a file that is checked in and that the documentation's tables are made from. `BLESS=1` writes it; without,
// a run that sees something else fails. Counts and versions only: nothing of the machine, no time.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';

const count = z.int().check(z.nonnegative());

const Plugin = z.strictObject({
  plugin: z.string(),
  version: z.string(),
  host: z.string(),
  tier: z.string(),
  publisher: z.string(),
  registry: z.string(),
  vectors: count,
  calls: count,
  sameOutput: count,
  sameFuel: count,
  /** Why it was verified and not run. */
  notRun: z.optional(z.string()),
});

export const HostResult = z.strictObject({
  libraries: z.record(z.string(), z.string()),
  groups: z.record(
    z.string(),
    z.strictObject({ pass: count, otherCode: count, refusesHonest: count, unsupported: count }),
  ),
  plugins: z.array(Plugin),
});
export type HostResult = z.output<typeof HostResult>;

const ToolResult = z.strictObject({
  tool: z.string(),
  version: z.string(),
  reads: z.string(),
  accepted: count,
  refused: z.strictObject({ what: z.string(), count }),
});
export type ToolResult = z.output<typeof ToolResult>;

export const InteropResults = z.strictObject({
  schemaVersion: z.literal(1),
  hosts: z.record(z.string(), HostResult),
  tools: z.record(z.string(), ToolResult),
});
export type InteropResults = z.output<typeof InteropResults>;

const RESULTS = fileURLToPath(new URL('../../hosts/results.json', import.meta.url));

export const readResults = (): InteropResults => InteropResults.parse(JSON.parse(readFileSync(RESULTS, 'utf8')));

/** The recorded value, after writing `seen` over it where BLESS asks for that. */
export function recorded<K extends 'hosts' | 'tools'>(part: K, name: string, seen: InteropResults[K][string]): unknown {
  if (process.env['BLESS'] === '1') {
    const all = readResults();
    const changed = { ...all, [part]: { ...all[part], [name]: seen } };
    writeFileSync(RESULTS, `${JSON.stringify(InteropResults.parse(changed), null, 2)}\n`);
  }
  return readResults()[part][name];
}

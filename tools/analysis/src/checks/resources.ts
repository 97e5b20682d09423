import type { HostProfile } from '@plugmark/schemas';
import type { ModuleFacts } from '@plugmark/wasm';
import { type Check, findingsOf, NO_PROFILE, type RawFinding, UNREADABLE } from '../check.ts';

/** Memories fit the host: initial size, maximum, sharing. Sizes in bytes. */
export const memoryBounds: Check = ({ module, profile }) => {
  if (!('facts' in module)) return UNREADABLE;
  if (profile === undefined) return NO_PROFILE;
  return findingsOf(module.cores.flatMap(({ facts }) => memoryFindings(facts, profile)));
};

function memoryFindings({ memories }: ModuleFacts, { title, limits, conventions }: HostProfile): RawFinding[] {
  const findings: RawFinding[] = [];
  const startBytes = memories.reduce((sum, { minPages, pageSize }) => sum + minPages * pageSize, 0);
  const facts = { host: title, expected: limits.memoryBytes };
  if (startBytes > limits.memoryBytes)
    findings.push({ ruleId: 'wasm.memory-too-large', facts: { ...facts, actual: startBytes } });
  if (memories.some(({ maxPages }) => maxPages === undefined))
    findings.push({ ruleId: 'wasm.memory-unlimited', facts });
  if (!conventions.threads && memories.some(({ shared }) => shared))
    findings.push({ ruleId: 'wasm.memory-shared', facts: { host: title } });
  return findings;
}

/** Tables fit the host. Sizes in elements. */
export const tableBounds: Check = ({ module, profile }) => {
  if (!('facts' in module)) return UNREADABLE;
  if (profile === undefined) return NO_PROFILE;
  const { title, limits } = profile;
  const over = module.cores
    .map(({ facts: { tables } }) => tables.reduce((sum, { min }) => sum + min, 0))
    .filter((elements) => elements > limits.tableElements);
  const bound = { host: title, expected: limits.tableElements };
  return findingsOf(over.map((actual) => ({ ruleId: 'wasm.table-too-large', facts: { ...bound, actual } })));
};

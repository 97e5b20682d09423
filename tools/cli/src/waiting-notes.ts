// What a build does not contain although registry/ asks for it. A tier that nobody expected, or an empty table, is not said to be wrong by
// anything else: unsigned changes count for nobody, and approvals alone bring nothing.

import { PublishError, type RegistrySource } from '@plugmark/publish';
import { SchemaError } from '@plugmark/schemas';
import { proposalFor } from './ceremony.ts';
import { CliError } from './cli-error.ts';
import { readTrustFolder } from './trust-folder.ts';

export interface WaitingInput {
  readonly source: RegistrySource;
  readonly trust: string;
  readonly now: Date;
}

/** A sentence each. */
export async function waitingNotes({ source, trust, now }: WaitingInput): Promise<string[]> {
  return [...approvedOnly(source), ...(await unsigned({ source, trust, now }))];
}

function approvedOnly({ approvals, plugins }: RegistrySource): string[] {
  const missing = [...approvals.values()].filter(({ plugin }) => !plugins.has(plugin));
  if (missing.length === 0) return [];
  return [`approved and not taken over yet: ${missing.length} of ${approvals.size} plugins (plugmark mirror sync)`];
}

async function unsigned({ source, trust, now }: WaitingInput): Promise<string[]> {
  const folder = await readTrustFolder(trust);
  if (folder.roles === undefined) return [];
  try {
    const { next } = await proposalFor({ trust, source, folder }, now);
    if (next.size === 0) return [];
    return [`not signed yet, so it does not count: what ${[...next.keys()].join(', ')} would say (plugmark root sign)`];
  } catch (error) {
    // A build that passes must not fail over a note; root sign says what is wrong with what waits.
    if (![PublishError, SchemaError, CliError].some((kind) => error instanceof kind)) throw error;
    return ['what waits for a signature could not be told (plugmark root sign)'];
  }
}

import type { CeremonyResult, TrustRoles } from '@plugmark/schemas';
import { columnsOf, type Io, painter, print, printJson } from './io.ts';
import { type CeremonyPage, renderCeremony } from './render-ceremony.ts';

export function ceremonyPage(io: Io, roles: TrustRoles | undefined): CeremonyPage {
  const columns = Math.max(60, Math.min(120, columnsOf(io, io.stdout) ?? 100));
  return { paint: painter(io, io.stdout), columns, roles };
}

export interface CeremonyOutput {
  readonly json?: true | undefined;
  readonly roles: TrustRoles | undefined;
  /** The changes have been shown already. */
  readonly isKnown?: boolean;
}

export function printCeremony(io: Io, result: CeremonyResult, { json, roles, isKnown = false }: CeremonyOutput): void {
  if (json) printJson(io, result);
  else print(io, renderCeremony(isKnown ? { ...result, changes: [] } : result, ceremonyPage(io, roles)));
}

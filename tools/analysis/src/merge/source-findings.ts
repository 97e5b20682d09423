// Where a release says its bytes are. Judged before anybody fetches from there.

import type { MergeFinding } from '@plugmark/schemas';
import { found } from './found.ts';
import { fact } from './merge-rule.ts';
import { isPrivateHost } from './private-address.ts';

export function sourceFindings(sources: readonly string[]): MergeFinding[] {
  return sources.flatMap((source) => {
    // Resolved inside the registry's own repository, so it would be a name for our files.
    if (source.startsWith('workspace:')) return [found('source.workspace', { source: fact(source) })];
    const host = hostOf(source);
    return host !== undefined && isPrivateHost(host)
      ? [found('source.private', { source: fact(source), host: fact(host) })]
      : [];
  });
}

/** As the fetching software reads it: `0x7f.1` and `2130706433` are spellings of 127.0.0.1 (WHATWG URL, IPv4 parser). */
function hostOf(source: string): string | undefined {
  const address = source.startsWith('oci://') ? `https://${source.slice('oci://'.length)}` : source;
  if (!address.startsWith('https://')) return undefined;
  try {
    return new URL(address).hostname;
  } catch {
    return 'localhost'; // what no URL parser reads is not fetched either
  }
}

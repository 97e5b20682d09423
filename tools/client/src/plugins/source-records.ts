// What was seen of plugins of no registry, kept in the host's part of the store by digest and source.
import type { ReceiptSource } from '../documents/consent.ts';
import { type SourceRecord, sourceRecord } from '../documents/source-record.ts';
import { ClientError } from '../error.ts';
import { sameSource } from '../sources/plugin-source.ts';
import { sha256, toHex, utf8 } from '../trust/bytes.ts';
import { canonicalJson } from '../trust/canonical.ts';
import { readJson } from '../trust/shape.ts';
import { type DirectEntry, receiptSource, sourceKey } from './direct-entry.ts';
import type { DirectPlugin } from './direct-plugin.ts';
import type { PluginsContext } from './plugins-context.ts';

type Named = Pick<DirectEntry, 'plugin' | 'sha256' | 'source'>;

/**
 * By plugin and by tag or manifest too: the same bytes may go by several names and be released again, and every lockfile over the store
 * may name one.
 */
async function nameOf({ state }: PluginsContext, { plugin, sha256: digest, source }: Named): Promise<string> {
  const which = source.kind === 'github' ? source.tag : source.kind === 'oci' ? source.digest : undefined;
  const own = which === undefined ? '' : `.${toHex(await sha256(utf8(which)))}`;
  return `${state.folder}sources/${plugin}/${digest}.${await sourceKey(receiptSource(source) as ReceiptSource)}${own}.json`;
}

export async function keepRecord(context: PluginsContext, direct: DirectPlugin, capabilityHash: string): Promise<void> {
  const {
    plugin,
    version,
    title,
    summary,
    source,
    kind,
    sha256: digest,
    size,
    manifestSha256,
    declared,
    analysis,
  } = direct;
  const present = Object.entries({ summary, manifestSha256, analysis: analysis?.json }).filter(
    ([, value]) => value !== undefined,
  );
  const value = {
    schemaVersion: 1,
    host: context.options.host.id,
    plugin,
    version,
    title,
    source,
    kind,
    sha256: digest,
    size,
    ...Object.fromEntries(present),
    ...(declared && {
      declared: declared.map(({ params, ...rest }) => ({
        ...rest,
        ...(params && { params: Object.fromEntries(params) }),
      })),
    }),
    dependencies: Object.fromEntries(direct.dependencies),
    capabilityHash,
  };
  await context.options.store.put(await nameOf(context, direct), canonicalJson(value));
}

/** Throws PROOF_MISSING, PROOF_INVALID. */
export async function recordOf(context: PluginsContext, entry: Named): Promise<SourceRecord> {
  const { plugin, sha256: digest, source } = entry;
  const path = await nameOf(context, entry);
  const bytes = await context.options.store.get(path);
  if (bytes === undefined) throw new ClientError('PROOF_MISSING', { sha256: digest });
  const record = readJson(bytes, { code: 'PROOF_INVALID', path }, sourceRecord);
  // Copied from another digest's place, or another repository's, it is somebody else's.
  if (record.plugin === plugin && record.sha256 === digest && sameSource(record.source, source)) return record;
  throw new ClientError('PROOF_INVALID', { sha256: digest, what: 'its place' });
}

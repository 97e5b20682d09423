// A plugin of no registry, read and understood but not yet agreed to: its bytes, what its author says, what was seen in the code.
import type { DirectSource } from '../documents/lockfile.ts';
import { type AnalysisSummary, analysisSummary } from '../documents/package-document.ts';
import { declaredBy } from '../documents/plugin-manifest.ts';
import type { ArtifactKind, DeclaredCapability } from '../documents/release.ts';
import { PLUGIN_ID } from '../documents/words.ts';
import { ClientError } from '../error.ts';
import { sha256, toHex } from '../trust/bytes.ts';
import type { DirectFiles } from './direct-files.ts';
import { readManifest, requireHost } from './direct-manifest.ts';
import { type DirectName, NO_VERSION, slug } from './direct-name.ts';
import type { DirectProfile } from './direct-profile.ts';
import type { PluginsContext } from './plugins-context.ts';

export interface DirectPlugin {
  readonly plugin: string;
  readonly version: string;
  readonly title: string;
  readonly summary?: string | undefined;
  readonly source: DirectSource;
  readonly kind: ArtifactKind;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly size: number;
  readonly manifestSha256?: string | undefined;
  /** Absent where there is no manifest. */
  readonly declared?: readonly DeclaredCapability[] | undefined;
  readonly dependencies: ReadonlyMap<string, string>;
  readonly ageMinutes: number;
  /** As the `inspect` port answered; absent where there is none. */
  readonly analysis?: { readonly summary: AnalysisSummary; readonly json: unknown } | undefined;
}

/** Throws MANIFEST_MALFORMED, ARTIFACT_UNREADABLE, NO_RELEASE when it is for another host, DOCUMENT_MALFORMED of the port's answer. */
export async function readDirect(
  context: PluginsContext,
  files: DirectFiles,
  profile: DirectProfile,
): Promise<DirectPlugin> {
  const { options } = context;
  const { bytes, source, publishedAt } = files;
  const read = files.manifest && readManifest(context, files.manifest, profile);
  const manifest = read?.manifest;
  if (manifest !== undefined) requireHost(manifest, context);
  const { plugin, version, title, summary } = manifest ?? files.named ?? unnamed(files.name);
  const kind = kindOf(bytes, files.name);
  if (kind === 'process' && source.kind === 'oci') throw new ClientError('ARTIFACT_LAYOUT', { path: 'a zip' });
  const age = publishedAt === undefined ? 0 : (options.now().getTime() - Date.parse(publishedAt)) / 60_000;
  return {
    plugin,
    version,
    title: title ?? plugin,
    summary,
    source,
    kind,
    bytes,
    sha256: toHex(await sha256(bytes)),
    size: bytes.length,
    ...(files.manifest && { manifestSha256: toHex(await sha256(files.manifest.bytes)) }),
    ...(manifest && { declared: declaredBy(manifest) }),
    dependencies: manifest?.dependencies ?? new Map(),
    ageMinutes: Number.isNaN(age) ? 0 : age,
    ...(await analysed(context, { bytes, kind, file: files.name, profile, manifest: read?.json })),
  };
}

/** A bare file is called by its name; `local` is nobody's. */
function unnamed(file: string): DirectName {
  const plugin = `local/${slug(file.replace(/\.[A-Za-z0-9]+$/, ''), 60)}`;
  if (PLUGIN_ID.test(plugin)) return { plugin, version: NO_VERSION };
  throw new ClientError('MANIFEST_MALFORMED', { file, field: 'plugin' });
}

const CORE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const COMPONENT = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
const ZIP = [0x50, 0x4b, 0x03, 0x04];

function kindOf(bytes: Uint8Array, file: string): ArtifactKind {
  const begins = (magic: readonly number[]): boolean => magic.every((byte, i) => bytes[i] === byte);
  if (begins(CORE)) return 'core';
  if (begins(COMPONENT)) return 'component';
  if (begins(ZIP)) return 'process';
  throw new ClientError('ARTIFACT_UNREADABLE', { file, size: bytes.length });
}

interface Looked {
  readonly bytes: Uint8Array;
  readonly kind: ArtifactKind;
  readonly file: string;
  readonly profile: DirectProfile;
  readonly manifest: unknown;
}

async function analysed(
  { options }: PluginsContext,
  { bytes, kind, file, profile, manifest }: Looked,
): Promise<Pick<DirectPlugin, 'analysis'>> {
  if (options.inspect === undefined) return {};
  const { host } = options;
  const subject = { bytes, kind, host, profile: profile.json, ...(manifest === undefined ? {} : { manifest }) };
  const json = await options.inspect(subject);
  if (json === undefined) throw new ClientError('ARTIFACT_UNREADABLE', { file, kind });
  const at = { code: 'DOCUMENT_MALFORMED', path: 'inspect' } as const;
  const summary = analysisSummary(json, at);
  if (summary.host !== host.id)
    throw new ClientError('DOCUMENT_MISMATCH', {
      path: 'inspect',
      what: 'host',
      actual: summary.host,
      expected: host.id,
    });
  return { analysis: { summary, json } };
}

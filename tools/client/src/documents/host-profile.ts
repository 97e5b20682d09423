// The part of a host profile that consent is made of: what each capability is called, how risky it is and how it is asked for. The
// rest of the file (imports, conventions) is the analysis’s business and is not read here.
import { array, type Decoder, oneOf, text } from '../decode.ts';
import { anyObject, map, object, optional } from '../trust/shape.ts';
import { capabilityClass, type Grant, grant, type RiskLevel, riskLevel } from './capability-words.ts';
import { capabilityId, hostId, line, lines } from './words.ts';

/** A capability of a host, with the sentences its users read. */
export interface HostCapability {
  readonly id: string;
  readonly class: string;
  readonly risk: RiskLevel;
  readonly title: string;
  /** Completes "This plugin can ...". */
  readonly can: string;
  /** Completes "It cannot ...". */
  readonly cannot: string;
  readonly prominent: boolean;
  readonly grant: Grant;
  readonly params: readonly {
    readonly name: string;
    readonly kind: 'hosts' | 'paths' | 'words';
    readonly title: string;
  }[];
}

/**
 * What a client needs of `registry/hosts/<host>.json`. The file has more (imports, limits); only the sandbox and the analysis read that.
 */
export interface HostProfile {
  readonly host: string;
  readonly title: string;
  readonly capabilities: readonly HostCapability[];
  /** The file an author writes, and the host's field names for ours. */
  readonly manifest: { readonly file: string; readonly fields: ReadonlyMap<string, string> };
  /** Lines for people and configurations; `{plugin} {publisher} {name} {version} {sha256} {url}` are filled in. */
  readonly install: readonly { readonly title: string; readonly language: string; readonly template: string }[];
  readonly detachedSignature?: { readonly suffix: string; readonly algorithm: string } | undefined;
}

const parameter = object<HostCapability['params'][number]>({
  name: text(/^[a-z][a-z0-9-]{0,31}$/, 32),
  kind: oneOf('hosts', 'paths', 'words'),
  title: line(80),
});

const capability = object<HostCapability>({
  id: capabilityId,
  class: capabilityClass,
  risk: riskLevel,
  title: line(60),
  can: line(200),
  cannot: line(200),
  prominent: oneOf(true, false),
  grant,
  params: array(parameter),
});

export const hostProfile: Decoder<HostProfile> = (value, at) => {
  const { schemaVersion } = anyObject(value, at);
  oneOf(1)(schemaVersion, at);
  return object<HostProfile>({
    host: hostId,
    title: line(60),
    capabilities: array(capability),
    manifest: object<HostProfile['manifest']>({ file: line(60), fields: map(line(60)) }),
    install: array(
      object<HostProfile['install'][number]>({
        title: line(80),
        language: oneOf('sh', 'toml', 'json', 'yaml', 'text'),
        template: lines(2000),
      }),
    ),
    detachedSignature: optional(object({ suffix: line(20), algorithm: oneOf('ed25519') })),
  })(value, at);
};

// The part of a host profile that consent is made of: what each capability is called, how risky it is and how it is asked for. The
// rest of the file (imports, conventions) is the analysis’s business and is not read here.
import { array, type Decoder, oneOf, text } from '../decode.ts';
import { anyObject, object } from '../trust/shape.ts';
import { capabilityClass, type Grant, grant, type RiskLevel, riskLevel } from './capability-words.ts';
import { capabilityId, hostId, line } from './words.ts';

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

export interface HostProfile {
  readonly host: string;
  readonly title: string;
  readonly capabilities: readonly HostCapability[];
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
  return object<HostProfile>({ host: hostId, title: line(60), capabilities: array(capability) })(value, at);
};

// Who may sign: publishers.json and cosign-keys.json (offline-signed), upstreams.json, revocations.json.
import { array, count, type Decoder, mapOf, object, oneOf, optional, tagged, text } from '../decode.ts';
import {
  base64,
  httpsUrl,
  instant,
  line,
  lines,
  optionalInstant,
  PUBLISHER_ID,
  pluginId,
  registryId,
  registryUrl,
  sha256,
  version,
} from './words.ts';

/** A long-lived key; `keyId` is the sha256 of the SPKI DER in `publicKey` (base64). */
export interface KeyIdentity {
  readonly kind: 'key';
  readonly algorithm: 'ecdsa-p256' | 'ed25519';
  readonly keyId: string;
  readonly publicKey: string;
  readonly from: string;
  readonly to?: string | undefined;
}

/** A workflow that signs without a key; checked by the keyless verifier. */
export interface KeylessIdentity {
  readonly kind: 'keyless';
  readonly issuer: string;
  readonly repository: string;
  readonly repositoryId: string;
  readonly ownerId: string;
  readonly buildConfig: string;
  readonly buildSigner?: string | undefined;
  readonly ref: string;
  readonly triggers: readonly string[];
  readonly runner: 'github-hosted';
  readonly subject?: string | undefined;
  readonly from: string;
  readonly to?: string | undefined;
}

/** Who may sign: a key, or a workflow. */
export type Identity = KeyIdentity | KeylessIdentity;

const digits = text(/^[0-9]{1,20}$/, 20);
const schemaVersion = oneOf(1);
const algorithm = oneOf('ecdsa-p256', 'ed25519');

const keyIdentity = object({
  kind: oneOf('key'),
  algorithm,
  keyId: sha256,
  publicKey: base64,
  from: instant,
  to: optionalInstant,
  proof: optional(object({ version, plugin: line(104) })),
});

const branch = text(/^refs\/heads\/[A-Za-z0-9._/-]+$/, 200);
const ref: Decoder<string> = (value, at) => (value === 'tag' ? value : branch(value, at));

const keylessIdentity = object({
  kind: oneOf('keyless'),
  issuer: httpsUrl,
  repository: httpsUrl,
  repositoryId: digits,
  ownerId: digits,
  buildConfig: httpsUrl,
  buildSigner: optional(httpsUrl),
  ref,
  triggers: array(oneOf('push', 'release', 'workflow_dispatch', 'schedule'), { min: 1 }),
  runner: oneOf('github-hosted'),
  subject: optional(line(500)),
  from: instant,
  to: optionalInstant,
});

export const identity: Decoder<Identity> = tagged('kind', { key: keyIdentity, keyless: keylessIdentity });

/** A publisher whom the registry’s offline keys vouch for. */
export interface VerifiedPublisher {
  readonly title: string;
  readonly since: string;
  readonly builtIn?: true | undefined;
  readonly identities: readonly Identity[];
}

/** The offline-signed list, by publisher. Tiers come from it alone. */
export interface VerifiedPublishers {
  readonly registry: string;
  readonly publishers: ReadonlyMap<string, VerifiedPublisher>;
}

export const verifiedPublishers: Decoder<VerifiedPublishers> = object({
  schemaVersion,
  registry: registryId,
  publishers: mapOf(
    PUBLISHER_ID,
    object({
      title: line(80),
      since: instant,
      builtIn: optional(oneOf(true)),
      identities: array(identity, { min: 1 }),
    }),
    { maxKey: 39 },
  ),
});

/** A key or a workflow that may co-sign, and when. */
export type CosignIdentity =
  | {
      readonly kind: 'key';
      readonly algorithm: string;
      readonly keyId: string;
      readonly publicKey: string;
      readonly from: string;
      readonly to?: string | undefined;
    }
  | {
      readonly kind: 'keyless';
      readonly issuer: string;
      readonly subject: string;
      readonly repositoryId: string;
      readonly from: string;
      readonly to?: string | undefined;
    };

/** Who may co-sign for the registry. */
export interface CosignKeys {
  readonly registry: string;
  /** The only `verifier.id` a co-signature may carry. */
  readonly verifier: string;
  readonly identities: readonly CosignIdentity[];
}

export const cosignKeys: Decoder<CosignKeys> = object({
  schemaVersion,
  registry: registryId,
  verifier: text(/^plugmark:[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/, 110),
  identities: array(
    tagged('kind', {
      key: object({
        kind: oneOf('key'),
        algorithm,
        keyId: sha256,
        publicKey: base64,
        from: instant,
        to: optionalInstant,
      }),
      keyless: object({
        kind: oneOf('keyless'),
        issuer: httpsUrl,
        subject: line(500),
        repositoryId: digits,
        from: instant,
        to: optionalInstant,
      }),
    }),
    { min: 1 },
  ),
});

/** Another registry: its name, where it is served, and the root its documents must come from. */
export interface Upstream {
  readonly id: string;
  readonly url: string;
  readonly root: { readonly version: number; readonly sha256: string };
  readonly namespaces: readonly string[];
}

/** Registries whose documents this one passes on, each bound to its root. */
export interface Upstreams {
  readonly registry: string;
  readonly upstreams: readonly Upstream[];
}

export const upstreams: Decoder<Upstreams> = object({
  schemaVersion,
  registry: registryId,
  upstreams: array(
    object({
      id: registryId,
      url: registryUrl,
      root: object({ version: count, sha256 }),
      namespaces: array(text(PUBLISHER_ID, 39)),
    }),
  ),
});

/** Bytes that must not be loaded, with the reason and where it can be read up. `lifted`: taken back by the holders of the key. */
export interface Revocation {
  readonly sha256: string;
  readonly plugin: string;
  readonly version: string;
  readonly since: string;
  readonly severity: 'critical' | 'high';
  readonly reason: string;
  readonly evidence: string;
  readonly advisory?: string | undefined;
  readonly lifted?: { readonly at: string; readonly reason: string } | undefined;
}

/** Digests that must not be loaded, signed by a role of its own. */
export interface Revocations {
  readonly registry: string;
  readonly revocations: readonly Revocation[];
}

export const revocations: Decoder<Revocations> = object({
  schemaVersion,
  registry: registryId,
  revocations: array(
    object({
      sha256,
      plugin: pluginId,
      version,
      since: instant,
      severity: oneOf('critical', 'high'),
      reason: lines(1000),
      evidence: httpsUrl,
      advisory: optional(line(100)),
      lifted: optional(object({ at: instant, reason: lines(1000) })),
    }),
  ),
});

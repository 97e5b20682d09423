// Makes the bundles of the vectors: the real signing code against the loopback services, whose clock each case sets.
import { randomBytes } from 'node:crypto';
import { publishStatement } from '@plugmark/publish';
import { canonicalBytes, type PublishStatement, type Release } from '@plugmark/schemas';
import { bundleToJSON } from '@sigstore/bundle';
import {
  DSSEBundleBuilder,
  FulcioSigner,
  MessageSignatureBundleBuilder,
  RekorWitness,
  TSAWitness,
  type Witness,
} from '@sigstore/sign';
import type { WorkflowRun } from '../../tools/dev/src/sigstore/github-token.ts';
import type { LoopbackSigstore } from '../../tools/dev/src/sigstore/loopback-sigstore.ts';
import { serveSigstore } from '../../tools/dev/src/sigstore/serve.ts';
import { RUN, SIGNED_AT } from '../testkit/loopback.ts';

export const REGISTRY = 'small.example';
export const RELEASE = {
  plugin: 'acme/thing',
  version: '1.2.0',
  artifact: { kind: 'core', sha256: '5e'.repeat(32), size: 4711 },
} as Release;
export const STATEMENT: PublishStatement = publishStatement(RELEASE, REGISTRY);

// biome-ignore lint/suspicious/noExplicitAny: cases change any member of a bundle
export type Json = any;

export interface Signing {
  readonly sigstore: LoopbackSigstore;
  readonly clock: { now: Date };
  readonly rekor?: 1 | 2;
  readonly run?: Partial<WorkflowRun>;
  readonly statement?: object;
  readonly payloadType?: string;
  readonly message?: boolean;
  /** Minutes between certificate and timestamp. */
  readonly stampedAfter?: number;
}

/** A bundle as JSON. */
export async function signKeyless(signing: Signing): Promise<Json> {
  const { sigstore, clock, rekor = 2, run, statement = STATEMENT, payloadType, message, stampedAfter = 0 } = signing;
  clock.now = SIGNED_AT;
  const served = await serveSigstore(sigstore);
  try {
    const identityProvider = { getToken: async () => sigstore.token({ ...RUN, ...run }) };
    const options = {
      signer: new FulcioSigner({ fulcioBaseURL: served.address, identityProvider }),
      witnesses: witnesses(served.address, { rekor, late: stampedAfter, clock }),
    };
    const content = {
      data: Buffer.from(canonicalBytes(statement)),
      type: payloadType ?? 'application/vnd.in-toto+json',
    };
    const builder = message ? new MessageSignatureBundleBuilder(options) : new DSSEBundleBuilder(options);
    return bundleToJSON(await builder.create(content));
  } finally {
    clock.now = SIGNED_AT;
    await served.close();
  }
}

function witnesses(
  address: string,
  { rekor, late, clock }: { rekor: 1 | 2; late: number; clock: { now: Date } },
): Witness[] {
  const log = new RekorWitness({ rekorBaseURL: address, majorApiVersion: rekor });
  if (rekor === 1 && late === 0) return [log];
  const tsa = new TSAWitness({ tsaBaseURL: address });
  const lateTsa: Witness = {
    async testify(...asked) {
      clock.now = new Date(SIGNED_AT.getTime() + late * 60_000);
      return tsa.testify(asked[0]);
    },
  };
  return [log, lateTsa];
}

/** Another statement of the same length of everything, for bundles whose parts are swapped. */
export function otherStatement(): PublishStatement {
  const sha256 = randomBytes(32).toString('hex');
  return publishStatement({ ...RELEASE, artifact: { ...RELEASE.artifact, sha256 } }, REGISTRY);
}

// A ceremony in one go, where every key lies on one machine: development, and the laptop of a small registry. Never run where the
// online key lives alone.

import { PublishError } from '../error.ts';
import type { KeySigner } from '../key-signer.ts';
import type { OfflineMetadata } from './offline.ts';
import { completeProposal, type ProposalInput, propose, signProposal } from './proposal.ts';
import type { Holders, PublicKey } from './trust-holders.ts';

/** Private keys of the ceremony, and the public side of the online ones. */
export interface OfflineKeys {
  readonly root: readonly KeySigner[];
  readonly targets: readonly KeySigner[];
  readonly revocations: readonly KeySigner[];
  /** Signs documents, snapshot and timestamp; only its public part is used here. */
  readonly online: Pick<KeySigner, 'algorithm' | 'publicPem' | 'spki'>;
}

export interface CeremonyInput extends Omit<ProposalInput, 'current' | 'holders'> {
  readonly previous: OfflineMetadata | undefined;
  readonly keys: OfflineKeys;
}

/** Brings root, targets and revocations up to date in one go, where every key lies here; what still stands is kept byte for byte. */
export function holdCeremony({ keys, previous, ...input }: CeremonyInput): OfflineMetadata {
  // Every listed key must sign: a lower threshold is a choice that nobody has been asked for here.
  const all = (signers: readonly PublicKey[]): Holders => ({ keys: signers, threshold: signers.length });
  const holders = {
    root: all(keys.root),
    targets: all(keys.targets),
    revocations: all(keys.revocations),
    online: all([keys.online]),
  };
  const proposal = propose({ ...input, current: previous, holders });
  const signed = signProposal(proposal, previous, [...keys.root, ...keys.targets, ...keys.revocations]);
  const complete = completeProposal(signed, previous);
  if (complete !== undefined) return complete;
  throw new PublishError(
    'TRUST_MISMATCH',
    'root.json',
    'is held by other root keys than the ones given; rotating root keys takes both',
  );
}

export { type Admission, admitRelease, checkSignature, type Rules } from './admit.ts';
export type { BuildEvent } from './admit-all.ts';
export { type BuildInput, type BuildResult, buildRegistry } from './build-registry.ts';
export { carriedViews } from './carried-views.ts';
export { runFits } from './choose-runs.ts';
export { detachedSignature, detachedSigner } from './detached-signature.ts';
export { sha256 } from './digest.ts';
export type { Draw } from './draw.ts';
export { PUBLISH_ERROR_CODES, PublishError, type PublishErrorCode } from './error.ts';
export { type FileTree, jsonFile } from './file-tree.ts';
export { withLock } from './folder-lock.ts';
export { generateSealedKey, isKeyFile, openKey, publicKeyOf, readKeyFile, sealKey } from './key-file.ts';
export {
  generateKey,
  type KeyAlgorithm,
  type KeySigner,
  keySigner,
  type PublicSide,
  publicSide,
} from './key-signer.ts';
export { type KeylessSigner, keylessSigner } from './keyless-signer.ts';
export { type LazyFiles, lazyFolder, lazyTree } from './lazy-files.ts';
export { type Ledger, readLedger } from './ledger.ts';
export { type ApprovalAnswer, approvalOf, type OneApproval, withoutEndedApprovals } from './mirror-approval.ts';
export {
  type Cosigner,
  type CosignWorkflow,
  type Lift,
  offlineDocuments,
  revocationsDocument,
} from './offline-documents.ts';
export { refsIn } from './packs.ts';
export { requireProvenKeys } from './proven-keys.ts';
export { readFolder, requireNames } from './read-folder.ts';
export { type RecoveredLedger, type RecoverInput, recoverLedger } from './recover-ledger.ts';
export {
  type PluginSource,
  publisherIdOf,
  type RegistrySource,
  type ReleaseSource,
  readRegistrySource,
} from './registry-source.ts';
export { selfCheck } from './self-check.ts';
export { type ManifestFiles, makeRelease, publishStatement, signRelease } from './sign-release.ts';
export { differing, type SourceChanges, type SourceFolder, type SourcePart, sourceFolder } from './source-folder.ts';
export type { StatementSigner } from './statement-bundle.ts';
export { holdCeremony, type OfflineKeys } from './tuf/ceremony.ts';
export { type OfflineMetadata, offlineFiles, requireListed, versionOf } from './tuf/offline.ts';
export { timestampExpiry } from './tuf/online.ts';
export {
  completeProposal,
  isMet,
  type Need,
  neededSignatures,
  OFFLINE_ROLES,
  type OfflineRole,
  type Proposal,
  propose,
  requireNext,
  signProposal,
} from './tuf/proposal.ts';
export { trustChanges } from './tuf/trust-changes.ts';
export { HELD_ROLES, type HeldRole, type Holders, type TrustHolders } from './tuf/trust-holders.ts';
export { trustState } from './tuf/trust-state.ts';
export type { FileChanges } from './update-changes.ts';
export { type Update, type UpdateInput, updateRegistry, type WholeBuildNeeded } from './update-registry.ts';
export { updateViews } from './update-views.ts';
export { byUrgency, completeWrite, moveFile, type WriteResult, writeChanges, writeTree } from './write-tree.ts';

// What the root commands share: the folder they work in, the proposal that follows from registry/ and roles.json, and what it takes to
// bring it into force.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  completeProposal,
  completeWrite,
  type KeySigner,
  type Lift,
  neededSignatures,
  type OfflineMetadata,
  type OfflineRole,
  offlineDocuments,
  type Proposal,
  PublishError,
  propose,
  publicSide,
  type RegistrySource,
  readFolder,
  readRegistrySource,
  requireProvenKeys,
  revocationsDocument,
  signProposal,
  type TrustHolders,
  trustChanges,
  withLock,
} from '@plugmark/publish';
import type { CeremonyResult, RoleKey, SignatureNeed, TrustRoles } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import { cosignWorkflow, listedCosigner } from './cosign-listing.ts';
import type { Io } from './io.ts';
import { registryFolder } from './registry-folder.ts';
import { readTrustFolder, type TrustFolder, trustLock, writeTrustFolder } from './trust-folder.ts';

export interface CeremonyPlaces {
  readonly registry?: string;
  readonly trust?: string;
}

export interface Ceremony {
  readonly trust: string;
  readonly source: RegistrySource;
  readonly folder: TrustFolder;
}

/** As the folders are now. Throws REGISTRY_MISSING, SchemaError. */
export async function readCeremony(io: Io, places: CeremonyPlaces): Promise<Ceremony> {
  const { data, trust } = foldersOf(io, places);
  const source = readRegistrySource(await readFolder(data));
  return { trust, source, folder: await readTrustFolder(trust) };
}

/** Runs `work` on the trust folder; nobody else may change it meanwhile. Throws also LOCKED. */
export async function withCeremony<T>(
  io: Io,
  places: CeremonyPlaces,
  work: (ceremony: Ceremony) => Promise<T>,
): Promise<T> {
  const { data, trust } = foldersOf(io, places);
  return withLock(trustLock(data, trust), async () => {
    // Killed while it wrote: what had been decided is finished before it is read.
    await completeWrite(trust);
    return work(await readCeremony(io, places));
  });
}

function foldersOf(io: Io, { registry, trust }: CeremonyPlaces): { data: string; trust: string } {
  const data = registryFolder(io, registry);
  return { data, trust: trust === undefined ? join(data, 'trust') : resolve(io.cwd, trust) };
}

/** Throws ROLES_MISSING. */
export function requireRoles({ folder, trust }: Ceremony): TrustRoles {
  if (folder.roles !== undefined) return folder.roles;
  const hint = existsSync(join(trust, 'metadata'))
    ? 'a development root has none; it renews itself with every build'
    : 'plugmark root init makes the first root';
  throw new CliError('ROLES_MISSING', `${trust} has no roles.json`, { hint });
}

export interface Wish {
  readonly only?: OfflineRole | undefined;
  readonly lift?: readonly Lift[];
}

/** What should be in force now, unsigned. Throws KEY_UNPROVEN, TRUST_MISMATCH, REVOCATION_INVALID. */
export async function proposalFor(ceremony: Ceremony, now: Date, { only, lift = [] }: Wish = {}): Promise<Proposal> {
  const { source, folder } = ceremony;
  const { current } = folder;
  const roles = requireRoles(ceremony);
  if (only !== undefined && current === undefined)
    throw new CliError('USAGE', 'the first ceremony makes every role, so --only has no meaning yet');
  const revocations = revocationsDocument(source, { previous: current?.files.get('revocations.json'), lift, now });
  // Holders must not be asked to sign a list with a key that nobody showed to hold.
  await requireProvenKeys(source);
  const workflow = cosignWorkflow(source);
  const documents = offlineDocuments(source, {
    cosign:
      workflow === undefined
        ? cosignKeys(roles).map((key) => ({ key: publicSideOf(key), from: key.from }))
        : [listedCosigner(workflow, current, now)],
  });
  const proposal = propose({
    current,
    holders: holdersOf(roles),
    documents,
    plugins: source.plugins.size,
    revocations,
    expiries: source.registry.expiries,
    now,
  });
  if (only === undefined || current === undefined) return proposal;
  return restricted(proposal, current, only);
}

/** Throws TRUST_MISMATCH. */
function cosignKeys({ cosign }: TrustRoles): readonly RoleKey[] {
  if (cosign !== undefined) return cosign.keys;
  throw new PublishError('TRUST_MISMATCH', 'roles.json', 'names no key for cosign, and registry.json asks for one');
}

/** One role alone, the documents of the others as they are in force: what is urgent must not wait for what is not. */
function restricted({ next, files }: Proposal, current: OfflineMetadata, only: OfflineRole): Proposal {
  const file = next.get(only);
  const isNext = (path: string): boolean => (path === 'revocations.json') === (only === 'revocations');
  const documents = only === 'targets' ? files : current.files;
  const taken = new Map([...documents].filter(([path]) => path !== 'revocations.json'));
  const revocations = (isNext('revocations.json') ? files : current.files).get('revocations.json');
  if (revocations !== undefined) taken.set('revocations.json', revocations);
  return { next: new Map(file === undefined ? [] : [[only, file]]), files: taken };
}

const publicSideOf = (key: RoleKey): ReturnType<typeof publicSide> => {
  const side = publicSide(Buffer.from(key.publicKey, 'base64'), `roles.json: ${key.holder ?? key.keyId}`);
  if (side.keyId === key.keyId) return side;
  throw new PublishError('KEY_INVALID', 'roles.json', `the key ${key.keyId.slice(0, 12)} has another id`);
};

function holdersOf(roles: TrustRoles): TrustHolders {
  const held = ({ keys, threshold }: TrustRoles['root']) => ({ keys: keys.map(publicSideOf), threshold });
  return {
    root: held(roles.root),
    targets: held(roles.targets),
    revocations: held(roles.revocations),
    online: held(roles.online),
  };
}

export function described(ceremony: Ceremony, proposal: Proposal, state: CeremonyResult['state']): CeremonyResult {
  const { current } = ceremony.folder;
  const isEmpty = proposal.next.size === 0;
  const signatures = isEmpty ? [] : neededSignatures(proposal, current);
  return {
    changes: isEmpty ? [] : trustChanges(proposal, current),
    signatures: signatures.map(
      ({ role, under, threshold, keys, signed }): SignatureNeed => ({
        role,
        under,
        threshold,
        keys: [...keys],
        signed: [...signed],
      }),
    ),
    state,
  };
}

/** Adds the signatures and writes what came of it: in force, or pending. Throws KEY_NOT_HOLDER. */
export async function signAndWrite(
  ceremony: Ceremony,
  proposal: Proposal,
  signers: readonly KeySigner[],
): Promise<CeremonyResult> {
  const { result, folder } = signed(ceremony, proposal, signers);
  await writeTrustFolder(ceremony.trust, folder);
  return result;
}

/** The trust folder as it is with these signatures. Throws KEY_NOT_HOLDER. */
export function signed(
  ceremony: Ceremony,
  proposal: Proposal,
  signers: readonly KeySigner[],
): { readonly result: CeremonyResult; readonly folder: TrustFolder } {
  const { folder } = ceremony;
  const wanted = new Set(neededSignatures(proposal, folder.current).flatMap(({ keys }) => keys));
  const stranger = signers.find(({ keyId }) => !wanted.has(keyId));
  if (stranger !== undefined)
    throw new PublishError('KEY_NOT_HOLDER', stranger.keyId.slice(0, 12), 'holds no role that waits for a signature');
  const next = signProposal(proposal, folder.current, signers);
  const complete = completeProposal(next, folder.current);
  const { pending: _, ...rest } = folder;
  return {
    result: described(ceremony, next, complete === undefined ? 'pending' : 'inForce'),
    folder: complete === undefined ? { ...rest, pending: next } : { ...rest, pending: undefined, current: complete },
  };
}

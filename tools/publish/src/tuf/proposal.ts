// A ceremony over time: what the offline roles should say next is written down once, unsigned; each holder looks at the difference and
// adds a signature, on whatever machine the key lies; when every threshold is met it takes effect as a whole, and not before.

import type { Registry } from '@plugmark/schemas';
import { sha256 } from '../digest.ts';
import { PublishError } from '../error.ts';
import { type FileTree, jsonFile } from '../file-tree.ts';
import { daysAfter, instant, renewalLimit } from '../instant.ts';
import type { KeySigner } from '../key-signer.ts';
import { delegatedDocumentRoles, documentRoles } from './document-roles.ts';
import { delegations, requireLayout } from './layout.ts';
import type { OfflineMetadata } from './offline.ts';
import {
  addSignatures,
  nextRole,
  readRole,
  type Signed,
  type SignedRole,
  targetEntry,
  tufKey,
  tufKeyId,
} from './role.ts';
import { validSigners } from './signatures.ts';
import { keyEntry, roleKeys, type SignedHolders, signedHolders, type TrustHolders } from './trust-holders.ts';

export const OFFLINE_ROLES = ['root', 'targets', 'revocations'] as const;
export type OfflineRole = (typeof OFFLINE_ROLES)[number];

/** The next file of each role that changes, with the signatures it has so far, and every document they list. */
export interface Proposal {
  readonly next: ReadonlyMap<OfflineRole, Uint8Array>;
  /** Documents of the top role and `revocations.json`, by TUF path. */
  readonly files: FileTree;
}

export interface ProposalInput {
  /** What is in force; undefined for a registry's first ceremony. */
  readonly current: OfflineMetadata | undefined;
  readonly holders: TrustHolders;
  /** Documents of the top role by TUF path. */
  readonly documents: FileTree;
  readonly revocations: Uint8Array;
  /** How many plugins there are: decides how documents are divided among roles. */
  readonly plugins: number;
  readonly expiries: Registry['expiries'];
  readonly now: Date;
}

/** The metadata kind of an offline role: revocations is a delegated targets file. */
export const kindOf = (role: OfflineRole): 'root' | 'targets' => (role === 'root' ? 'root' : 'targets');

/** What has to change; a proposal without a file when nothing has. */
export function propose({ current, holders, documents, revocations, plugins, expiries, now }: ProposalInput): Proposal {
  const before = current && delegatedDocumentRoles(current.targets).length;
  const wishes = {
    root: { content: rootContent(holders), days: expiries.rootDays, previous: current?.roots.at(-1) },
    targets: {
      content: targetsContent(documents, holders, documentRoles(plugins, before ?? 1).length),
      days: expiries.targetsDays,
      previous: current?.targets,
    },
    revocations: {
      content: { targets: { 'revocations.json': targetEntry(revocations) } },
      days: expiries.revocationsDays,
      previous: current?.revocations,
    },
  };
  const next = new Map<OfflineRole, Uint8Array>();
  for (const role of OFFLINE_ROLES) {
    const { content, days, previous } = wishes[role];
    const { keyids, threshold } = roleKeys(holders[role], role);
    const signed = nextRole(
      {
        type: kindOf(role),
        content,
        previous,
        expires: instant(daysAfter(now, days)),
        where: `${role}.json`,
        renewBefore: renewalLimit(now, days, expiries.lookAheadDays),
      },
      (signers) => keyids.filter((keyid) => signers.includes(keyid)).length >= threshold,
    );
    if (signed !== undefined) next.set(role, unsigned(signed));
  }
  return { next, files: new Map([...documents, ['revocations.json', revocations]]) };
}

function rootContent({ root, targets, online }: TrustHolders): object {
  const holders = { root, targets, snapshot: online, timestamp: online };
  const keys = Object.values(holders).flatMap((role) => role.keys.map(keyEntry));
  const roles = Object.entries(holders).map(([name, role]) => [name, roleKeys(role, name)]);
  return { consistent_snapshot: true, keys: Object.fromEntries(keys), roles: Object.fromEntries(roles) };
}

function targetsContent(documents: FileTree, { revocations, online }: TrustHolders, roles: number): object {
  const targets = Object.fromEntries([...documents].map(([path, bytes]) => [path, targetEntry(bytes)]));
  const keys = Object.fromEntries([...revocations.keys, ...online.keys].map(keyEntry));
  const [first, second] = [roleKeys(revocations, 'revocations'), roleKeys(online, 'online')];
  return { targets, delegations: delegations(first, second, { keys, roles }) };
}

const unsigned = (signed: Signed): Uint8Array => jsonFile({ signatures: [], signed });

/** Which keys may sign a role's next file, and how many must. Root has two such lists: a new one takes the old holders too (TUF 5.3.4). */
export interface Need {
  readonly role: OfflineRole;
  readonly under: 'old' | 'new';
  /** TUF's ids of the keys. */
  readonly keyids: readonly string[];
  /** The same keys as people know them. */
  readonly keys: readonly string[];
  readonly threshold: number;
  /** Of `keys`, those whose signature is there and verifies. */
  readonly signed: readonly string[];
}

type Root = SignedRole<'root'>;
type Targets = SignedRole<'targets'>;

/** What will be in force. */
function comingTrust(
  { next }: Proposal,
  current: OfflineMetadata | undefined,
): { root: Root; targets: Targets; revocations: Targets } {
  const [root, targets, revocations] = [
    next.get('root') ?? current?.roots.at(-1),
    next.get('targets') ?? current?.targets,
    next.get('revocations') ?? current?.revocations,
  ];
  if (root === undefined || targets === undefined || revocations === undefined)
    throw new PublishError('PROPOSAL_INVALID', 'root.json', 'a first ceremony makes root, targets and revocations');
  return {
    root: readRole(root, 'root', 'root.json'),
    targets: readRole(targets, 'targets', 'targets.json'),
    revocations: readRole(revocations, 'targets', 'revocations.json'),
  };
}

export function neededSignatures(proposal: Proposal, current: OfflineMetadata | undefined): Need[] {
  const coming = comingTrust(proposal, current);
  const holders = signedHolders(coming.root, coming.targets);
  const needs: Need[] = [];
  const add = (role: OfflineRole, under: Need['under'], by: SignedHolders, keys: Root['keys']): void => {
    const file = proposal.next.get(role);
    if (file === undefined) return;
    const signers = new Set(validSigners(file, by.keyids, keys));
    needs.push({ role, under, ...by, signed: by.keys.filter((_, i) => signers.has(by.keyids[i] ?? '')) });
  };
  const last = current?.roots.at(-1);
  const old = last && readRole(last, 'root', 'root.json');
  if (old !== undefined && current !== undefined)
    add('root', 'old', signedHolders(old, readRole(current.targets, 'targets', 'targets.json')).root, old.keys);
  add('root', 'new', holders.root, coming.root.keys);
  add('targets', 'new', holders.targets, coming.root.keys);
  add('revocations', 'new', holders.revocations, coming.targets.delegations?.keys ?? {});
  return needs;
}

/** The proposal with the signatures of these keys wherever they count. */
export function signProposal(
  proposal: Proposal,
  current: OfflineMetadata | undefined,
  signers: readonly KeySigner[],
): Proposal {
  const needs = neededSignatures(proposal, current);
  const next = new Map(proposal.next);
  for (const [role, file] of proposal.next) {
    const wanted = new Set(needs.filter((need) => need.role === role).flatMap(({ keyids }) => keyids));
    const fitting = signers.filter((signer) => wanted.has(tufKeyId(tufKey(signer))));
    if (fitting.length > 0) next.set(role, addSignatures(file, fitting));
  }
  return { ...proposal, next };
}

export const isMet = ({ signed, threshold }: Need): boolean => signed.length >= threshold;

/** What is in force once every threshold is met; undefined before. Throws PROPOSAL_INVALID. */
export function completeProposal(
  proposal: Proposal,
  current: OfflineMetadata | undefined,
): OfflineMetadata | undefined {
  requireNext(proposal, current);
  if (!neededSignatures(proposal, current).every(isMet)) return undefined;
  const { next, files } = proposal;
  const root = next.get('root');
  const [targets, revocations] = [
    next.get('targets') ?? current?.targets,
    next.get('revocations') ?? current?.revocations,
  ];
  if (targets === undefined || revocations === undefined)
    throw new PublishError('PROPOSAL_INVALID', 'targets.json', 'a first ceremony makes root, targets and revocations');
  return { roots: [...(current?.roots ?? []), ...(root === undefined ? [] : [root])], targets, revocations, files };
}

/**
 * Made elsewhere, so hostile: each file is the next version of its role, the roles are those of this registry's layout, and the
 * documents are those they list. Throws PROPOSAL_INVALID.
 */
export function requireNext(proposal: Proposal, current: OfflineMetadata | undefined): void {
  for (const role of OFFLINE_ROLES) {
    const before = role === 'root' ? current?.roots.at(-1) : current?.[role];
    const next = proposal.next.get(role);
    if (next === undefined && before === undefined)
      throw new PublishError('PROPOSAL_INVALID', `${role}.json`, 'is missing from the first ceremony');
    if (next === undefined) continue;
    const { version } = readRole(next, kindOf(role), `${role}.json`);
    const expected = (before === undefined ? 0 : readRole(before, kindOf(role), `${role}.json`).version) + 1;
    if (version === expected) continue;
    throw new PublishError('PROPOSAL_INVALID', `${role}.json`, `has version ${version}; the next one is ${expected}`);
  }
  const { root, targets, revocations } = comingTrust(proposal, current);
  requireLayout(root, targets);
  requireFiles(proposal.files, { ...targets.targets, ...revocations.targets });
  const [only, ...more] = Object.keys(revocations.targets);
  if (only === 'revocations.json' && more.length === 0 && !Object.hasOwn(targets.targets, only)) return;
  throw new PublishError(
    'PROPOSAL_INVALID',
    'revocations.json',
    'is not the only document of its role, or not of that alone',
  );
}

function requireFiles(files: FileTree, listed: Targets['targets']): void {
  for (const [path, { hashes }] of Object.entries(listed))
    if (sha256(files.get(path) ?? new Uint8Array()) !== hashes.sha256)
      throw new PublishError('PROPOSAL_INVALID', path, 'is not the file that would be signed');
  for (const path of files.keys())
    if (!Object.hasOwn(listed, path)) throw new PublishError('PROPOSAL_INVALID', path, 'would be listed by no role');
}

// A ceremony over time: what the offline roles should say next is written down once, unsigned; each holder looks at the difference and
// adds a signature, on whatever machine the key lies; when every threshold is met it takes effect as a whole, and not before.

import type { Registry } from '@plugmark/schemas';
import { sha256 } from '../digest.ts';
import { PublishError } from '../error.ts';
import { type FileTree, jsonFile } from '../file-tree.ts';
import { daysAfter, instant, renewalLimit } from '../instant.ts';
import type { KeySigner } from '../key-signer.ts';
import { delegatedDocumentRoles, documentRoles } from './document-roles.ts';
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
import { keyEntry, roleKeys, signedHolders, type TrustHolders } from './trust-holders.ts';

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
      content: targetsContent(documents, holders, documentRoles(plugins, before ?? 1)),
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

function targetsContent(
  documents: FileTree,
  { revocations, online }: TrustHolders,
  divided: ReturnType<typeof documentRoles>,
): object {
  const targets = Object.fromEntries([...documents].map(([path, bytes]) => [path, targetEntry(bytes)]));
  const delegations = {
    keys: Object.fromEntries([...revocations.keys, ...online.keys].map(keyEntry)),
    roles: [
      { name: 'revocations', ...roleKeys(revocations, 'revocations'), terminating: true, paths: ['revocations.json'] },
      ...divided.map((role) => ({ ...role, ...roleKeys(online, role.name), terminating: true })),
    ],
  };
  return { targets, delegations };
}

const unsigned = (signed: Signed): Uint8Array => jsonFile({ signatures: [], signed });

/** Which keys may sign a role's next file, and how many must. Root has two such lists: a new one takes the old holders too (TUF 5.3.4). */
export interface Need {
  readonly role: OfflineRole;
  readonly under: 'old' | 'new';
  readonly keyids: readonly string[];
  readonly threshold: number;
  /** Of `keyids`, those whose signature is there and verifies. */
  readonly signed: readonly string[];
}

type Root = SignedRole<'root'>;
type Targets = SignedRole<'targets'>;

/** The root and top targets that will be in force. */
function comingTrust({ next }: Proposal, current: OfflineMetadata | undefined): { root: Root; targets: Targets } {
  const root = next.get('root') ?? current?.roots.at(-1);
  const targets = next.get('targets') ?? current?.targets;
  if (root === undefined || targets === undefined)
    throw new PublishError('PROPOSAL_INVALID', 'root.json', 'a first ceremony makes root, targets and revocations');
  return { root: readRole(root, 'root', 'root.json'), targets: readRole(targets, 'targets', 'targets.json') };
}

export function neededSignatures(proposal: Proposal, current: OfflineMetadata | undefined): Need[] {
  const coming = comingTrust(proposal, current);
  const holders = signedHolders(coming.root, coming.targets);
  const needs: Need[] = [];
  const add = (
    role: OfflineRole,
    under: Need['under'],
    by: Pick<Need, 'keyids' | 'threshold'>,
    keys: Root['keys'],
  ): void => {
    const file = proposal.next.get(role);
    if (file === undefined) return;
    needs.push({
      role,
      under,
      keyids: by.keyids,
      threshold: by.threshold,
      signed: validSigners(file, by.keyids, keys),
    });
  };
  const last = current?.roots.at(-1);
  const old = last && readRole(last, 'root', 'root.json');
  if (old !== undefined) add('root', 'old', old.roles.root, old.keys);
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

/** Made elsewhere, so hostile: each file is the next version of its role, and the documents are those it lists. Throws PROPOSAL_INVALID. */
export function requireNext({ next, files }: Proposal, current: OfflineMetadata | undefined): void {
  for (const role of OFFLINE_ROLES) {
    const before = role === 'root' ? current?.roots.at(-1) : current?.[role];
    const file = next.get(role) ?? before;
    if (file === undefined) throw new PublishError('PROPOSAL_INVALID', `${role}.json`, 'is missing');
    const { version } = readRole(file, kindOf(role), `${role}.json`);
    const expected = (before === undefined ? 0 : readRole(before, kindOf(role), `${role}.json`).version) + 1;
    if (next.has(role) && version !== expected)
      throw new PublishError('PROPOSAL_INVALID', `${role}.json`, `has version ${version}; the next one is ${expected}`);
    if (role === 'root') continue;
    for (const [path, { hashes }] of Object.entries(readRole(file, 'targets', `${role}.json`).targets)) {
      if (sha256(files.get(path) ?? new Uint8Array()) !== hashes.sha256)
        throw new PublishError('PROPOSAL_INVALID', path, `is not the file that ${role}.json lists`);
    }
  }
}

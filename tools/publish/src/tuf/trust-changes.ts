// What a proposal changes, as facts a person can judge before signing: files, keys, thresholds, who is verified, what is revoked, and
// every member of a document that is otherwise. Derived from the files that would be signed, not from what their author says.

import { type Mirror, Mirrors, parseJson, Revocations, type TrustChange, VerifiedPublishers } from '@plugmark/schemas';
import { PublishError } from '../error.ts';
import type { FileTree } from '../file-tree.ts';
import { delegatedDocumentRoles } from './document-roles.ts';
import type { OfflineMetadata } from './offline.ts';
import { kindOf, OFFLINE_ROLES, type Proposal, requireNext } from './proposal.ts';
import { readRole } from './role.ts';
import { HELD_ROLES, signedHolders } from './trust-holders.ts';

/** Throws PROPOSAL_INVALID: a proposal that forgets a revocation, or does not follow, is not shown for signing. */
export function trustChanges(proposal: Proposal, current: OfflineMetadata | undefined): TrustChange[] {
  requireNext(proposal, current);
  const files = OFFLINE_ROLES.flatMap((role): TrustChange[] => {
    const bytes = proposal.next.get(role);
    if (bytes === undefined) return [];
    const { version, expires } = readRole(bytes, kindOf(role), `${role}.json`);
    return [{ what: 'file', role, version, expires }];
  });
  const [before, after] = [current?.files ?? new Map(), proposal.files];
  return [
    ...files,
    ...keyChanges(proposal, current),
    ...divisionChange(proposal, current),
    ...publisherChanges(before, after),
    ...revocationChanges(before, after),
    ...mirrorChanges(before, after),
    ...documentChanges(before, after),
  ];
}

function keyChanges({ next }: Proposal, current: OfflineMetadata | undefined): TrustChange[] {
  const holdersOf = (root: Uint8Array | undefined, targets: Uint8Array | undefined) =>
    root && targets && signedHolders(readRole(root, 'root', 'root.json'), readRole(targets, 'targets', 'targets.json'));
  const old = holdersOf(current?.roots.at(-1), current?.targets);
  const coming = holdersOf(next.get('root') ?? current?.roots.at(-1), next.get('targets') ?? current?.targets);
  return HELD_ROLES.flatMap((role): TrustChange[] => {
    const [from, to] = [old?.[role], coming?.[role]];
    const added = (to?.keys ?? []).filter((key) => !from?.keys.includes(key));
    const removed = (from?.keys ?? []).filter((key) => !to?.keys.includes(key));
    const threshold = { from: from?.threshold ?? 0, to: to?.threshold ?? 0, of: to?.keys.length ?? 0 };
    if (added.length + removed.length === 0 && threshold.from === threshold.to) return [];
    return [{ what: 'keys', role, added, removed, threshold }];
  });
}

function divisionChange({ next }: Proposal, current: OfflineMetadata | undefined): TrustChange[] {
  const targets = next.get('targets');
  if (targets === undefined || current === undefined) return [];
  const [from, to] = [delegatedDocumentRoles(current.targets).length, delegatedDocumentRoles(targets).length];
  return from === to ? [] : [{ what: 'division', from, to }];
}

function publisherChanges(before: FileTree, after: FileTree): TrustChange[] {
  const [old, coming] = [before, after].map((files) => {
    const bytes = files.get('publishers.json');
    return bytes === undefined ? {} : parseJson(VerifiedPublishers, bytes, 'publishers.json').publishers;
  }) as [VerifiedPublishers['publishers'], VerifiedPublishers['publishers']];
  return [...new Set([...Object.keys(old), ...Object.keys(coming)])].sort().flatMap((publisher): TrustChange[] => {
    const [from, to] = [old, coming].map((list) => (Object.hasOwn(list, publisher) ? list[publisher] : undefined));
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    return [
      {
        what: 'publisher',
        publisher,
        change: from === undefined ? 'verified' : to === undefined ? 'removed' : 'changed',
      },
    ];
  });
}

function revocationChanges(before: FileTree, after: FileTree): TrustChange[] {
  const [old, coming] = [before, after].map((files) => {
    const bytes = files.get('revocations.json');
    const list = bytes === undefined ? [] : parseJson(Revocations, bytes, 'revocations.json').revocations;
    return new Map(list.map((entry) => [`${entry.sha256} ${entry.plugin}@${entry.version}`, entry]));
  }) as [Map<string, Revocations['revocations'][number]>, Map<string, Revocations['revocations'][number]>];
  for (const [key, { plugin, version }] of old) {
    if (coming.has(key)) continue;
    throw new PublishError(
      'PROPOSAL_INVALID',
      'revocations.json',
      `forgets ${plugin} ${version} instead of lifting it`,
    );
  }
  return [...coming].flatMap(([key, entry]): TrustChange[] => {
    const from = old.get(key);
    if (JSON.stringify(from) === JSON.stringify(entry)) return [];
    const { plugin, version, sha256, lifted } = entry;
    const wasStanding = from !== undefined && from.lifted === undefined;
    const change = lifted === undefined ? (wasStanding ? 'changed' : 'revoked') : 'lifted';
    return [{ what: 'revocation', change, plugin, version, sha256, reason: lifted?.reason ?? entry.reason }];
  });
}

/** Where clients will go, and in which order; an entry that serves something else is one taken out and one added. */
function mirrorChanges(before: FileTree, after: FileTree): TrustChange[] {
  const listed = (files: FileTree): readonly Mirror[] => {
    const bytes = files.get('mirrors.json');
    return bytes === undefined ? [] : parseJson(Mirrors, bytes, 'mirrors.json').mirrors;
  };
  const [old, coming] = [listed(before), listed(after)];
  if (JSON.stringify(old) === JSON.stringify(coming)) return [];
  const places = (list: readonly Mirror[]): ReadonlyMap<string, number> =>
    new Map(list.map((mirror, i) => [JSON.stringify(mirror), i + 1]));
  const [from, to] = [places(old), places(coming)];
  const change = (mirror: Mirror, place: number, what: 'added' | 'removed' | 'moved'): TrustChange => {
    const { url, serves } = mirror;
    return { what: 'mirror', change: what, url, serves, place };
  };
  return [
    ...old.flatMap((mirror, i) => (to.has(JSON.stringify(mirror)) ? [] : [change(mirror, i + 1, 'removed')])),
    ...coming.flatMap((mirror, i) => {
      const place = from.get(JSON.stringify(mirror));
      if (place === i + 1) return [];
      return [change(mirror, i + 1, place === undefined ? 'added' : 'moved')];
    }),
  ];
}

/** Told apart above, in words of their own; of publishers.json the members are listed too, since a key hides in them. */
const TOLD = new Set(['revocations.json']);

function documentChanges(before: FileTree, after: FileTree): TrustChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter((path) => !TOLD.has(path)).sort();
  return paths.flatMap((path): TrustChange[] => {
    const [from, to] = [before.get(path), after.get(path)];
    if (from === undefined) return [{ what: 'document', path, change: 'added' }];
    if (to === undefined) return [{ what: 'document', path, change: 'removed' }];
    if (Buffer.compare(from, to) === 0) return [];
    const members = memberChanges(path, json(from), json(to));
    return path === 'mirrors.json' ? members.filter((change) => !isMirror(change)) : members;
  });
}

const isMirror = (change: TrustChange): boolean => change.what === 'member' && /^mirrors\./.test(change.member);

const json = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

const MAX_SHOWN = 200;

/** Leaves that differ, each with what was there. */
function memberChanges(path: string, from: unknown, to: unknown): TrustChange[] {
  const changes: TrustChange[] = [];
  const walk = (member: string, a: unknown, b: unknown): void => {
    if (JSON.stringify(a) === JSON.stringify(b)) return;
    // Down to the leaves also where all is new: a key must not hide behind the end of a shortened line.
    const keys = new Set([a, b].flatMap((value) => (isObject(value) ? Object.keys(value) : [])));
    if (keys.size > 0 && [a, b].every((value) => value === undefined || isObject(value))) {
      for (const key of [...keys].sort()) walk(member === '' ? key : `${member}.${key}`, own(a, key), own(b, key));
    } else changes.push({ what: 'member', path, member: member.slice(0, 300), from: shown(a), to: shown(b) });
  };
  walk('', from, to);
  return changes;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const own = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}

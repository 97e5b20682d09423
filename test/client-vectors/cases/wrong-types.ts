// Every single value in every document with one of another type in its place, one case each, made from documents that have all members. What else a member
// must be is in documents.ts; this table is why none is forgotten.

import { KEYS } from '../base-registry.ts';
import type { ClientCase } from '../case.ts';
import { basicIdentity } from '../releases.ts';
import type { Json, VectorRegistry } from '../vector-registry.ts';
import { everyMember, WORKFLOW_IDENTITY } from './every-member.ts';
import { first, keepOnly } from './steps.ts';

type Path = readonly (string | number)[];

const SINCE = '2026-05-20T00:00:00Z';
const replacement = { plugin: 'acme/thing', version: '1.2.0' };

/** Objects of which the full document can hold one only, and where each stands. */
const OTHERS: readonly (readonly [name: string, path: Path, value: Json])[] = [
  ['deprecated', ['releases', 0, 'status'], { state: 'deprecated', since: SINCE, reason: 'x', replacement }],
  [
    'yanked',
    ['releases', 0, 'status'],
    { state: 'yanked', since: SINCE, reasonCode: 'broken', reason: 'x', replacement },
  ],
  [
    'quarantined',
    ['releases', 0, 'status'],
    { state: 'quarantined', since: SINCE, until: SINCE, by: 'x', reason: 'x', evidence: 'https://x.example/' },
  ],
  [
    'revoked',
    ['releases', 0, 'status'],
    { state: 'revoked', since: SINCE, severity: 'high', reason: 'x', evidence: 'https://x.example/', advisory: 'x-1' },
  ],
  ['transferred', ['whole'], { state: 'transferred', since: SINCE, reason: 'x', to: 'acme/thing' }],
];

const at = (value: Json, path: Path): Json => path.reduce((holder, key) => holder?.[key], value);

function set(value: Json, path: Path, member: Json): void {
  const holder = at(value, path.slice(0, -1));
  holder[path.at(-1) as string] = member;
}

/** A value of another type than `value`. */
function ofAnotherType(value: Json): Json {
  if (Array.isArray(value)) return {};
  if (typeof value === 'string') return 7;
  if (typeof value === 'object') return [];
  return String(value);
}

/** Paths to every value that has none below it; of a list its first two items stand for all. */
function pathsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [path];
  const entries = Array.isArray(value) ? value.slice(0, 2).map((item, i) => [i, item]) : Object.entries(value);
  return entries.flatMap(([key, member]: Json) => pathsOf(member, [...path, key]));
}

/** The part of the full value that the minimal one lacks on the way to `path`, and nothing beside it. */
function withPath(minimal: Json, full: Json, path: Path): Json {
  const value = structuredClone(minimal);
  const missing = path.findIndex((_, i) => at(value, path.slice(0, i + 1)) === undefined);
  if (missing < 0) return value;
  set(value, path.slice(0, missing + 1), structuredClone(at(full, path.slice(0, missing + 1))));
  return value;
}

/** The first item of a list is named only where it is the value itself. */
const named = (path: Path): string =>
  path
    .filter((part, i) => part !== 0 || i === path.length - 1)
    .map((part) =>
      typeof part === 'number' ? `item-${part + 1}` : part.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    )
    .join('-')
    .replaceAll(/[^a-z0-9-]+/g, '-');
const shown = (path: Path): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .slice(1);

const DOCUMENT = 'plugins/indie/tool.json';

interface Wrong {
  readonly name: string;
  readonly why: string;
  readonly make: (minimal: Json) => Json;
}

/** `full` has every member that the minimal document may have. */
function wrongsOf(prefix: string, full: Json, skip: (path: Path) => boolean = () => false): Wrong[] {
  return pathsOf(full)
    .filter((path) => !skip(path))
    .map((path) => ({
      name: `${prefix}-${named(path)}`,
      why: `${shown(path)} is of another type.`,
      make(document) {
        const value = withPath(document, full, path);
        set(value, path, ofAnotherType(at(value, path)));
        return value;
      },
    }));
}

/** Names of a map are data, a version of a format has a code of its own, and a second item of a list says what the first does. */
const isSkipped = (path: Path): boolean =>
  (path.length === 1 && path[0] === 'schemaVersion') || (path.includes(1) && !path.includes('identities'));

function packageCases(base: VectorRegistry): ClientCase[] {
  const minimal = structuredClone(base.document(DOCUMENT));
  const full = structuredClone(minimal);
  everyMember(full);
  full.releases[0].status = { state: 'active' };
  const wrongs = [
    ...wrongsOf('document', full, isSkipped),
    ...OTHERS.flatMap(([name, path, value]) => {
      const holder = structuredClone(minimal);
      set(holder, path, value);
      return Object.keys(value).flatMap((key): Wrong[] => {
        if (key === 'state') return [];
        return wrongsOf(name, holder, (inner) => !`${inner.join()},`.startsWith(`${[...path, key].join()},`)).map(
          (wrong) => ({
            ...wrong,
            make: () => wrong.make(holder),
          }),
        );
      });
    }),
  ];
  return wrongs.map(({ name, why, make }) =>
    first({
      name: `type-${name}`,
      why,
      clauses: ['DOC4'],
      code: 'DOCUMENT_MALFORMED',
      ask: { request: 'indie/tool' },
      change(registry) {
        keepOnly(registry, 'indie/tool');
        registry.setDocument(DOCUMENT, make(minimal), 'documents');
        registry.publish();
      },
    }),
  );
}

const digest = 'ab'.repeat(32);
const revocation = {
  sha256: digest,
  plugin: 'acme/thing',
  version: '1.2.0',
  since: SINCE,
  severity: 'high',
  reason: 'x',
  evidence: 'https://x.example/',
  advisory: 'x-1',
  lifted: { at: SINCE, reason: 'x' },
};
const upstream = {
  id: 'up.example',
  url: 'https://up.example/',
  root: { version: 1, sha256: digest },
  namespaces: ['acme'],
};

/** Where a member stands that the honest document may lack; identities of publishers are read like those of a package document. */
const OFFLINE: readonly (readonly [path: string, add: (document: Json) => unknown, below: string])[] = [
  [
    'publishers.json',
    () => undefined,
    'registry,publishers.acme.title,publishers.acme.since,publishers.acme.identities',
  ],
  [
    'cosign-keys.json',
    (it) => {
      const { issuer } = WORKFLOW_IDENTITY;
      it.identities = [
        { ...basicIdentity(KEYS.cosign), to: SINCE },
        { kind: 'keyless', issuer, subject: 'x', repositoryId: '1', from: SINCE, to: SINCE },
      ];
    },
    'identities,verifier,registry',
  ],
  ['upstreams.json', (it) => Object.assign(it, { upstreams: [upstream] }), 'registry,upstreams'],
  ['revocations.json', (it) => Object.assign(it, { revocations: [revocation] }), 'registry,revocations'],
];

function offlineCases(base: VectorRegistry): ClientCase[] {
  return OFFLINE.flatMap(([path, add, below]) => {
    const full = structuredClone(base.document(path));
    add(full);
    const wanted = below.split(',');
    const isWanted = (inner: Path): boolean =>
      wanted.some(
        (prefix) =>
          inner.join('.') === prefix || (inner.join('.').startsWith(`${prefix}.`) && path !== 'publishers.json'),
      );
    return wrongsOf(path.replace('.json', ''), full, (inner) => !isWanted(inner)).map(({ name, why, make }) =>
      first({
        name: `type-${name}`,
        why: `In ${path}, ${why}`,
        clauses: ['DOC4'],
        code: 'DOCUMENT_MALFORMED',
        ask: { request: 'acme/thing' },
        change(registry) {
          registry.setDocument(path, make(full), registry.documents.get(path)?.role);
          registry.publish();
        },
      }),
    );
  });
}

export const wrongTypeCases = (base: VectorRegistry): ClientCase[] => [...packageCases(base), ...offlineCases(base)];

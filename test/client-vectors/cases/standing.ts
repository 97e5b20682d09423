// What was taken away: revocations and the memory of them, quarantine, yanked, deprecated, locked (specification 8).
import { resolvedBytes } from '../base-registry.ts';
import { type ClientCase, INIT, REFRESH, type Step } from '../case.ts';
import { moduleBytes } from '../releases.ts';
import { type Json, sha256 } from '../vector-registry.ts';
import { document, first, known, offline, THING } from './steps.ts';

const THING_DIGEST = sha256(moduleBytes(1));
const SINCE = '2026-06-01T00:00:00Z';
const thing = { request: 'acme/thing' };
const digestOf = (version: string): string => sha256(resolvedBytes('acme/states', version));

const entryFor = (digest: string, change: Json = {}): Json => ({
  sha256: digest,
  plugin: 'acme/thing',
  version: '1.2.0',
  since: SINCE,
  severity: 'high',
  reason: 'Sends samples elsewhere.',
  evidence: 'https://vectors.example/advisories/1',
  ...change,
});

/** The revocations list as the offline key signs it. */
const revoke = (...entries: readonly Json[]) =>
  offline('revocations.json', (it) => Object.assign(it, { revocations: entries }));
const lifted = { lifted: { at: SINCE, reason: 'It was another file.' } };

const INSTALL: Step = { action: 'verify', ...thing, expect: THING };
const LOAD: Step = { action: 'load', sha256: THING_DIGEST, expect: { sha256: THING_DIGEST, size: 13 } };
const REFUSED_LOAD: Step = { action: 'load', sha256: THING_DIGEST, code: 'REVOKED' };

const REVOKED: readonly ClientCase[] = [
  {
    name: 'revoked-not-loaded',
    why: 'Installed bytes are revoked; after the next refresh they are not loaded.',
    clauses: ['STA1', 'ART6'],
    steps: [INIT, INSTALL, LOAD, { ...REFRESH, change: revoke(entryFor(THING_DIGEST)) }, REFUSED_LOAD],
  },
  {
    name: 'revocation-dropped',
    why: 'A later list says nothing about what an earlier one revoked: the client remembers.',
    clauses: ['STA2'],
    steps: [
      INIT,
      INSTALL,
      { ...REFRESH, change: revoke(entryFor(THING_DIGEST)) },
      { ...REFRESH, change: revoke() },
      REFUSED_LOAD,
    ],
  },
  {
    name: 'revocation-dropped-not-chosen',
    why: 'What an earlier list revoked and a later one does not mention is not chosen either.',
    clauses: ['STA2', 'RES9'],
    steps: [
      INIT,
      { ...REFRESH, change: revoke(entryFor(THING_DIGEST)) },
      { action: 'resolve', ...thing, change: revoke(), code: 'NO_RELEASE' },
    ],
  },
  {
    name: 'revocation-lifted',
    why: 'The offline key takes a revocation back in writing: the bytes are loaded and chosen again.',
    clauses: ['STA3'],
    steps: [
      INIT,
      INSTALL,
      { ...REFRESH, change: revoke(entryFor(THING_DIGEST)) },
      { ...REFRESH, change: revoke(entryFor(THING_DIGEST, lifted)) },
      LOAD,
      INSTALL,
    ],
  },
  {
    name: 'revocation-read-by-resolve',
    why: 'Nothing but a resolve happened since the revocation; what it read counts for loading.',
    clauses: ['STA1', 'DOC9'],
    steps: [
      INIT,
      INSTALL,
      {
        action: 'resolve',
        request: 'indie/tool',
        change: revoke(entryFor(THING_DIGEST)),
        expect: { plugin: 'indie/tool' },
      },
      REFUSED_LOAD,
    ],
  },
  {
    name: 'revoked-under-another-name',
    why: 'The revocation names another plugin and version; the bytes are the same.',
    clauses: ['STA1'],
    steps: [
      INIT,
      INSTALL,
      { ...REFRESH, change: revoke(entryFor(THING_DIGEST, { plugin: 'evil/copy', version: '9.9.9' })) },
      REFUSED_LOAD,
    ],
  },
  {
    name: 'revoked-twice-lifted-once',
    why: 'Of two revocations of the same bytes one was lifted.',
    clauses: ['STA3'],
    steps: [
      INIT,
      INSTALL,
      { ...REFRESH, change: revoke(entryFor(THING_DIGEST, lifted), entryFor(THING_DIGEST, { version: '1.2.1' })) },
      REFUSED_LOAD,
    ],
  },
  {
    name: 'revoked-neighbour',
    why: 'Other bytes are revoked.',
    clauses: ['STA1'],
    steps: [INIT, INSTALL, { ...REFRESH, change: revoke(entryFor('ab'.repeat(32))) }, LOAD],
  },
  first({
    name: 'revoked-not-chosen',
    why: 'The only release is revoked.',
    clauses: ['STA1', 'RES9'],
    code: 'NO_RELEASE',
    ask: thing,
    change: revoke(entryFor(THING_DIGEST)),
  }),
  first({
    name: 'revoked-although-locked',
    why: 'The host has locked bytes that are revoked: that is said, and they are not chosen.',
    clauses: ['STA7', 'RES9'],
    code: 'REVOKED',
    ask: { ...thing, locked: [THING_DIGEST] },
    change: revoke(entryFor(THING_DIGEST)),
  }),
  {
    name: 'revoked-by-the-online-key',
    why: 'The document alone says revoked: the online key can keep a release from being chosen, not from being loaded.',
    clauses: ['STA8'],
    steps: [
      INIT,
      INSTALL,
      {
        ...REFRESH,
        change: document('acme/thing', ({ releases }) => {
          releases[0].status = {
            state: 'revoked',
            since: SINCE,
            severity: 'high',
            reason: 'x',
            evidence: 'https://vectors.example/',
          };
        }),
      },
      LOAD,
    ],
  },
];

const states = (ask: Json, expect: Json, now?: string): Pick<Step, 'action' | 'expect'> & Json => ({
  action: 'resolve',
  ask: { request: 'acme/states', host: { id: 'bench', api: '1.0.0' }, ...ask },
  expect,
  ...(now ? { now } : {}),
});

const ALL = [
  { version: '1.6.0', code: 'hostApi' },
  { version: '1.5.0', code: 'host' },
  { version: '1.4.0', code: 'age' },
  { version: '1.3.0', code: 'quarantined' },
  { version: '1.2.0', code: 'yanked' },
];

/** The end of a quarantine and the clock, as far as the timestamp lets it go. */
const quarantine = (since: string, until: string) =>
  document('acme/thing', ({ releases }) => {
    releases[0].status = { state: 'quarantined', since, until, by: 'reviewer', reason: 'Odd.' };
  });

const STATES: readonly ClientCase[] = [
  first({
    name: 'every-state',
    why: 'One release for every state: the deprecated one is chosen, and every other has its reason.',
    clauses: ['RES8', 'STA4', 'STA5', 'STA6', 'RES5', 'RES6', 'RES7'],
    ...states({}, { version: '1.1.0', state: 'deprecated', excluded: [...ALL, { version: '1.0.0', code: 'lower' }] }),
  }),
  first({
    name: 'yanked-not-chosen',
    why: 'The only release in the range is yanked.',
    clauses: ['STA4', 'RES9'],
    code: 'NO_RELEASE',
    action: 'resolve',
    ask: { request: 'acme/states@1.2.0' },
  }),
  first({
    name: 'yanked-but-locked',
    why: 'A yanked release that the host has locked goes on working, and its state is told.',
    clauses: ['STA7'],
    ...states(
      { request: 'acme/states@1.2.0', locked: [digestOf('1.2.0')] },
      {
        version: '1.2.0',
        state: 'yanked',
        excluded: [
          { version: '1.6.0', code: 'range' },
          { version: '1.5.0', code: 'range' },
          { version: '1.4.0', code: 'range' },
          { version: '1.3.0', code: 'range' },
          { version: '1.1.0', code: 'range' },
          { version: '1.0.0', code: 'range' },
        ],
      },
    ),
  }),
  first({
    name: 'quarantined-but-locked',
    why: 'A quarantined release that the host has locked goes on working.',
    clauses: ['STA7'],
    ...states(
      { request: 'acme/states@1.3.0', locked: [digestOf('1.3.0')] },
      { version: '1.3.0', state: 'quarantined' },
    ),
  }),
  first({
    name: 'young-but-locked',
    why: 'A release of yesterday that the host has locked is not too young.',
    clauses: ['STA7', 'RES7'],
    ...states({ locked: [digestOf('1.4.0')] }, { version: '1.4.0', state: 'active' }),
  }),
  first({
    name: 'locked-is-not-newest',
    why: 'The highest release that fits is taken, whatever is locked below it.',
    clauses: ['RES2', 'STA7'],
    ...states({ locked: [digestOf('1.0.0')] }, { version: '1.1.0' }),
  }),
  first({
    name: 'locked-for-another-host',
    why: 'A locked release that was made for another host is not chosen.',
    clauses: ['STA7', 'RES5'],
    code: 'NO_RELEASE',
    action: 'resolve',
    ask: { request: 'acme/states@1.5.0', host: { id: 'bench' }, locked: [digestOf('1.5.0')] },
  }),
  first({
    name: 'quarantine-holds',
    why: 'A quarantine of yesterday holds.',
    clauses: ['STA5'],
    code: 'NO_RELEASE',
    ask: thing,
    change: quarantine('2026-06-01T12:00:00Z', '2026-06-05T00:00:00Z'),
  }),
  first({
    name: 'quarantine-begins',
    why: 'A quarantine begins at this second.',
    clauses: ['STA5'],
    code: 'NO_RELEASE',
    ask: thing,
    change: quarantine('2026-06-02T12:00:00Z', '2026-06-05T00:00:00Z'),
  }),
  first({
    name: 'quarantine-over',
    why: 'A quarantine ends at this second.',
    clauses: ['STA5'],
    ask: thing,
    expect: THING,
    change: quarantine('2026-06-01T12:00:00Z', '2026-06-02T12:00:00Z'),
  }),
  first({
    name: 'quarantine-of-a-year',
    why: 'A quarantine that names an end in a year began seven days ago, and has lapsed.',
    clauses: ['STA5'],
    ask: thing,
    expect: THING,
    change: quarantine('2026-05-26T12:00:00Z', '2027-05-26T12:00:00Z'),
  }),
  first({
    name: 'quarantine-last-second',
    why: 'A quarantine that names an end in a year began seven days ago less a second, and holds.',
    clauses: ['STA5'],
    code: 'NO_RELEASE',
    ask: thing,
    change: quarantine('2026-05-26T12:00:01Z', '2027-05-26T12:00:00Z'),
  }),
  first({
    name: 'quarantine-to-come',
    why: 'A quarantine begins in an hour: one that could be dated ahead would hold for ever.',
    clauses: ['STA5'],
    ask: thing,
    expect: THING,
    change: quarantine('2026-06-02T13:00:00Z', '2026-06-09T13:00:00Z'),
  }),
  known({
    name: 'deprecated-installed',
    why: 'A deprecated release is installed, and its state is told.',
    clauses: ['STA6'],
    ask: thing,
    expect: { ...THING, state: 'deprecated' },
    change: document('acme/thing', ({ releases }) => {
      releases[0].status = {
        state: 'deprecated',
        since: SINCE,
        reason: 'Use another.',
        replacement: { plugin: 'acme/other' },
      };
    }),
  }),
  first({
    name: 'document-revoked-not-chosen',
    why: 'A release that the document calls revoked is not chosen, though the revocations do not list it.',
    clauses: ['STA8'],
    code: 'NO_RELEASE',
    ask: thing,
    change: document('acme/thing', ({ releases }) => {
      releases[0].status = {
        state: 'revoked',
        since: SINCE,
        severity: 'high',
        reason: 'x',
        evidence: 'https://vectors.example/',
      };
    }),
  }),
  first({
    name: 'document-active-but-revoked',
    why: 'The document says active, the revocations say revoked: the offline word counts.',
    clauses: ['STA1', 'RES8'],
    action: 'resolve',
    ask: { request: 'acme/states', host: { id: 'bench', api: '1.0.0' } },
    expect: { version: '1.0.0', excluded: [...ALL, { version: '1.1.0', code: 'revoked' }] },
    change: revoke(entryFor(digestOf('1.1.0'))),
  }),
];

export const STANDING_CASES = [...REVOKED, ...STATES];

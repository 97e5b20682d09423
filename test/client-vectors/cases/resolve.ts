// Which release is chosen: requests, ranges, hosts, ages (specification 9).
import { RANGE_VERSIONS } from '../base-registry.ts';
import type { ClientCase } from '../case.ts';
import { document, first, offline, THING } from './steps.ts';

/** Range and what it chooses among RANGE_VERSIONS; the grammar's rows, one a line. */
const RANGES: readonly (readonly [name: string, range: string, chosen: string | undefined, why: string])[] = [
  ['star', '*', '2.0.0', 'A star admits every release, and 1.10.0 is higher than 1.9.0 though its text is lower.'],
  ['exact', '1.9.0', '1.9.0', 'A whole version is that version.'],
  ['exact-v', 'v1.9.0', '1.9.0', 'A v before a version says nothing.'],
  ['equals', '=1.9.0', '1.9.0', 'An equals sign says nothing more.'],
  ['caret', '^1.2.3', '1.10.0', 'A caret keeps the first number that is not zero.'],
  ['caret-short', '^1', '1.10.0', 'A caret before one number.'],
  ['caret-zero', '^0.2.1', '0.2.9', 'A caret before 0.2 keeps the second number.'],
  ['caret-zero-zero', '^0.0.3', '0.0.3', 'A caret before 0.0.3 admits nothing else.'],
  ['caret-zero-open', '^0', '0.3.0', 'A caret before a lone zero keeps it.'],
  ['tilde', '~1.9.0', '1.9.0', 'A tilde keeps the second number.'],
  ['tilde-short', '~1', '1.10.0', 'A tilde before one number keeps that.'],
  ['x-range', '1.x', '1.10.0', 'An x stands for any number.'],
  ['x-range-capital', '0.2.X', '0.2.9', 'A capital X stands for any number.'],
  ['two-numbers', '0.3', '0.3.0', 'Numbers that are left out stand for any.'],
  ['hyphen', '1.2 - 1.9', '1.9.0', 'Two versions with a hyphen between spaces: from the first to the last.'],
  ['hyphen-whole', '0.2.9 - 0.3.0', '0.3.0', 'Both ends of a hyphen range belong to it.'],
  ['comparators', '>=1.2.3 <1.10.0', '1.9.0', 'Comparators with a space between them must all hold.'],
  ['comparator-spaced', '> 1.2.3 <= 1.9.0', '1.9.0', 'There may be spaces behind an operator.'],
  ['greater-short', '>1.9', '2.0.0', 'Greater than 1.9 begins at 1.10.0.'],
  ['less-or-equal-short', '<=1', '1.10.0', 'At most 1 ends before 2.0.0.'],
  ['alternatives', '0.0.3 || ^1.9.0', '1.10.0', 'Of alternatives one must hold.'],
  ['alternative-empty', '^0.2 ||', '2.0.0', 'An empty alternative admits every release.'],
  [
    'prerelease',
    '>=2.1.0-beta.1',
    '2.1.0-beta.10',
    'A prerelease is chosen where the range names one of the same version, and 10 is higher than 2.',
  ],
  ['prerelease-exact', '2.1.0-beta.2', '2.1.0-beta.2', 'A whole prerelease version is that version.'],
  ['prerelease-shorter', '<=2.1.0-beta', '2.1.0-beta', 'Of two prereleases that begin alike the shorter is lower.'],
  ['prerelease-number', '<2.1.0-beta', '2.1.0-9', 'A number is lower than a word.'],
  ['prerelease-below-release', '>=2.1.0-beta.2 <2.1.0', '2.1.0-beta.10', 'A prerelease is lower than its release.'],
  [
    'prerelease-of-another',
    '>=2.0.1-alpha',
    undefined,
    'A prerelease is not chosen where the range names one of another version.',
  ],
  ['prerelease-unasked', '^2', '2.0.0', 'A prerelease is not chosen where the range names none.'],
  ['prerelease-end', '<2.1.0-beta.10 >=2.1.0-beta.0', '2.1.0-beta.2', 'Prereleases are ordered by number and text.'],
  ['at-least-short', '>=1.10', '2.0.0', 'At least 1.10 begins at 1.10.0.'],
  ['less-short', '<1.10', '1.9.0', 'Less than 1.10 ends before 1.10.0.'],
  ['less-short-prerelease', '<2.1', '2.0.0', 'Less than 2.1 ends before the prereleases of 2.1.0.'],
  ['tilde-greater', '~>1.9', '1.9.0', 'A tilde may have a greater sign behind it.'],
  ['everything', '>=0.0.0', '2.0.0', 'At least 0.0.0 is every release.'],
  [
    'everything-beside-prerelease',
    '2.1.0-9 || *',
    '2.0.0',
    'An alternative that admits every release stands for all, and with it the prereleases they name.',
  ],
  ['any-x', 'x', '2.0.0', 'An x alone is every release.'],
  ['at-most-any', '<=*', '2.0.0', 'At most any is every release.'],
  ['hyphen-short', '0 - 1', '1.10.0', 'The upper end of a hyphen range may leave numbers out, which then may be any.'],
  [
    'prerelease-shorter-is-lower',
    '>=2.1.0-9 <2.1.0-beta.2',
    '2.1.0-beta',
    'A prerelease is lower than one that goes on after it.',
  ],
  ['exact-zero', '0.0.0', undefined, 'A version of zeros is that version, and not every one.'],
  ['less-than-any', '<*', undefined, 'Nothing is less than any.'],
  ['prerelease-at-the-bound', '>=1.9.0 <2.1.0', '2.0.0', 'An upper bound that is a release names no prerelease.'],
  ['nothing', '^3', undefined, 'No release lies in the range.'],
  ['greater-than-all', '>*', undefined, 'Nothing is greater than any.'],
];

const RANGE_CASES: readonly ClientCase[] = RANGES.map(([name, range, chosen, why]) =>
  first({
    name: `range-${name}`,
    why: `${why} (${range})`,
    clauses: name.includes('prerelease') ? ['RES4'] : ['RES3'],
    action: 'resolve',
    ask: { request: `acme/ranges@${range}` },
    ...(chosen === undefined ? { code: 'NO_RELEASE' } : { expect: { plugin: 'acme/ranges', version: chosen } }),
  }),
);

const MALFORMED: readonly (readonly [name: string, request: string, why: string])[] = [
  ['without-publisher', 'thing', 'The request names no publisher.'],
  ['in-capitals', 'Acme/thing', 'The request’s publisher is in capitals.'],
  ['climbing', 'acme/../thing', 'The request climbs out of its folder.'],
  ['of-two-ranges', 'acme/thing@1@2', 'The request has two ranges.'],
  ['empty-range', 'acme/thing@', 'The request has a range of nothing.'],
  ['range-of-words', 'acme/thing@latest', 'The request’s range is a word.'],
  [
    'range-half-understood',
    'acme/thing@^1 || newest',
    'One alternative of the range is none: half a range is not understood.',
  ],
  ['range-number-after-x', 'acme/thing@1.x.2', 'A number stands after an x.'],
  ['range-with-build', 'acme/thing@1.2.0+5', 'The range has build metadata.'],
  ['range-leading-zero', 'acme/thing@01', 'A number has a leading zero.'],
  ['range-two-operators', 'acme/thing@>^1', 'A version has two operators.'],
  ['publisher-too-long', `${'a'.repeat(40)}/thing`, 'The publisher has forty characters.'],
];

const REQUEST_CASES: readonly ClientCase[] = MALFORMED.map(([name, request, why]) =>
  first({
    name: `request-${name}`,
    why,
    clauses: ['RES1'],
    code: 'REQUEST_MALFORMED',
    action: 'resolve',
    ask: { request },
  }),
);

const lowest = RANGE_VERSIONS.filter((version) => version !== '2.0.0' && !version.includes('-')).reverse();

const CHOICE: readonly ClientCase[] = [
  first({
    name: 'reasons-in-order',
    why: 'Every version that was not taken has a reason, the highest version first.',
    clauses: ['RES8'],
    action: 'resolve',
    ask: { request: 'acme/ranges' },
    expect: {
      version: '2.0.0',
      excluded: [
        ...['beta.10', 'beta.2', 'beta', '9'].map((part) => ({ version: `2.1.0-${part}`, code: 'range' })),
        ...lowest.map((version) => ({ version, code: 'lower' })),
      ],
    },
  }),
  first({
    name: 'order-of-the-document',
    why: 'The document lists its releases lowest first: the highest is taken all the same.',
    clauses: ['RES2'],
    action: 'resolve',
    ask: { request: 'acme/ranges' },
    expect: { version: '2.0.0' },
    change: document('acme/ranges', ({ releases }) => releases.reverse()),
  }),
  first({
    name: 'host-without-api',
    why: 'The host does not say its API version: only its name is compared.',
    clauses: ['RES5', 'RES6'],
    action: 'resolve',
    ask: { request: 'acme/states', host: { id: 'bench' } },
    expect: { version: '1.6.0' },
  }),
  first({
    name: 'no-host',
    why: 'No host is named: every release may be taken.',
    clauses: ['RES5'],
    action: 'resolve',
    ask: { request: 'acme/states@<1.6.0' },
    expect: { version: '1.5.0' },
  }),
  first({
    name: 'host-unknown',
    why: 'No release is made for the host.',
    clauses: ['RES5', 'RES9'],
    code: 'NO_RELEASE',
    ask: { request: 'acme/thing', host: { id: 'desk' } },
  }),
  first({
    name: 'host-api-too-old',
    why: 'The only release needs a newer API of the host.',
    clauses: ['RES6', 'RES9'],
    code: 'NO_RELEASE',
    ask: { request: 'acme/thing', host: { id: 'bench', api: '0.9.0' } },
  }),
  first({
    name: 'host-api-fits',
    why: 'A release for two hosts is taken by the second, whose API fits.',
    clauses: ['RES5', 'RES6'],
    action: 'resolve',
    ask: { request: 'acme/states@1.6.0', host: { id: 'bench', api: '2.3.0' } },
    expect: { version: '1.6.0' },
  }),
  first({
    name: 'host-api-of-two-numbers',
    why: 'What the host says of its API is no version, and no range admits it.',
    clauses: ['RES6'],
    code: 'NO_RELEASE',
    action: 'resolve',
    ask: { request: 'acme/thing', host: { id: 'bench', api: '1.0' } },
  }),
  first({
    name: 'host-api-of-no-range',
    why: 'The release’s range of APIs consists of the right characters and is no range: it admits nothing.',
    clauses: ['RES6'],
    code: 'NO_RELEASE',
    action: 'resolve',
    ask: { request: 'acme/thing', host: { id: 'bench', api: '1.0.0' } },
    change: document('acme/thing', ({ releases }) =>
      Object.assign(releases[0].release, { targets: [{ host: 'bench', api: '1.x.0 | latest' }] }),
    ),
  }),
  first({
    name: 'host-api-prerelease',
    why: 'A prerelease of the host’s API does not satisfy a range that names none.',
    clauses: ['RES6', 'RES4'],
    code: 'NO_RELEASE',
    action: 'resolve',
    ask: { request: 'acme/states@1.6.0', host: { id: 'bench', api: '2.3.0-rc.1' } },
  }),
];

const published = (publishedAt: string) =>
  document('acme/thing', ({ releases }) => Object.assign(releases[0], { publishedAt }));
const thing = { request: 'acme/thing' };

const AGE: readonly ClientCase[] = [
  first({
    name: 'age-reached',
    why: 'The release was published a day ago to the second, and the signed policy advises a day.',
    clauses: ['RES7'],
    ask: thing,
    expect: THING,
    change: published('2026-06-01T12:00:00Z'),
  }),
  first({
    name: 'age-a-second-short',
    why: 'The release was published a day ago less a second, and the signed policy advises a day.',
    clauses: ['RES7', 'RES9'],
    code: 'NO_RELEASE',
    ask: thing,
    change: published('2026-06-01T12:00:01Z'),
  }),
  first({
    name: 'age-of-the-host',
    why: 'The host asks for no age, which counts more than what the registry advises.',
    clauses: ['RES7'],
    ask: { ...thing, minimumReleaseAgeMinutes: 0 },
    expect: THING,
    change: published('2026-06-02T11:59:00Z'),
  }),
  first({
    name: 'age-of-a-cautious-host',
    why: 'The host asks for fourteen days, which counts more than what the registry advises.',
    clauses: ['RES7', 'RES9'],
    code: 'NO_RELEASE',
    ask: { ...thing, minimumReleaseAgeMinutes: 20_160 },
    change: published('2026-05-20T00:00:00Z'),
  }),
  first({
    name: 'age-advised-longer',
    why: 'The registry advises a week; the release is of last week’s end.',
    clauses: ['RES7', 'DOC10'],
    code: 'NO_RELEASE',
    ask: thing,
    change(registry) {
      registry.document('policy.json').client.minimumReleaseAgeMinutes = 10_080;
      published('2026-05-28T00:00:00Z')(registry);
    },
  }),
  first({
    name: 'published-in-the-future',
    why: 'The release says that it will be published tomorrow.',
    clauses: ['RES7', 'RES9'],
    code: 'NO_RELEASE',
    ask: { ...thing, minimumReleaseAgeMinutes: 0 },
    change: published('2026-06-03T12:00:00Z'),
  }),
];

const TIERS: readonly ClientCase[] = [
  first({
    name: 'tier-taken-away',
    why: 'The offline list does not have the publisher any more: the release is a community one, signed by the key that the document names.',
    clauses: ['RES10', 'PUB4'],
    ask: thing,
    expect: { ...THING, tier: 'community' },
    change: offline('publishers.json', ({ publishers }) => delete publishers.acme),
  }),
  first({
    name: 'tier-of-a-namesake',
    why: 'The offline list has a publisher whose name begins alike.',
    clauses: ['RES10'],
    ask: { request: 'indie/tool' },
    expect: { plugin: 'indie/tool', tier: 'community' },
    change: offline('publishers.json', ({ publishers }) =>
      Object.assign(publishers, { 'indie-labs': publishers.acme, in: publishers.acme }),
    ),
  }),
];

export const RESOLVE_CASES = [...RANGE_CASES, ...REQUEST_CASES, ...CHOICE, ...AGE, ...TIERS];

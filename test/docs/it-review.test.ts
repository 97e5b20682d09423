// What the page for an IT review claims, line by line, and the tests that hold it. A claim without a row fails, and so does a row whose
// test was renamed.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const PAGE = readFileSync(new URL('../../site/src/content/docs/it-review.md', import.meta.url), 'utf8');

/** Claim, as the page words it -> [file, title] of its tests. */
const CLAIMS: Readonly<Record<string, readonly (readonly [file: string, title: string])[]>> = {
  'What leaves our network?': [
    ['test/client-trust/fetch.test.ts', 'no cookie and no referrer are sent'],
    ['test/client/walk-through.test.ts', 'install, offline, widened, consent, update, unhealthy, back, revoked, audit'],
  ],
  'Does the site track?': [
    [
      'test/site/pages.test.ts',
      'every page in both schemes: no complaint, no foreign request, no axe violation, nothing beside a phone',
    ],
  ],
  'Where does analysed data go?': [
    ['test/site/pages.test.ts', 'from the home page through the list to what HTTP trigger can do'],
  ],
  'Personal data?': [
    ['test/docs/it-review.test.ts', 'a publisher file has no place for more about people than accounts and links'],
  ],
  'Can a plugin run native code?': [
    ['test/site/pages.test.ts', 'a process: what it can do in the red box, no promise beside it'],
  ],
  'Can an update bring in something new?': [
    ['test/client/manage.test.ts', 'a version that can do less needs none; one that reaches one address more does'],
  ],
  'How do we pin a version?': [
    [
      'test/client/lockfile.test.ts',
      'brings everything to another machine, asks for consent there, and is not changed by it',
    ],
  ],
  'How do we block one?': [['test/client/manage.test.ts', 'a refusal, or nobody to ask, installs nothing']],
  'How fast is a bad release stopped?': [
    ['test/client/manage.test.ts', 'older than the host accepts, or from the future, and a plugin is not loaded'],
  ],
  Signatures: [
    [
      'test/main-job/main-job.test.ts',
      '@sigstore/verify accepts every publisher’s bundle and every co-signature with the keys that are listed',
    ],
  ],
  'Update metadata': [
    [
      'test/main-job/main-job.test.ts',
      'tuf-js, given the first root, downloads every target that is listed and accepts it',
    ],
  ],
  'Bill of materials': [['test/cli/transcripts.test.ts', 'bills of materials are valid for the official schema']],
  Builds: [
    ['test/main-job/main-job.test.ts', 'from the same ledger, keys and trust another folder gets the same bytes'],
  ],
};

/** First cells of the tables, and first words of the list of standards. */
function claimsOf(page: string): readonly string[] {
  const rows = [...page.matchAll(/^\| ([^|]+?) \|/gm)].map(([, cell = '']) => cell);
  const items = [...page.matchAll(/^\* ([A-Z][a-z]+(?: [a-z]+)*?)(?=:| are)/gm)].map(([, words = '']) => words);
  return [...rows.filter((cell) => cell !== 'question' && !/^-+$/.test(cell)), ...items];
}

describe('the page for an IT review', () => {
  test('claims nothing that has no row here', () => {
    expect(claimsOf(PAGE)).toEqual(Object.keys(CLAIMS));
  });

  test.each(Object.entries(CLAIMS))('%s', (_, tests) => {
    for (const [file, title] of tests) {
      const at = new URL(`../../${file}`, import.meta.url);
      expect(existsSync(at), file).toBe(true);
      expect(readFileSync(at, 'utf8').includes(`'${title}'`), `${file}: ${title}`).toBe(true);
    }
  });
});

test('a publisher file has no place for more about people than accounts and links', () => {
  const schema = JSON.parse(readFileSync(new URL('../../schemas/json/publisher.schema.json', import.meta.url), 'utf8'));
  expect(Object.keys(schema.properties).sort()).toEqual([
    'contact',
    'identities',
    'owners',
    'publisher',
    'schemaVersion',
    'summary',
    'title',
    'url',
    'verified',
    'watched',
  ]);
});

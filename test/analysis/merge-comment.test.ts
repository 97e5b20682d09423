// The reviewer's comment: whole texts compared, and for hostile text in any fact, that the page keeps its shape.
import { readdirSync, readFileSync } from 'node:fs';
import {
  MERGE_MARKER,
  MERGE_RULES,
  type MergeCommentOptions,
  renderMergeComment,
  renderMergeRules,
} from '@plugmark/analysis';
import type { MergeDecision, MergeFinding } from '@plugmark/schemas';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { beforeAll, expect, test } from 'vitest';
import { golden } from './golden.ts';
import { type MergeCase, runCase } from './merge/merge-case.ts';

const VECTORS = new URL('../vectors/merge/', import.meta.url);
const GOLDEN = new URL('./merge-comment/', import.meta.url);
const RULES_URL = 'https://github.com/plugmark/registry/blob/main/.github/MERGE_RULES.md';
const caseOf = (name: string): MergeCase =>
  JSON.parse(readFileSync(new URL(`${name}/case.json`, VECTORS), 'utf8')) as MergeCase;

async function commented(name: string, more: Partial<MergeCommentOptions> = {}): Promise<string> {
  const { decision, review } = await runCase(caseOf(name));
  const options = { policyRevision: 2, rulesUrl: RULES_URL, ...(review === undefined ? {} : { review }), ...more };
  return renderMergeComment(decision, options);
}

const SHOWN = [
  ...['release', 'label-cascade_fail', 'widened_fail', 'widened-neighbour', 'hijack_fail', 'undeclared_fail', 'yank'],
  ...['new-publisher-first-day_fail', 'hold_fail', 'name-turned_fail', 'ten-thousand-files_fail', 'time-of-check_fail'],
];

test.each(SHOWN)('%s', async (name) => {
  const text = await commented(name);
  expect(text).toBe(golden(new URL(`${name}.md`, GOLDEN), text));
});

test('after the merge', async () => {
  const text = await commented('release', { merged: 'e'.repeat(40) });
  expect(text).toBe(golden(new URL('merged.md', GOLDEN), text));
});

const html = (markdown: string): string =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
const shape = (page: string): string => page.replace(/<code>[^<]*<\/code>/g, '<code></code>');

const HOSTILE = [
  ...[
    '@octocat',
    '#1',
    'octo/cat#12',
    'www.evil.example',
    'https://evil.example',
    'a@evil.example',
    '`@octocat`',
    '``',
  ],
  ...[
    '[a](https://evil.example)',
    '![a](https://evil.example)',
    '<img src=x onerror=alert(1)>',
    '</details>',
    '|',
    '\\|',
  ],
  ...['</code></summary></details><details>', MERGE_MARKER, '-->', '\n\n# head', '\r\n| a |', '&#96;', '\\', '**b**'],
  ...['\u202eevil', '\u2066a\u2069', '\u200b', '\ue000a\ue001', '\ud800', 'a'.repeat(5000), ' '],
];

let base: MergeDecision;
let findings: MergeFinding[];
beforeAll(async () => {
  base = (await runCase(caseOf('release'))).decision;
  findings = await everyFinding();
});

test('every rule has a finding to be tried with', () => {
  expect(new Set(findings.map(({ ruleId }) => ruleId))).toEqual(new Set(Object.keys(MERGE_RULES)));
});

// In parts, since the renderer's time grows with the square of a table. Every text meets several rules, every rule several texts.
const PART = 8;
const PARTS = Array.from({ length: Math.ceil(Object.keys(MERGE_RULES).length / PART) }, (_, part) => part * PART);

test.each(PARTS)(
  'hostile text leaves the page in its shape, mentions nobody and links nowhere: rules from %i',
  (at) => {
    const part = findings.slice(at, at + PART);
    const page = (text: (index: number) => string): string => {
      const answer = { answer: 'refuse', outcome: 'fail', findings: part.map((one, i) => said(one, text(i))) } as const;
      return renderMergeComment({ ...base, ...answer }, { policyRevision: 2, rulesUrl: RULES_URL });
    };
    const harmless = shape(html(page(() => 'harmless')));
    for (let turn = 0; turn < HOSTILE.length; turn += PART) {
      const hostile = page((i) => HOSTILE[(at + turn + i) % HOSTILE.length] ?? '');
      requireHarmless(hostile, harmless);
    }
  },
);

function requireHarmless(hostile: string, harmless: string): void {
  const shown = html(hostile);
  expect(shape(shown)).toBe(harmless);
  expect(hostile.split(MERGE_MARKER)).toHaveLength(2);
  const links = [...shown.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => href ?? '');
  expect(links.every((href) => href.startsWith(RULES_URL))).toBe(true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  expect(hostile).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08]/);
  expect(hostile.length).toBeLessThan(65_536);
}

/** One finding of each rule, as a case made it. */
async function everyFinding(): Promise<MergeFinding[]> {
  const found = new Map<string, MergeFinding>();
  for (const name of readdirSync(VECTORS).filter((one) => one.endsWith('_fail'))) {
    const { rules } = JSON.parse(readFileSync(new URL(`${name}/expect.json`, VECTORS), 'utf8')) as { rules: string[] };
    if (rules.every((ruleId) => found.has(ruleId))) continue;
    for (const finding of (await runCase(caseOf(name))).decision.findings) found.set(finding.ruleId, finding);
  }
  return [...found.values()];
}

function said(finding: MergeFinding, text: string): MergeFinding {
  const facts = Object.entries(finding.facts).map(([name, value]) => {
    if (typeof value === 'string') return [name, text];
    return [name, Array.isArray(value) ? value.map(() => text) : value];
  });
  return { ...finding, facts: Object.fromEntries(facts) as MergeFinding['facts'] };
}

test('the page of rules names each once, with an anchor that the comment links to', async () => {
  const headings = [...renderMergeRules().matchAll(/^### (.+)$/gm)].map(([, id]) => id);
  expect(headings.toSorted()).toEqual(Object.keys(MERGE_RULES).sort());
  const anchors = new Set(headings.map((id = '') => `#${id.replace(/[^a-z0-9-]/g, '')}`));
  for (const name of SHOWN)
    for (const [, anchor = ''] of (await commented(name)).matchAll(/MERGE_RULES\.md(#[^)]*)\)/g))
      expect(anchors).toContain(anchor);
});

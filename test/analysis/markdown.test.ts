// The comment as GitHub would show it: whole texts compared; and for hostile names, that the page has the same shape as for
// harmless ones, by a real Markdown renderer with GitHub's extensions.

import { diffReports, MARKDOWN_MARKER, RULES, renderDiffMarkdown, renderMarkdown } from '@plugmark/analysis';
import { type AnalysisReport, canonicalJson } from '@plugmark/schemas';
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { expect, test } from 'vitest';
import { golden } from './golden.ts';
import { allVectors, renderedInput } from './rendered-inputs.ts';
import { RENDERED, renderingsOf, reportsOf } from './renderings.ts';

const GOLDEN = new URL('./markdown/', import.meta.url);
/** What GitHub takes for a comment. */
const COMMENT = 65_536;

test.each(RENDERED)('%s', async (name) => {
  const { markdown } = await renderingsOf(renderedInput(name));
  expect(markdown).toBe(golden(new URL(`${name}.md`, GOLDEN), markdown));
});

test('every vector gives a comment that is found again, says the verdict and names every rule', async () => {
  for (const name of allVectors()) {
    const [report, previous] = await reportsOf(renderedInput(name));
    const text = renderMarkdown(report, previous === undefined ? {} : { previous });
    expect(text.startsWith(`${MARKDOWN_MARKER}\n`)).toBe(true);
    expect(text).toContain(`Verdict: ${report.verdict}`);
    for (const { ruleId } of report.outcomes.flatMap(({ findings }) => findings))
      expect(text).toContain(`<code>${ruleId}<`);
    expect(text).not.toMatch(/undefined|\[object/);
  }
});

const html = (markdown: string): string =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
/** The page without what stands in code: what a name could change only by getting out of its span. */
const shape = (markdown: string): string => html(markdown).replace(/<code>[^<]*<\/code>/g, '<code></code>');

/** A report in which every text a plugin's author or a file may choose is one of these. */
function renamed(
  report: AnalysisReport,
  [a, b]: readonly [string, string],
  rules: readonly string[] = Object.keys(RULES),
): AnalysisReport {
  const value = JSON.parse(canonicalJson(report)) as AnalysisReport;
  const kinds = ['function', 'instance'];
  for (const [at, ruleId] of rules.entries()) {
    const facts = {
      module: a,
      name: b,
      kind: kinds[at % 2] ?? '',
      host: a,
      detail: b,
      expected: a,
      actual: b,
      reason: a,
    };
    const others = {
      imports: [a, b],
      added: [b],
      targets: [a],
      problem: b,
      parameter: a,
      capability: b,
      cause: a,
      since: b,
      found: [a, b],
      names: [b],
      functions: [a],
      families: [b],
      ways: [a],
      terms: [b],
      maximum: a,
      resembles: b,
      import: a,
      feature: b,
      what: a,
      range: b,
      contains: a,
      plugin: b,
      version: a,
      previous: b,
      missing: a,
    };
    value.outcomes.push({
      check: 'imports-known',
      outcome: 'fail',
      required: true,
      reason: a,
      findings: [
        { ruleId, severity: 'error', effect: 'fail', facts: { ...facts, ...others }, location: { offset: 1, file: a } },
      ],
    });
  }
  const unknown = { ruleId: 'later.rule', severity: 'error', effect: 'review', facts: { [a]: b } } as const;
  value.outcomes.push({ check: 'later', outcome: 'fail', required: false, findings: [unknown] });
  Object.assign(value.capabilities ?? {}, {
    declared: [{ id: 'network', params: { hosts: [a, b] }, reason: a }],
    derived: [{ id: 'filesystem', class: 'filesystem', risk: 'high', imports: [{ module: a, name: b }] }],
    unknown: [{ module: a, name: b, kind: 'function', reason: a }],
    unbounded: [{ cause: 'dispatcher', detail: a }],
  });
  Object.assign(value.facts ?? {}, {
    imports: [{ module: a, name: b, kind: 'function', type: a }],
    exports: [{ name: a, kind: 'function', type: b }],
    producers: [{ field: 'language', values: [{ name: a, version: b }] }],
  });
  return value;
}

const HOSTILE = [
  '@octocat',
  '#1',
  'octo/cat#12',
  'GH-1',
  'www.evil.example',
  'https://evil.example',
  'a@evil.example',
  '[a](https://evil.example)',
  '![a](https://evil.example)',
  '<img src=x onerror=alert(1)>',
  '</details>',
  '</code></summary></details><details>',
  '<!-- plugmark:analysis v1 -->',
  '-->',
  '`',
  '``',
  '`@octocat`',
  '` @octocat `',
  '\\`@octocat\\`',
  '|',
  '\\|',
  '| a | b |',
  '**bold**',
  '\n\n# head',
  '\r\n| a |',
  '&lt;b&gt;',
  '&#96;',
  '\\',
  '~~a~~',
  ' ',
  '\u00a0',
  '\u202e',
  '\u200b',
  '\ue000a\ue001',
  '\ue001@octocat\ue000',
  '0123456789abcdef0123456789abcdef01234567',
  '{{a}}',
  '$a$',
  ':tada:',
];

/** All rules at once would not fit into one comment, and what is left out keeps no shape. */
const PARTS = Array.from({ length: 4 }, (_, part) => Object.keys(RULES).filter((_id, at) => at % 4 === part));

test.each(PARTS.map((rules) => [rules[0] ?? '', rules] as const))(
  'whatever the names, the page of %s and others keeps its shape: no markup, link, mention, cell or fold comes from them',
  async (_first, rules) => {
    const [base] = await reportsOf(renderedInput('honest'));
    const name = fc
      .oneof(
        fc.constantFrom(...HOSTILE),
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((pair) => pair.join('')),
      )
      // A single plain word may be shown as a word; two names that differ keep their difference.
      .map((text) => `${text}~`);
    const harmless = ['a~', 'b~'] as const;
    // Rows are sorted by name: one of a kind, so that names do not change their order.
    const last = {
      ...base,
      facts: { ...base.facts, imports: [], exports: [], producers: [] } as AnalysisReport['facts'],
    };
    const page = (names: readonly [string, string]): string => {
      const report = renamed(base, names, rules);
      return (
        renderMarkdown(report, { previous: last as AnalysisReport }) +
        renderDiffMarkdown(diffReports(last as AnalysisReport, report))
      );
    };
    const expected = shape(page(harmless));
    expect(expected.match(/<details/g)?.length).toBe(rules.length + 1);
    fc.assert(
      fc.property(name, name, (first, second) => {
        // A name stands for two only if both are there: equal ones would be one row.
        fc.pre(first !== second);
        const text = page([first, second]);
        expect(shape(text)).toBe(expected);
        expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Co}]/u);
      }),
      { numRuns: 12 },
    );
  },
);

test('names of any length, and any number of findings, fit into a comment', async () => {
  const [base] = await reportsOf(renderedInput('honest'));
  const long = ['`|<'.repeat(2_000), '字\u202e'.repeat(2_000)] as const;
  const report = renamed(base, long);
  const many = report.outcomes.map((outcome) => ({
    ...outcome,
    findings: outcome.findings.flatMap((finding) => Array.from({ length: 20 }, () => finding)),
  }));
  const texts = [
    renderMarkdown({ ...report, outcomes: many }),
    renderDiffMarkdown(diffReports(base, { ...report, outcomes: many })),
  ];
  for (const text of texts) {
    expect(text.length).toBeLessThan(COMMENT);
    expect(text).toMatch(/and \d+ more, in the whole report/);
    expect(text.match(/<details/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  }
});

test('no name at all is shown as such', async () => {
  const [base] = await reportsOf(renderedInput('honest'));
  expect(renderMarkdown(renamed(base, ['', '']))).toContain('imports function ""');
});

// The reviewer's one comment on a pull request, edited in place: what it is, what was decided and by which rules, what changes for
// users, what to do, when it is merged. A function of the decision and the reports, without a clock: a second look that finds the same
// says the same. Words of others stand in code spans only, so that nobody is mentioned and nothing becomes a link.

import type { AnalysisReport, MergeDecision, MergeFinding } from '@plugmark/schemas';
import type { MergeRule } from '../merge/merge-rule.ts';
import { MERGE_RULES } from '../merge/merge-rules.ts';
import type { ReleaseReview } from '../merge/pull-request.ts';
import { ANALYSER_VERSION } from '../version.ts';
import { adviceBlocks, capabilityBlocks, changeBlocks, html } from './markdown.ts';
import { type Block, layOut, tableHead, tableRow } from './markdown-page.ts';
import { code, prose, sentenceOf } from './markdown-text.ts';

/** First line of the comment, by which it is found again. */
export const MERGE_MARKER = '<!-- plugmark:review v1 -->';

export interface MergeCommentOptions {
  /** What was found about the release; absent where none was analysed. */
  readonly review?: ReleaseReview;
  /** Where the merge rules are explained: ours, with an anchor a rule. */
  readonly rulesUrl?: string;
  readonly policyRevision: number;
  /** The commit that the merge made. */
  readonly merged?: string;
}

export function renderMergeComment(decision: MergeDecision, options: MergeCommentOptions): string {
  const reports = options.review?.reports ?? [];
  return layOut([
    { open: [MERGE_MARKER, ...headLines(decision), ''] },
    verdictBlock(decision, options),
    ...reports.flatMap((one) => hostBlocks(one, reports.length > 1)),
    ...nextBlocks(decision, options),
    { open: [...endLines(decision, options), ''] },
    { open: ['---', '', footer(decision, options)] },
  ]);
}

const KINDS = {
  release: 'Release',
  presentation: 'Presentation',
  status: 'Status',
  publisher: 'Publisher',
} as const;

const PURPOSES = {
  release: 'Adds one version of a plugin. Nothing that was released changes.',
  presentation: 'Changes how a plugin is shown, or where its bytes can be had.',
  status: 'Changes whether versions of a plugin are chosen.',
  publisher: 'Changes who publishes under a name, or with which keys.',
} as const;

function headLines({ subject }: MergeDecision): string[] {
  if (subject === undefined) return ['## Submission', '', 'It is not one that can be decided.'];
  const { kind, publisher, plugin, version } = subject;
  const name = `${code(plugin ?? publisher)}${version === undefined ? '' : ` ${code(version)}`}`;
  return [`## ${KINDS[kind]}: ${name}`, '', PURPOSES[kind]];
}

const ANSWERS = {
  merge: '✅ Nothing keeps it from being merged',
  wait: '🟡 Waits: nobody has to do anything',
  human: '🟡 A person has to look',
  refuse: '❌ Not as it is',
} as const;
const MARKS = { refuse: '❌ refused', human: '🟡 a person', wait: '🕒 waits' } as const;

function verdictBlock({ answer, findings }: MergeDecision, { merged, rulesUrl }: MergeCommentOptions): Block {
  const title = `### ${merged === undefined ? ANSWERS[answer] : '✅ Merged'}`;
  if (findings.length === 0) return { open: [title, ''] };
  const rows = findings.map((finding) => {
    const result = finding.settledBy === undefined ? MARKS[finding.effect] : '✅ approved';
    return tableRow([result, ruleLink(finding.ruleId, rulesUrl), saying(finding)]);
  });
  return { open: [title, '', ...tableHead(['result', 'rule', ''])], rows, close: [''] };
}

/** Facts in a table cell: a sentence with code spans. */
function saying({ ruleId, facts }: MergeFinding): string {
  const rule = ruleOf(ruleId);
  if (rule === undefined) return code(JSON.stringify(facts), 600);
  return sentenceOf(rule.say, facts, { known: true });
}

const ruleOf = (ruleId: string): MergeRule | undefined =>
  Object.hasOwn(MERGE_RULES, ruleId) ? MERGE_RULES[ruleId as keyof typeof MERGE_RULES] : undefined;

function ruleLink(ruleId: string, rulesUrl: string | undefined): string {
  return rulesUrl === undefined ? code(ruleId) : `[${code(ruleId)}](${rulesUrl}#${ruleId.replace(/[^a-z0-9-]/g, '')})`;
}

/** What the release can do, what is new in it, and what the analysis found. */
function hostBlocks({ report, previous }: ReleaseReview['reports'][number], severalHosts: boolean): Block[] {
  const host = report.host?.id;
  return [
    ...(severalHosts && host !== undefined ? [{ open: [`## For ${code(host)}`, ''] }] : []),
    ...(previous === undefined ? capabilityBlocks(report) : changeBlocks(previous, report)),
    ...(report.verdict === 'pass' ? [] : analysisBlocks(report)),
  ];
}

function analysisBlocks(report: AnalysisReport): Block[] {
  return adviceBlocks(report, '### What the analysis found');
}

function nextBlocks({ findings }: MergeDecision, { rulesUrl, merged }: MergeCommentOptions): Block[] {
  const open = findings.filter(({ settledBy, effect }) => settledBy === undefined && effect !== 'wait');
  const ids = [...new Set(open.map(({ ruleId }) => ruleId))];
  if (ids.length === 0 || merged !== undefined) return [];
  return [{ open: ['### What to do next', ''] }, ...ids.map((ruleId) => fold(ruleId, open, rulesUrl))];
}

function fold(ruleId: string, findings: readonly MergeFinding[], rulesUrl: string | undefined): Block {
  const rule = ruleOf(ruleId);
  const refused = findings.some((finding) => finding.ruleId === ruleId && finding.effect === 'refuse');
  const title = rule === undefined ? 'A rule of a later version' : html(rule.title);
  const advice = rule === undefined ? [] : [`**Why:** ${prose(rule.why)}`, '', `**What to do:** ${advise(rule.fix)}`];
  return {
    open: [
      `<details${refused ? ' open' : ''}>`,
      `<summary>${refused ? '❌' : '🟡'} ${title} (<code>${html(ruleId)}</code>)</summary>`,
      '',
      ...advice,
      '',
      ...(rulesUrl === undefined
        ? []
        : [`[More about this rule](${rulesUrl}#${ruleId.replace(/[^a-z0-9-]/g, '')})`, '']),
      '</details>',
      '',
    ],
  };
}

/** Our own words; commands in them are between backticks and stay that. */
const advise = (text: string): string =>
  text
    .split('`')
    .map((part, i) => (i % 2 === 1 ? `\`${part}\`` : prose(part)))
    .join('');

const PAUSE =
  'A maintainer pauses it with `/hold` at the beginning of a comment, and lets it go on with `/release`; no other comment stops it. Its author can convert it to a draft. A push starts the wait again.';

function endLines({ answer, until, findings }: MergeDecision, { merged }: MergeCommentOptions): string[] {
  if (merged !== undefined)
    return [`Merged as ${code(merged)}. It can be installed once the registry is published, usually within minutes.`];
  const retried = findings.some(
    (one) => one.settledBy === undefined && one.effect === 'wait' && ruleOf(one.ruleId)?.settles === false,
  );
  const when =
    until === undefined || retried
      ? 'when it is looked at again, in some minutes'
      : `not before **${until.replace('T', ' ').replace('Z', ' UTC')}**`;
  return {
    merge: ['### When it is merged', '', `By itself, ${when}.`, '', PAUSE],
    wait: ['### When it is merged', '', `By itself, ${when}.`, '', PAUSE],
    human: [
      '### When it is merged',
      '',
      `After a maintainer has approved exactly this head${until === undefined || retried ? '' : '; the approval also ends the wait'}.`,
      '',
      PAUSE,
    ],
    refuse: ['### When it is merged', '', 'Not as it is. Push to the same branch: it is looked at again by itself.'],
  }[answer];
}

function footer({ head, base }: MergeDecision, { policyRevision, review }: MergeCommentOptions): string {
  const [first] = review?.reports ?? [];
  return [
    `decided for ${code(head)} on ${code(base.slice(0, 12))}`,
    `plugmark ${first?.report.analyser.version ?? ANALYSER_VERSION}`,
    `policy revision ${policyRevision}`,
    ...(first === undefined
      ? []
      : [
          `artifact ${code(first.report.subject.artifact.sha256)}`,
          `policy ${code(first.report.policySha256.slice(0, 16))}`,
        ]),
    'comment edited in place',
  ].join(' · ');
}

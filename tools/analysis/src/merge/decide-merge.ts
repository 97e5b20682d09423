// The merge decision, as a table of contents. Pure: everything about the world is in its input, and nothing a pull request says about
// itself counts. Three outcomes; what could not be decided is never merged.

import type { MergeDecision, MergeFinding, PullSubject } from '@plugmark/schemas';
import { auditDraw } from './audit-draw.ts';
import { found } from './found.ts';
import type { MergeRule } from './merge-rule.ts';
import { MERGE_RULES, type MergeRuleName } from './merge-rules.ts';
import { approvalOf, authorFindings, objections } from './people.ts';
import { presentationFindings } from './presentation-findings.ts';
import { publisherFindings } from './publisher-findings.ts';
import { pullFindings } from './pull-findings.ts';
import type { MergeInput } from './pull-request.ts';
import { releaseFileFindings, releaseReviewFindings } from './release-findings.ts';
import { type Scope, scopeOf } from './scope.ts';
import { statusFindings } from './status-findings.ts';
import { readSubmitted, type SubmittedFile } from './submitted-files.ts';
import { treeFindings } from './tree-findings.ts';
import { waitFindings } from './waits.ts';

/** What is known of a pull request before anything is fetched or analysed. */
export interface PullAssessment {
  readonly subject?: PullSubject;
  readonly files: readonly SubmittedFile[];
  readonly findings: readonly MergeFinding[];
  /** Nothing of it is a submission: left to people without a word. */
  readonly none: boolean;
}

/** Everything that needs no artifact. The reviewer asks this first and analyses only what is not refused here. */
export function assessPull(input: MergeInput): PullAssessment {
  const { pull, main, now } = input;
  const shape = [...pullFindings(input), ...treeFindings(pull, main)];
  const scope = scopeOf(pull.entries.slice(0, main.policy.limits.changedFiles + 1), main);
  if ('findings' in scope)
    return { files: [], findings: [...shape, ...scope.findings], none: scope.none === true && !pull.truncated };
  const { subject, placed } = scope;
  const known = [...shape, ...authorFindings(pull, subject, main)];
  // What is refused for its names and modes is not read: ten thousand files cost as much as one.
  if (known.some(({ ruleId }) => ruleId.startsWith('tree.')))
    return { subject, files: [], findings: known, none: false };
  const submitted = readSubmitted(placed, pull, main, now);
  const findings = [...known, ...submitted.findings, ...kindFindings(scope, submitted.files, input)];
  return { subject, files: submitted.files, findings, none: false };
}

function kindFindings(
  { subject, placed }: Scope,
  files: readonly SubmittedFile[],
  { pull, main }: MergeInput,
): MergeFinding[] {
  const byKind = {
    release: () => releaseFileFindings(files, { subject, placed }, main),
    presentation: () => presentationFindings(files, subject, main),
    status: () => statusFindings(files, subject, main),
    publisher: () => publisherFindings(files, subject, pull, main),
  } as const;
  const automatic = main.policy.merge?.automatic.includes(subject.kind) ?? false;
  return [...byKind[subject.kind](), ...(automatic ? [] : [found('kind.by-people', { kind: subject.kind })])];
}

export async function decideMerge(input: MergeInput): Promise<MergeDecision> {
  const { pull, main, now } = input;
  const { subject, files, findings } = assessPull(input);
  const refused = findings.some(({ effect }) => effect === 'refuse');
  const reviewed = subject?.kind === 'release' && !refused ? await releaseReviewFindings(input, files, subject) : [];
  // What is refused has nothing to wait for.
  const waits = subject === undefined || refused ? [] : waitFindings(pull, subject, main, now);
  const all = [...findings, ...reviewed, ...objections(pull, main), ...waits];
  return answer(input, subject, [...all, ...(await drawn(input, all))]);
}

/** Only what would be merged without anybody is drawn from. */
async function drawn(
  { pull, main: { policy } }: MergeInput,
  findings: readonly MergeFinding[],
): Promise<MergeFinding[]> {
  if (policy.merge === undefined || findings.some(({ effect }) => effect !== 'wait')) return [];
  const draw = await auditDraw(policy.merge.auditSeed, pull);
  return draw < policy.thresholds.auditShare ? [found('audit.drawn', { share: policy.thresholds.auditShare })] : [];
}

const OUTCOMES = { merge: 'pass', refuse: 'fail', human: 'inconclusive', wait: 'inconclusive' } as const;

function answer(
  { pull, main }: MergeInput,
  subject: PullSubject | undefined,
  findings: readonly MergeFinding[],
): MergeDecision {
  const approver = approvalOf(pull, main);
  const settled = findings.map((finding) =>
    approver !== undefined && ruleOf(finding).settles ? { ...finding, settledBy: approver } : finding,
  );
  const open = settled.filter(({ settledBy }) => settledBy === undefined);
  const effect = (['refuse', 'human', 'wait'] as const).find((one) => open.some((finding) => finding.effect === one));
  const ends = open.flatMap(({ until }) => until ?? []).sort();
  const last = ends.at(-1);
  const given = effect ?? 'merge';
  return {
    pull: pull.number,
    head: pull.head.sha,
    base: pull.base.sha,
    ...(subject === undefined ? {} : { subject }),
    outcome: OUTCOMES[given],
    answer: given,
    ...(last === undefined || given === 'refuse' ? {} : { until: last }),
    findings: settled,
  };
}

const ruleOf = ({ ruleId }: MergeFinding): MergeRule => MERGE_RULES[ruleId as MergeRuleName];

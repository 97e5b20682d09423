export {
  askedMirrors,
  type BlobPlaces,
  blobsWithinBudget,
  bytesOf,
  type ListedArtifact,
  listedArtifacts,
} from './blobs-within-budget.ts';
export {
  type CapabilityMap,
  capabilityFacts,
  capabilityHash,
  capabilitySet,
  mapImports,
} from './capabilities.ts';
export type { Check, CheckResult, Evidence, ReleaseFile, SignatureResult } from './check.ts';
export { nameFindings } from './checks/plugin-name.ts';
export { CHECKS, type CheckName } from './checks/table.ts';
export { determinismVerdict, type ObservedRuns, type StaticDeterminism, staticDeterminism } from './determinism.ts';
export { type DiffOptions, diffReports } from './diff-reports.ts';
export { sha256 } from './digest.ts';
export { draftHostProfile } from './draft-host-profile.ts';
export {
  type DraftImport,
  type DraftInput,
  type DraftPlugin,
  type HostDraft,
  OPEN_QUESTIONS,
  type OpenQuestion,
} from './draft-types.ts';
export { embeddedDependencies } from './embedded-dependencies.ts';
export type { EmbeddedList, EmbeddedPackage } from './embedded-list.ts';
export { artifactFacts } from './facts.ts';
export { inspectArtifact } from './inspect.ts';
export type { KnownNames } from './known-names.ts';
export { assessPull, decideMerge, type PullAssessment } from './merge/decide-merge.ts';
export { sayMergeFinding } from './merge/found.ts';
export type { MergeFacts, MergeRule } from './merge/merge-rule.ts';
export { MERGE_RULES, type MergeRuleName } from './merge/merge-rules.ts';
export { DATA, submittedPaths } from './merge/places.ts';
export { isPrivateAddress, isPrivateHost } from './merge/private-address.ts';
export type {
  ArtifactSearch,
  ChangedEntry,
  ListedState,
  MergeInput,
  PullComment,
  PullRequest,
  PullReview,
  ReleaseReview,
} from './merge/pull-request.ts';
export { previousVersion, signerIdentity } from './merge/release-findings.ts';
export { isWorthReading } from './merge/tree-findings.ts';
export { editDistance } from './name-distance.ts';
export { type ProcessPackage, readProcessPackage } from './process-package.ts';
export { type CycloneDxOptions, renderCycloneDx } from './render/cyclonedx.ts';
export { DIFF_MARKER, renderDiffMarkdown } from './render/diff-markdown.ts';
export { renderDiffText } from './render/diff-text.ts';
export { MARKDOWN_MARKER, type MarkdownOptions, renderMarkdown } from './render/markdown.ts';
export { MERGE_MARKER, type MergeCommentOptions, renderMergeComment } from './render/merge-comment.ts';
export { renderMergeRules } from './render/merge-rules-page.ts';
export { sayDeterminism, sayEngines, sayShare, VECTOR_COLUMNS, vectorRow } from './render/run-words.ts';
export { renderSarif, type SarifOptions } from './render/sarif.ts';
export { renderTerminal, type TerminalOptions, type TerminalStyle } from './render/terminal.ts';
export { textWidth, visible, wrap } from './render/text-columns.ts';
export { type ReviewPorts, reviewRelease, type Submission } from './review.ts';
export type { Rule, RuleClass, RuleNeeds } from './rules/rule.ts';
export { RULES, type RuleName, sayFinding } from './rules.ts';
export { countEngines } from './runs/count-engines.ts';
export { firstDifference } from './runs/first-difference.ts';
export { matchesExpected, runMismatch } from './runs/match-output.ts';
export type { SubmittedRun } from './runs/run-evidence.ts';
export { runsAgree } from './runs/runs-agree.ts';
export type { SeenImport } from './seen-import.ts';
export { summarizeReport } from './summary.ts';
export { verdictOf } from './verdict.ts';
export { ANALYSER_VERSION } from './version.ts';
export { satisfiesWorld, type WorldMismatch } from './world.ts';
export { ZIP_PROBLEMS, ZipError, type ZipProblem, type ZipProblemCode, zipProblemText } from './zip/zip-problem.ts';

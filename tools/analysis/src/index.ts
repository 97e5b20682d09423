export {
  type CapabilityMap,
  capabilityFacts,
  capabilityHash,
  capabilitySet,
  mapImports,
  type SeenImport,
} from './capabilities.ts';
export type { Check, CheckResult, Evidence, ReleaseFile, SignatureResult } from './check.ts';
export { CHECKS, type CheckName } from './checks/table.ts';
export { type DiffOptions, diffReports } from './diff-reports.ts';
export { sha256 } from './digest.ts';
export { embeddedDependencies } from './embedded-dependencies.ts';
export type { EmbeddedList, EmbeddedPackage } from './embedded-list.ts';
export { artifactFacts } from './facts.ts';
export { firstDifference } from './first-difference.ts';
export { inspectArtifact } from './inspect.ts';
export { type CycloneDxOptions, renderCycloneDx } from './render/cyclonedx.ts';
export { DIFF_MARKER, renderDiffMarkdown } from './render/diff-markdown.ts';
export { renderDiffText } from './render/diff-text.ts';
export { MARKDOWN_MARKER, type MarkdownOptions, renderMarkdown } from './render/markdown.ts';
export { renderSarif, type SarifOptions } from './render/sarif.ts';
export { renderTerminal, type TerminalOptions, type TerminalStyle } from './render/terminal.ts';
export { textWidth, visible, wrap } from './render/text-columns.ts';
export { type ReviewPorts, reviewRelease, type Submission } from './review.ts';
export { RULES, type Rule, type RuleClass, type RuleName, sayFinding } from './rules.ts';
export { summarizeReport } from './summary.ts';
export { matchesExpected, vectorResult } from './vector-result.ts';
export { verdictOf } from './verdict.ts';
export { ANALYSER_VERSION } from './version.ts';
export { satisfiesWorld, type WorldMismatch } from './world.ts';

// The report as SARIF 2.1.0 (OASIS), for code scanning and editors. One run, one artifact, byte regions. A name from the file
// must never become a link or a placeholder, which SARIF knows even in plain text (3.11.5, 3.11.6).

import type { AnalysisReport, CheckOutcome, Finding } from '@plugmark/schemas';
import { canonicalJson } from '@plugmark/schemas';
import { allFindings, findingKeys } from '../diff-findings.ts';
import { sha256 } from '../digest.ts';
import { RULES, sayFinding } from '../rules.ts';
import { knownRule, rulePage } from './rule-page.ts';
import { clip, visible } from './text-columns.ts';

export interface SarifOptions {
  /** Where the artifact lies, relative to the folder the results are shown for; forward slashes. */
  readonly path?: string;
}

type Level = 'error' | 'warning' | 'note';
type Json = Readonly<Record<string, unknown>>;

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const HOME = 'https://plugmark.github.io/';
/** Characters of one message. A name may have 100,000. */
const MESSAGE = 1000;

/** One SARIF log as canonical JSON with a final newline: the same report and path give the same bytes. */
export async function renderSarif(
  report: AnalysisReport,
  { path = 'plugin.wasm' }: SarifOptions = {},
): Promise<string> {
  const findings = allFindings(report);
  const ruleIds = [...new Set([...Object.keys(RULES), ...findings.map(({ ruleId }) => ruleId)])];
  const files = [...new Set(findings.flatMap(({ location }) => location?.file ?? []))];
  const run = {
    tool: { driver: driver(report, ruleIds) },
    automationDetails: { id: `plugmark/${report.host?.id ?? 'no-host'}/${report.subject.plugin ?? 'file'}` },
    artifacts: [artifact(report, path), ...files.map((file) => ({ location: { uri: uriOf(file) }, parentIndex: 0 }))],
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: report.outcomes.flatMap(notification) }],
    results: await results(report, findings, { ruleIds, files, path }),
    columnKind: 'utf16CodeUnits',
    language: 'en',
    properties: runProperties(report),
  };
  return `${canonicalJson({ $schema: SCHEMA, version: '2.1.0', runs: [run] })}\n`;
}

function driver({ analyser, outcomes }: AnalysisReport, ruleIds: readonly string[]): Json {
  return {
    name: 'Plugmark',
    version: analyser.version,
    semanticVersion: analyser.version,
    informationUri: HOME,
    rules: ruleIds.map(ruleDescriptor),
    notifications: outcomes
      .filter(({ outcome }) => outcome === 'inconclusive')
      .map(({ check }) => ({
        id: notificationId(check),
        shortDescription: { text: `The check ${check} could not be decided` },
      })),
  };
}

function ruleDescriptor(ruleId: string): Json {
  const rule = knownRule(ruleId);
  const helpUri = rulePage(ruleId);
  if (rule === undefined) return { id: ruleId, helpUri };
  const { title, why, fix, severity, effect } = rule;
  return {
    id: ruleId,
    shortDescription: { text: plain(title) },
    fullDescription: { text: plain(`${title}. ${why}`) },
    help: { text: plain(fix), markdown: `${why}\n\n**What to do:** ${fix}\n` },
    helpUri,
    defaultConfiguration: { level: levelOf({ severity, effect }) },
    properties: { tags: [rule.class] },
  };
}

/** What blocks is an error, what asks for a person a warning. */
function levelOf({ effect, severity }: Pick<Finding, 'effect' | 'severity'>): Level {
  if (effect === 'fail') return 'error';
  return effect === 'note' && severity === 'info' ? 'note' : 'warning';
}

function artifact({ subject }: AnalysisReport, path: string): Json {
  const { sha256: digest, size, kind } = subject.artifact;
  return {
    location: { uri: uriOf(path) },
    roles: ['analysisTarget'],
    length: size,
    hashes: { 'sha-256': digest },
    mimeType: kind === 'process' ? 'application/zip' : 'application/wasm',
  };
}

const notificationId = (check: string): string => `check.${check}.inconclusive`;

/** A check that could not be decided is no finding, but silence would look like a pass. */
function notification({ check, outcome, required, reason = '' }: CheckOutcome): Json[] {
  if (outcome !== 'inconclusive') return [];
  const text = plain(clip(`${check}: ${reason === '' ? 'could not be decided' : reason}`, MESSAGE));
  return [{ descriptor: { id: notificationId(check) }, level: required ? 'warning' : 'note', message: { text } }];
}

interface Places {
  readonly ruleIds: readonly string[];
  /** Files inside the artifact, by their index in `artifacts` less one. */
  readonly files: readonly string[];
  readonly path: string;
}

async function results(report: AnalysisReport, findings: readonly Finding[], places: Places): Promise<Json[]> {
  const { plugin = '' } = report.subject;
  const index = new Map(places.ruleIds.map((id, at) => [id, at]));
  const prints = await Promise.all(
    findingKeys(findings).map((key) =>
      sha256(new TextEncoder().encode(JSON.stringify([plugin, report.host?.id ?? '', key]))),
    ),
  );
  return findings.map((finding, at) => ({
    ruleId: finding.ruleId,
    ruleIndex: index.get(finding.ruleId),
    level: levelOf(finding),
    message: { text: plain(clip(sayFinding(finding), MESSAGE)) },
    locations: [locationOf(finding, report.subject.artifact.size, places)],
    partialFingerprints: { 'plugmarkFinding/v1': prints[at] },
    ...suppression(finding),
    properties: { effect: finding.effect, severity: finding.severity },
  }));
}

function suppression({ exception }: Finding): Json {
  if (exception === undefined) return {};
  const { reason, expires } = exception;
  return { suppressions: [{ kind: 'external', status: 'accepted', justification: reason, properties: { expires } }] };
}

function locationOf({ location }: Finding, size: number, { files, path }: Places): Json {
  if (location === undefined) return { physicalLocation: { artifactLocation: { uri: uriOf(path), index: 0 } } };
  const { offset, length, file, section } = location;
  const artifactLocation =
    file === undefined ? { uri: uriOf(path), index: 0 } : { uri: uriOf(file), index: files.indexOf(file) + 1 };
  // At the end of the file there is a place but no byte.
  const byteLength = length ?? (file === undefined && offset >= size ? 0 : 1);
  const logical = [
    ...(location.module === undefined ? [] : [{ name: `module[${location.module}]`, kind: 'module' }]),
    ...(location.function === undefined ? [] : [{ name: `func[${location.function}]`, kind: 'function' }]),
    ...(section === undefined ? [] : [{ name: visible(section), kind: 'section' }]),
  ];
  return {
    physicalLocation: { artifactLocation, region: { byteOffset: offset, byteLength } },
    ...(logical.length === 0 ? {} : { logicalLocations: logical }),
  };
}

function runProperties({
  verdict,
  subject,
  outcomes,
  determinism,
  capabilities,
  host,
  policySha256,
}: AnalysisReport): Json {
  return {
    verdict,
    plugin: subject.plugin,
    version: subject.version,
    manifestSha256: subject.manifest?.sha256,
    host: host?.id,
    hostProfileSha256: host?.profileSha256,
    policySha256,
    determinism: determinism.word,
    checks: outcomes.map(({ check, outcome, required, reason, findings }) => ({
      check,
      outcome,
      required,
      reason,
      findings: findings.length,
    })),
    ...(capabilities === undefined ? {} : { capabilitySha256: capabilities.hash, risk: capabilities.risk }),
  };
}

/** A relative reference (RFC 3986), whatever characters the name has. A colon in the first segment would read as a scheme. */
function uriOf(path: string): string {
  const segments = path
    .replace(/\p{Cs}/gu, '\ufffd')
    .replaceAll('\\', '/')
    .split('/');
  return segments.map((segment) => encodeURIComponent(segment)).join('/');
}

/** Plain text of a SARIF message: braces would be placeholders, `](` would make a link. */
function plain(text: string): string {
  return visible(text)
    .replace(/\\u\{([0-9a-f]+)\}/g, (_, point: string) => `U+${point.toUpperCase().padStart(4, '0')}`)
    .replace(/[{}]|\](?=\()/g, (char) => `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
}

// The host's policy: a pure function of what is known about a release. Every rule that speaks is in the answer with its facts; the
// strictest word counts. Nothing is allowed because a fact is missing.
import type { DeterminismWord, Grant } from '../documents/capability-words.ts';
import type { SignerRecord } from '../documents/lockfile.ts';
import type { ArtifactKind } from '../documents/release.ts';
import type { SignatureState, Tier } from '../verify-release.ts';
import type { PermissionRow } from './permissions.ts';

/** Every rule, and what it is about. */
export const POLICY_RULES = {
  tier: 'who stands behind the plugin',
  kind: 'whether it is WebAssembly or a program',
  publisher: 'publishers the host accepts or refuses',
  size: 'how large the file is',
  age: 'how long the release has been public',
  determinism: 'whether the same input gives the same output',
  verdict: 'what the analysis found',
  'unknown-import': 'imports nobody can explain',
  undeclared: 'what was seen in its code and its author does not declare',
  capability: 'what it can do',
  parameter: 'which hosts, paths or words it may use',
  signature: 'whether its publisher signed it',
  downgrade: 'a lower tier than the installed version has, or no signature where that has one',
  levels: 'checks that the registry vouched for in the installed version and not in this one',
  signer: 'another signer than of the version that is installed',
} as const;
/** A rule that can speak; the table above says what each is about. */
export type PolicyRuleId = keyof typeof POLICY_RULES;

/** What a rule says. `ask`: a person has to agree. */
export type PolicyOutcome = 'allow' | 'ask' | 'refuse';
type Treatment = Grant | 'refuse';

/** What a host decides. Everything has a default; an empty object is the strictest that still installs ordinary plugins. */
export interface HostPolicy {
  /** Default: built-in, verified, community. */
  readonly tiers?: readonly Tier[];
  /** Default: core and component. A program is asked for in any case. */
  readonly kinds?: readonly ArtifactKind[];
  /** Publishers or plugins. A name in both lists is refused. */
  readonly publishers?: { readonly only?: readonly string[]; readonly never?: readonly string[] };
  /** Bytes. Default: 256 MiB, more than any host takes: a document must not be able to fill the memory. */
  readonly maxBytes?: number;
  /** Default: what the registry's signed policy advises. */
  readonly minimumReleaseAgeMinutes?: number;
  /** Publishers or plugins whose releases may be taken at once. */
  readonly minimumReleaseAgeExclude?: readonly string[];
  /** Default: any word. */
  readonly determinism?: readonly DeterminismWord[];
  /** How the host asks, by risk. The host profile may ask more strictly. Default: auto, ask, explicit. */
  readonly risks?: { readonly low?: Treatment; readonly medium?: Treatment; readonly high?: Treatment };
  /** Instead of the risk, by class; and instead of both, by capability. */
  readonly classes?: Readonly<Record<string, Treatment>>;
  readonly capabilities?: Readonly<Record<string, Treatment>>;
  /** Values that parameters of a kind may have, where a capability has any: `*.example.org`, `data/`. Others are refused. */
  readonly parameters?: {
    readonly hosts?: readonly string[];
    readonly paths?: readonly string[];
    readonly words?: readonly string[];
  };
  /** Of plugins from a GitHub repository, which nobody signed, and of OCI artifacts, whose signatures nobody can judge. Default: ask. Of a registry they are refused. */
  readonly unsigned?: PolicyOutcome;
  /** Capabilities in the code that the author does not declare. Default: refuse; asked, each is a high risk of its own. */
  readonly undeclared?: PolicyOutcome;
  /** Levels that the installed version has and a later one lacks. Default: ask. A lower tier or a lost signature is always refused. */
  readonly lostLevels?: PolicyOutcome;
  /** Default: 'ask'. */
  readonly newSigner?: PolicyOutcome;
  /** How old the last news of revocations may be for a plugin to be loaded. Default: no limit, since running needs no network. */
  readonly maxRevocationAgeHours?: number;
}

/** What is known about a release when it is judged. */
export interface PolicySubject {
  readonly plugin: string;
  readonly version?: string;
  readonly kind: ArtifactKind;
  readonly size: number;
  readonly tier: Tier;
  readonly publisherState: SignatureState;
  readonly signer: SignerRecord;
  readonly levels: readonly string[];
  readonly determinism: string;
  readonly verdict: string;
  /** Imports that are not part of the host. */
  readonly unknownImports: readonly string[];
  /** Capabilities in the code that the author does not declare; never of a registry's releases. */
  readonly undeclared?: readonly string[];
  /** Who owns the repository now, where that is somebody else than when the installed version was agreed to. */
  readonly newOwner?: string;
  /** Default: registry. */
  readonly source?: 'registry' | 'github' | 'oci' | 'file';
  readonly ageMinutes: number;
  readonly permissions: readonly PermissionRow[];
  readonly installed?: { readonly tier: Tier; readonly signer: SignerRecord; readonly levels: readonly string[] };
}

/** A rule that spoke, with what it saw. */
export interface AppliedRule {
  readonly rule: PolicyRuleId;
  readonly outcome: PolicyOutcome;
  /** For records and messages: values, no sentences. */
  readonly facts: readonly string[];
}

/** What the whole policy says: the strictest of its rules, and the capabilities to ask about. */
export interface Decision {
  readonly outcome: PolicyOutcome;
  /** Those that did not simply allow. */
  readonly rules: readonly AppliedRule[];
  /** Capabilities to be asked for, and those that an answer must name. */
  readonly ask: readonly string[];
  readonly explicit: readonly string[];
}

/**
 * Judges a release by the host's policy. Pure; a fact that is missing never allows anything.
 *
 * `adviceMinutes`: the registry's own minimum release age, which counts where the policy has none.
 */
export function decide(subject: PolicySubject, policy: HostPolicy, adviceMinutes: number): Decision {
  const treated = subject.permissions.map((row) => ({ row, treatment: treatmentOf(row, policy) }));
  const rules = [
    ...RULES.flatMap((rule) => rule(subject, policy, adviceMinutes)),
    ...treated.flatMap(({ row, treatment }) => capabilityRule(row, treatment)),
  ];
  const of = (...wanted: Treatment[]): string[] =>
    treated.filter(({ treatment }) => wanted.includes(treatment)).map(({ row }) => row.id);
  return {
    outcome: rules.reduce<PolicyOutcome>((worst, { outcome }) => stricter(worst, outcome), 'allow'),
    rules,
    ask: of('ask', 'explicit'),
    explicit: of('explicit'),
  };
}

const OUTCOMES: readonly PolicyOutcome[] = ['allow', 'ask', 'refuse'];
const stricter = (a: PolicyOutcome, b: PolicyOutcome): PolicyOutcome =>
  OUTCOMES.indexOf(a) > OUTCOMES.indexOf(b) ? a : b;

const TREATMENTS: readonly Treatment[] = ['auto', 'ask', 'explicit', 'refuse'];
const RISK_DEFAULTS = { low: 'auto', medium: 'ask', high: 'explicit' } as const;

/** A host's word on the capability, then on its class; else the stricter of its risk and of what the profile asks. */
function treatmentOf({ id, class: kind, risk, grant }: PermissionRow, policy: HostPolicy): Treatment {
  const named = own(policy.capabilities, id) ?? own(policy.classes, kind ?? '');
  if (named !== undefined) return named;
  const byRisk = policy.risks?.[risk] ?? RISK_DEFAULTS[risk];
  return TREATMENTS.indexOf(byRisk) > TREATMENTS.indexOf(grant) ? byRisk : grant;
}

/** `constructor` is a capability's name like any other. */
function own<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

function capabilityRule({ id }: PermissionRow, treatment: Treatment): AppliedRule[] {
  if (treatment === 'auto') return [];
  return [{ rule: 'capability', outcome: treatment === 'refuse' ? 'refuse' : 'ask', facts: [id, treatment] }];
}

type Rule = (subject: PolicySubject, policy: HostPolicy, adviceMinutes: number) => readonly AppliedRule[];

const says = (rule: PolicyRuleId, outcome: PolicyOutcome, ...facts: readonly string[]): readonly AppliedRule[] =>
  outcome === 'allow' ? [] : [{ rule, outcome, facts }];
const refusedUnless = (holds: boolean): PolicyOutcome => (holds ? 'allow' : 'refuse');

const TIER_ORDER: readonly Tier[] = ['local', 'community', 'verified', 'built-in'];

const RULES: readonly Rule[] = [
  ({ tier }, { tiers = ['built-in', 'verified', 'community'] }) =>
    says('tier', refusedUnless(tiers.includes(tier)), tier),
  ({ kind }, { kinds = ['core', 'component'] }) => says('kind', refusedUnless(kinds.includes(kind)), kind),
  ({ plugin }, { publishers: { only, never } = {} }) =>
    says('publisher', refusedUnless((only === undefined || isNamed(plugin, only)) && !isNamed(plugin, never)), plugin),
  ({ size }, { maxBytes = 268_435_456 }) => says('size', refusedUnless(size <= maxBytes), `${size}`, `${maxBytes}`),
  ({ plugin, ageMinutes }, { minimumReleaseAgeMinutes, minimumReleaseAgeExclude }, adviceMinutes) => {
    const wanted = minimumReleaseAgeMinutes ?? adviceMinutes;
    const isOld = ageMinutes >= wanted || isNamed(plugin, minimumReleaseAgeExclude);
    return says('age', refusedUnless(isOld), `${Math.floor(ageMinutes)}`, `${wanted}`);
  },
  ({ determinism }, { determinism: accepted }) =>
    says(
      'determinism',
      refusedUnless(accepted === undefined || accepted.some((word) => word === determinism)),
      determinism,
    ),
  ({ verdict }) => says('verdict', verdict === 'pass' ? 'allow' : verdict === 'review' ? 'ask' : 'refuse', verdict),
  ({ unknownImports }) => says('unknown-import', refusedUnless(unknownImports.length === 0), ...unknownImports),
  ({ undeclared = [] }, { undeclared: outcome = 'refuse' }) =>
    says('undeclared', undeclared.length === 0 ? 'allow' : outcome, ...undeclared),
  signatureRule,
  ({ permissions }, { parameters = {} }) => permissions.flatMap((row) => parameterRule(row, parameters)),
  downgradeRule,
  levelsRule,
  ({ installed, signer }, { newSigner = 'ask' }) =>
    installed === undefined || sameSigner(installed.signer, signer)
      ? []
      : says('signer', newSigner, signerName(installed.signer), signerName(signer)),
];

/** Publishers by name, plugins by their whole id. */
function isNamed(plugin: string, names: readonly string[] | undefined): boolean {
  return names?.some((name) => plugin === name || plugin.startsWith(`${name}/`)) === true;
}

/** How a plugin comes from where no list says who may sign; whatever else is said of a signature is against it. */
const UNVOUCHED: { readonly [S in NonNullable<PolicySubject['source']>]?: SignatureState } = {
  github: 'notSigned',
  oci: 'notChecked',
};

function signatureRule(
  { publisherState, tier, source, installed, newOwner }: PolicySubject,
  { unsigned = 'ask' }: HostPolicy,
): readonly AppliedRule[] {
  if (publisherState === 'verified' || tier === 'local') return [];
  if (source === undefined || publisherState !== UNVOUCHED[source]) return says('signature', 'refuse', publisherState);
  // Whoever agreed to the repository is not asked that again by each of its releases. An OCI repository has no number that would show that
  // it is still the same one.
  const isKnown = source === 'github' && installed !== undefined && newOwner === undefined;
  const facts = newOwner === undefined ? [publisherState] : [publisherState, newOwner];
  return says('signature', unsigned === 'ask' && isKnown ? 'allow' : unsigned, ...facts);
}

function downgradeRule({ installed, tier, signer }: PolicySubject): readonly AppliedRule[] {
  if (installed === undefined) return [];
  const isLower = TIER_ORDER.indexOf(tier) < TIER_ORDER.indexOf(installed.tier);
  const isUnsigned = installed.signer.kind !== 'none' && signer.kind === 'none';
  const facts = [...(isLower ? [`${installed.tier} to ${tier}`] : []), ...(isUnsigned ? ['unsigned'] : [])];
  return says('downgrade', refusedUnless(facts.length === 0), ...facts);
}

/** A version that reaches further is listed by a person’s decision and without the registry’s mark, so this alone does not refuse it. */
function levelsRule({ installed, levels }: PolicySubject, { lostLevels = 'ask' }: HostPolicy): readonly AppliedRule[] {
  const lost = (installed?.levels ?? []).filter((level) => !levels.includes(level));
  return lost.length === 0 ? [] : says('levels', lostLevels, ...lost);
}

function sameSigner(a: SignerRecord, b: SignerRecord): boolean {
  return signerName(a) === signerName(b);
}

function signerName(signer: SignerRecord): string {
  if (signer.kind === 'key') return `key ${signer.keyId}`;
  return signer.kind === 'none' ? 'nobody' : `workflow of repository ${signer.repositoryId} (owner ${signer.ownerId})`;
}

const WITH_PARAMETERS: Readonly<Record<string, 'hosts' | 'paths'>> = { network: 'hosts', filesystem: 'paths' };

/** Where the host limits a kind of value, a capability of that kind without any is not limited at all and so is refused. */
function parameterRule(row: PermissionRow, limits: NonNullable<HostPolicy['parameters']>): readonly AppliedRule[] {
  const kind = WITH_PARAMETERS[row.class ?? ''];
  const named = kind !== undefined && limits[kind] !== undefined && !row.params.some((params) => params.kind === kind);
  const unlimited = named ? says('parameter', 'refuse', row.id, `any ${kind}`) : [];
  const outside = row.params.flatMap(({ kind: of, values }) => {
    const allowed = limits[of as keyof typeof limits];
    return allowed === undefined
      ? []
      : values.filter((value) => !allowed.some((pattern) => admits(of, pattern, value)));
  });
  return [...unlimited, ...(outside.length > 0 ? says('parameter', 'refuse', row.id, ...outside) : [])];
}

function admits(kind: string, pattern: string, value: string): boolean {
  if (value === pattern) return true;
  if (kind === 'hosts') return pattern.startsWith('*.') && value.endsWith(pattern.slice(1)) && !value.includes('*');
  if (kind !== 'paths') return false;
  // A folder admits what is below it, and nothing that climbs out.
  const folder = pattern.endsWith('/') ? pattern : `${pattern}/`;
  return value.startsWith(folder) && !value.split(/[/\\]/).includes('..');
}

// What a plugin can do, as rows for a screen: the host's own sentences, the publisher's reason, what was seen in the code, what is new.
// Headless and pure: a window, a page and a terminal show the same rows. Nothing here decides.
import type { CapabilityClass, Grant, RiskLevel } from '../documents/capability-words.ts';
import type { HostCapability, HostProfile } from '../documents/host-profile.ts';
import type { AnalysisSummary, DerivedCapability } from '../documents/package-document.ts';
import { type CapabilitySet, capabilitySet, compareSets, type SetDifference, type Widening } from './capability-set.ts';

/** One thing a plugin can do, with the words to show it in. */
export interface PermissionRow {
  /** A capability of the host; `unbounded` and `process` stand for what no list of capabilities bounds. */
  readonly id: string;
  readonly class?: CapabilityClass;
  readonly risk: RiskLevel;
  readonly grant: Grant;
  /** Shown before everything else, in a warning of its own. */
  readonly prominent: boolean;
  readonly title: string;
  /** "This plugin can ...". */
  readonly sentence: string;
  /** The publisher's words, never the host's. */
  readonly reason?: string;
  readonly params: readonly {
    readonly name: string;
    readonly kind: string;
    readonly title: string;
    readonly values: readonly string[];
  }[];
  /** Imports that give it, as `module.name`; empty where only the manifest asks for it. */
  readonly seenInCode: readonly string[];
  /** Seen in the code and not declared by its author: as risky as anything can be. */
  readonly undeclared?: true;
  /** In this version and not in the one it is compared with. */
  readonly isNew: boolean;
  /** How a known one reaches further than before. */
  readonly widened: readonly Widening[];
}

/** Everything a plugin can do, and what it cannot, in the order to show it in. */
export interface PermissionScreen {
  readonly host: string;
  readonly risk: RiskLevel | 'none';
  /** "High risk: can use the network". */
  readonly headline: string;
  /** Prominent ones first, then by risk. */
  readonly rows: readonly PermissionRow[];
  /** What this code does not ask for: "It cannot ...". Empty where what it can do is not bounded. */
  readonly cannot: readonly string[];
}

const ORDER: readonly string[] = ['none', 'low', 'medium', 'high'];
const rank = (risk: string): number => ORDER.indexOf(risk);

/**
 * What a release can do for one host, as rows to show. Pure: every window, page and terminal shows the same.
 *
 * `before`: the version to compare with, when one is installed; then rows say what is new.
 */
export function describePermissions(
  summary: AnalysisSummary,
  profile: HostProfile,
  before?: AnalysisSummary,
): PermissionScreen {
  const set = capabilitySet(summary);
  const { widened } = compareSets(before && capabilitySet(before), set);
  const isCompared = before !== undefined;
  const rows = [...set.capabilities.keys()].map((id) =>
    capabilityRow(id, { summary, profile, set, widened, isCompared }),
  );
  rows.push(...boundlessRows(summary, profile.title, { widened, isCompared }));
  rows.sort((a, b) => Number(b.prominent) - Number(a.prominent) || rank(b.risk) - rank(a.risk));
  const risk = rows.reduce<RiskLevel | 'none'>(
    (worst, row) => (rank(row.risk) > rank(worst) ? row.risk : worst),
    'none',
  );
  return {
    host: profile.host,
    risk,
    headline: headline(risk, rows),
    rows,
    cannot: set.unbounded
      ? []
      : profile.capabilities.filter(({ id }) => !set.capabilities.has(id)).map(({ cannot }) => `It cannot ${cannot}.`),
  };
}

/** What the second version can do beyond the first, and whether that asks for consent anew. Pure. */
export function diffPermissions(
  before: AnalysisSummary,
  after: AnalysisSummary,
): SetDifference & { readonly needsConsent: boolean } {
  const difference = compareSets(capabilitySet(before), capabilitySet(after));
  return { ...difference, needsConsent: difference.widened.length > 0 };
}

interface RowContext {
  readonly summary: AnalysisSummary;
  readonly profile: HostProfile;
  readonly set: CapabilitySet;
  readonly widened: readonly Widening[];
  readonly isCompared: boolean;
}

function capabilityRow(id: string, { summary, profile, set, widened, isCompared }: RowContext): PermissionRow {
  const known = profile.capabilities.find((capability) => capability.id === id);
  const { declared = [], derived, undeclared } = summary.capabilities;
  const reason = declared.find((capability) => capability.id === id)?.reason;
  const own = widened.filter((change) => change.id === id);
  const isNew = own.some(({ change }) => change === 'new');
  return {
    ...words(id, known, derived),
    ...(undeclared.includes(id) ? UNDECLARED : {}),
    ...(reason === undefined ? {} : { reason }),
    params: [...(set.capabilities.get(id) ?? [])].map(([name, values]) => {
      const parameter = known?.params.find((candidate) => candidate.name === name);
      return { name, kind: parameter?.kind ?? 'words', title: parameter?.title ?? name, values };
    }),
    seenInCode: derived.flatMap((found) =>
      found.id === id ? found.imports.map(({ module, name }) => `${module}.${name}`) : [],
    ),
    isNew: isCompared && isNew,
    widened: own.filter(({ change }) => change !== 'new'),
  };
}

const UNDECLARED = { undeclared: true, risk: 'high', grant: 'explicit', prominent: true } as const;

type Words = Pick<PermissionRow, 'id' | 'class' | 'risk' | 'grant' | 'prominent' | 'title' | 'sentence'>;

/** A capability the host does not know is the riskiest there is: the document may be for a newer host than this one. */
function words(id: string, known: HostCapability | undefined, derived: readonly DerivedCapability[]): Words {
  if (known !== undefined) {
    const { risk, grant, prominent, title, can } = known;
    return {
      id,
      class: known.class as CapabilityClass,
      risk,
      grant,
      prominent,
      title,
      sentence: `This plugin can ${can}.`,
    };
  }
  const found = derived.find((capability) => capability.id === id)?.class as CapabilityClass | undefined;
  return {
    id,
    ...(found === undefined ? {} : { class: found }),
    risk: 'high',
    grant: 'explicit',
    prominent: true,
    title: id,
    sentence: `This plugin asks for ${id}, which this application does not know.`,
  };
}

const BOUNDLESS = {
  risk: 'high',
  grant: 'explicit',
  prominent: true,
  params: [],
  seenInCode: [],
  widened: [],
} as const;

type Boundless = Pick<PermissionRow, 'id' | 'class' | 'title' | 'sentence'>;

const PROCESS: Boundless = {
  id: 'process',
  class: 'subprocess',
  title: 'Runs as a program',
  sentence: 'Can do anything your account can.',
};

function boundlessRows(
  { capabilities: { unbounded } }: AnalysisSummary,
  application: string,
  { widened, isCompared }: Pick<RowContext, 'widened' | 'isCompared'>,
): PermissionRow[] {
  if (unbounded.length === 0) return [];
  const isNew = isCompared && widened.some(({ change }) => change === 'unbounded');
  const has = (wanted: string): boolean => unbounded.some(({ cause }) => cause === wanted);
  const words: Boundless = has('process')
    ? PROCESS
    : has('unread')
      ? {
          id: 'unknown',
          title: 'Unknown',
          sentence: `Nobody looked into its code here. This plugin can use everything that ${application} offers to plugins.`,
        }
      : {
          id: 'unbounded',
          title: 'Not bounded',
          sentence: `This plugin can reach more than its imports name: ${unbounded.map(({ detail }) => detail).join('; ')}.`,
        };
  return [{ ...BOUNDLESS, ...words, isNew }];
}

/** After "can"; titles of a host's capabilities are such phrases themselves. */
const PHRASES: { readonly [id: string]: string | undefined } = {
  process: 'do anything your account can',
  unbounded: 'reach more than its imports name',
  unknown: 'do what nobody looked into',
};

function headline(risk: string, rows: readonly PermissionRow[]): string {
  if (rows.length === 0) return 'Asks for nothing';
  const worst = rows
    .filter((row) => row.risk === risk)
    .map(({ id, title }) => PHRASES[id] ?? title.charAt(0).toLowerCase() + title.slice(1));
  return `${risk.charAt(0).toUpperCase()}${risk.slice(1)} risk: can ${worst.join(', ')}`;
}

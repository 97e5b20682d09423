// The heart of a plugin's page: what the code can do under one host, what it cannot, and how that is known. It must never promise
// more than the imports prove; where they prove nothing (a process, a way out of the bound) it says so first. Pure.

import { type AnalysisSummary, type CapabilityClass, type HostProfile, PROCESS_SENTENCE } from '@plugmark/schemas';
import {
  capabilityIds,
  importName,
  type PermissionContext,
  type PermissionRow,
  permissionRows,
} from './permission-rows.ts';
import { type LimitedRelease, type ResourceLimit, resourceLimits } from './resource-limits.ts';
import { sayList } from './say-numbers.ts';

export interface PermissionPanel {
  readonly host: { readonly id: string; readonly title: string };
  readonly verdict: { readonly text: string; readonly level: RiskLevel; readonly note: string };
  /** The red box. */
  readonly prominent: readonly PermissionRow[];
  readonly others: readonly PermissionRow[];
  /** Each completes "It cannot ..."; empty when nothing can be excluded. */
  readonly cannot: readonly string[];
  /** What this host gives no plugin at all, as a sentence. */
  readonly neverOffered?: string;
  readonly dropped: readonly string[];
  /** Imports that carry no risk, by what they are for. */
  readonly runtime: readonly { readonly purpose: string; readonly imports: readonly string[] }[];
  readonly unknown: readonly { readonly import: string; readonly reason: string }[];
  /** Why nothing bounds it, under a heading; a process has no imports to speak of. */
  readonly unbounded: { readonly title: string; readonly details: readonly string[] };
  /** Of a process the rows are its publisher's words. */
  readonly otherTitle: string;
  readonly limits: readonly ResourceLimit[];
  /** Whose version the marks "new" compare with. */
  readonly comparedWith?: string;
}

/** `outside` whatever the host's rating: a reader has to notice it, also where the host grants it without asking. */
type RiskLevel = 'none' | 'low' | 'medium' | 'high' | 'outside' | 'unbounded';

export interface PanelInput {
  readonly summary: AnalysisSummary;
  readonly host: HostProfile;
  readonly release: LimitedRelease;
  readonly previous?: { readonly version: string; readonly summary: AnalysisSummary } | undefined;
}

export function permissionPanel({ summary, host, release, previous }: PanelInput): PermissionPanel {
  const facts = summary.capabilities;
  const isComponent = release.artifact.kind === 'component';
  const context: PermissionContext = { host, isComponent, previous: previous?.summary.capabilities };
  const rows = permissionRows(facts, context);
  const ids = capabilityIds(facts);
  const isProcess = release.artifact.kind === 'process';
  const isBounded = !isProcess && facts.unbounded.length === 0 && facts.unknown.length === 0;
  return {
    host: { id: host.host, title: host.title },
    verdict: verdictOf(rows, { summary, host, release }),
    prominent: rows.filter(({ prominent }) => prominent),
    others: rows.filter(({ prominent }) => !prominent),
    cannot: isBounded ? host.capabilities.filter(({ id }) => !ids.includes(id)).map(({ cannot }) => cannot) : [],
    ...(isBounded ? neverOffered(host) : {}),
    dropped:
      previous === undefined
        ? []
        : capabilityIds(previous.summary.capabilities)
            .filter((id) => !ids.includes(id))
            .map((id) => titleOf(id, host)),
    runtime: runtimeByPurpose(summary, isComponent),
    unknown: facts.unknown.map((item) => ({ import: importName(item, { isComponent }), reason: item.reason })),
    unbounded: {
      title: isProcess ? PROCESS_SENTENCE : 'Not bounded by its imports',
      details: isProcess ? [AS_A_PROCESS] : facts.unbounded.map(({ detail }) => detail),
    },
    otherTitle: isProcess ? 'Its publisher also says' : 'It can',
    limits: resourceLimits(summary, host, release),
    ...(previous === undefined ? {} : { comparedWith: previous.version }),
  };
}

/** Under the sentence; whatever the report says of it. */
const AS_A_PROCESS =
  'It runs as a program of its own, and its bytes do not show what it does. Somebody has to trust its publisher or read its sources.';

type VerdictInput = Omit<PanelInput, 'previous'>;
type Verdict = PermissionPanel['verdict'];

/** The worst thing that is true comes first. */
const VERDICTS: readonly ((rows: readonly PermissionRow[], input: VerdictInput) => Verdict | undefined)[] = [
  (_, { release, host }) =>
    release.artifact.kind === 'process'
      ? {
          text: PROCESS_SENTENCE,
          level: 'unbounded',
          note: `${host.title} starts it and does not confine it. What stands below is its publisher’s word.`,
        }
      : undefined,
  (_, { summary }) =>
    summary.capabilities.unbounded.length > 0
      ? {
          text: 'What it can do is not bounded by its code',
          level: 'unbounded',
          note: 'It receives functions while it runs, so the list below may be incomplete.',
        }
      : undefined,
  (_, { summary, host }) =>
    summary.capabilities.unknown.length > 0
      ? {
          text: `Asks for functions ${host.title} does not know`,
          level: 'high',
          note: 'Nothing can be said about what they would do.',
        }
      : undefined,
  (rows, { host }) => {
    const reaching = rows.filter(({ prominent }) => prominent);
    if (reaching.length === 0) return undefined;
    const rated = `${host.title} rates this ${reaching[0]?.risk} risk.`;
    const note = rows.some((row) => row.class === 'network') ? rated : `${rated} ${outside(host)}`;
    return { text: `Reaches outside ${host.title}: it can ${titles(reaching)}`, level: 'outside', note };
  },
  (rows, { host }) => {
    const worst = rows[0];
    if (worst === undefined) return undefined;
    return { text: `Can ${titles(rows)}; asks ${host.title} for nothing else`, level: worst.risk, note: outside(host) };
  },
  (_, { host }) => ({
    text: `Asks ${host.title} for nothing`,
    level: 'none',
    note: `It turns what it is given into an answer. ${outside(host)}`,
  }),
];

function verdictOf(rows: readonly PermissionRow[], input: VerdictInput): Verdict {
  for (const judge of VERDICTS) {
    const verdict = judge(rows, input);
    if (verdict !== undefined) return verdict;
  }
  return { text: 'Not judged', level: 'unbounded', note: '' };
}

/** Only about what the code asks for: results that the host sends somewhere are out of its hands. */
function outside({ title }: HostProfile): string {
  return `It asks ${title} for nothing that reaches the network; what ${title} does with its results is ${title}’s part.`;
}

function titles(rows: readonly PermissionRow[]): string {
  return sayList(rows.map(({ title }) => title.charAt(0).toLowerCase() + title.slice(1)));
}

/** Where the profile has no function of a class, no plugin of the host can have it. */
function neverOffered({ title, capabilities }: HostProfile): Pick<PermissionPanel, 'neverOffered'> {
  const missing = Object.entries(REACHING_WORDS).flatMap(([name, words]) =>
    capabilities.some((capability) => capability.class === name) ? [] : [words],
  );
  return missing.length === 0
    ? {}
    : { neverOffered: `${title} has no function for ${sayList(missing)}, so no plugin of it can ask.` };
}

const REACHING_WORDS = {
  network: 'the network',
  filesystem: 'files',
  subprocess: 'other programs',
} as const satisfies Partial<Record<CapabilityClass, string>>;

function titleOf(id: string, host: HostProfile): string {
  return host.capabilities.find((capability) => capability.id === id)?.title ?? id;
}

function runtimeByPurpose({ capabilities }: AnalysisSummary, isComponent: boolean): PermissionPanel['runtime'] {
  const byPurpose = new Map<string, string[]>();
  for (const item of capabilities.runtime)
    byPurpose.set(item.purpose, [...(byPurpose.get(item.purpose) ?? []), importName(item, { isComponent })]);
  return [...byPurpose].map(([purpose, imports]) => ({ purpose, imports: imports.sort() }));
}

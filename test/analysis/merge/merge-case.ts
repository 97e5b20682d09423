// The shape of test/vectors/merge and the run of one case: an honest pull request and what is otherwise about it.
import {
  type ChangedEntry,
  DATA,
  decideMerge,
  type PullRequest,
  previousVersion,
  type ReleaseReview,
} from '@plugmark/analysis';
import { type FileTree, jsonFile, type ReleaseSource } from '@plugmark/publish';
import { canonicalBytes, MergeDecision, type Policy, parse } from '@plugmark/schemas';
import { reviewSubmitted } from '../../../tools/cli/src/review/review-release.ts';
import { editJson, type Json, type SmallRegistry, sourceOf } from '../../testkit/registry-folder.ts';
import {
  BASE,
  BEFORE,
  entriesOf,
  HEAD,
  HONEST,
  type HonestName,
  mainRegistry,
  NOW,
  OPENED,
  PEOPLE,
  REPOSITORY_ID,
  type ReleaseSpec,
} from './merge-world.ts';

/** `null` removes the file, a string is its text, `{"base64"}` its bytes, `{"append"}` is added to it, `{"with"}` members replaced in what is there, else its JSON. */
type FileChange = null | string | { readonly base64: string } | { readonly with: object } | object;

export interface MergeCase {
  /** The rule it is about. */
  readonly rule?: string;
  readonly honest: HonestName;
  readonly before?: keyof typeof BEFORE;
  readonly release?: ReleaseSpec;
  readonly now?: string;
  /** Changes of main, by path below registry/, before the pull request is made. */
  readonly main?: Readonly<Record<string, FileChange>>;
  readonly policyWith?: { readonly [K in keyof Policy]?: Partial<Policy[K]> };
  /** Changes of the head, by path; one that starts with `/` is from the top of the repository. */
  readonly head?: Readonly<Record<string, FileChange>>;
  /** Members of an entry that are otherwise than Git would say of a plain file. */
  readonly entries?: Readonly<Record<string, Partial<ChangedEntry>>>;
  /** So many further files. */
  readonly flood?: number;
  readonly author?: keyof typeof PEOPLE;
  /** The author's login, where it is not the account's usual one. */
  readonly login?: string;
  readonly pull?: Partial<Omit<PullRequest, 'entries' | 'files' | 'author'>>;
  /** `none` leaves the review out, `other` is one of another release; else members that are otherwise. */
  readonly review?: 'none' | 'other' | Partial<Pick<ReleaseReview, 'head' | 'artifact'>>;
  /** The previous release's bytes are nowhere. */
  readonly withoutPrevious?: true;
}

export interface MergeExpectation {
  readonly outcome: string;
  readonly answer: string;
  readonly kind?: string;
  readonly until?: string;
  /** Rules that count, and those that an approval settled. */
  readonly rules: readonly string[];
  readonly settled?: readonly string[];
}

export function expectationOf({ outcome, answer, subject, until, findings }: MergeDecision): MergeExpectation {
  const ids = (settled: boolean): string[] => [
    ...new Set(findings.filter((one) => (one.settledBy !== undefined) === settled).map(({ ruleId }) => ruleId)),
  ];
  return {
    outcome,
    answer,
    ...(subject === undefined ? {} : { kind: subject.kind }),
    ...(until === undefined ? {} : { until }),
    rules: ids(false),
    ...(ids(true).length === 0 ? {} : { settled: ids(true) }),
  };
}

export async function runCase(one: MergeCase): Promise<{ decision: MergeDecision; review: ReleaseReview | undefined }> {
  const main = await mainRegistry();
  if (one.policyWith !== undefined)
    editJson(main.files, 'policy.json', (policy: Json) => merged(policy, one.policyWith));
  if (one.before !== undefined) await BEFORE[one.before](main);
  apply(main.files, one.main);
  const head: SmallRegistry = { files: new Map(main.files), artifacts: new Map(main.artifacts) };
  await HONEST[one.honest](head, one.release ?? {});
  apply(head.files, one.head);
  const pull = pullOf(one, main.files, head.files);
  const state = sourceOf(main);
  const review = await reviewOf(one, main, head);
  const input = { pull, repositoryId: REPOSITORY_ID, main: state, now: new Date(one.now ?? NOW) };
  const decision = await decideMerge({ ...input, ...(review === undefined ? {} : { review }) });
  return { decision: parse(MergeDecision, decision, 'decision'), review };
}

function merged(policy: Json, changes: MergeCase['policyWith']): Json {
  const parts = Object.entries(changes ?? {}).map(([part, value]) => [
    part,
    value === null ? undefined : Array.isArray(value) ? value : { ...policy[part], ...(value as object) },
  ]);
  return { ...policy, ...Object.fromEntries(parts) };
}

function apply(files: FileTree, changes: MergeCase['head'] = {}): void {
  for (const [path, change] of Object.entries(changes)) {
    if (change === null) files.delete(path);
    else files.set(path, bytesOf(change, files.get(path)));
  }
}

function bytesOf(change: Exclude<FileChange, null>, before: Uint8Array | undefined): Uint8Array {
  if (typeof change === 'string') return new TextEncoder().encode(change);
  if ('append' in change) return new TextEncoder().encode(new TextDecoder().decode(before) + change.append);
  if ('base64' in change) return new Uint8Array(Buffer.from(String(change.base64), 'base64'));
  if (!('with' in change)) return jsonFile(change);
  const value = JSON.parse(new TextDecoder().decode(before)) as object;
  return canonicalBytes({ ...value, ...(change.with as object) });
}

function pullOf(one: MergeCase, main: FileTree, head: FileTree): PullRequest {
  const own = entriesOf(main, head).map((entry) => ({ ...entry, ...one.entries?.[entry.path] }));
  const known = new Set(own.map(({ path }) => path));
  const named = Object.entries(one.entries ?? {}).filter(([path]) => !known.has(path));
  const flood = Array.from({ length: one.flood ?? 0 }, (_, i) => `${DATA}plugins/acme/thing/1.2.0/vectors/v${i}.json`);
  const entries: ChangedEntry[] = [
    ...own,
    ...named.map(([path, entry]) => ({
      path,
      change: 'added' as const,
      mode: '100644',
      sha: 'c'.repeat(40),
      ...entry,
    })),
    ...flood.map((path) => ({ path, change: 'added' as const, mode: '100644', sha: 'd'.repeat(40), size: 10 })),
  ];
  const files = new Map(
    entries.flatMap(({ path }) => {
      const bytes = head.get(path.startsWith(DATA) ? path.slice(DATA.length) : `/${path}`);
      return bytes === undefined ? [] : [[path, bytes] as const];
    }),
  );
  const author = PEOPLE[one.author ?? (one.honest === 'new-publisher' ? 'mallory' : 'alice')];
  return {
    number: 7,
    author: { ...author, login: one.login ?? author.login },
    draft: false,
    createdAt: OPENED,
    base: { repositoryId: REPOSITORY_ID, branch: 'main', sha: BASE },
    head: { repositoryId: 777, sha: HEAD, seenAt: OPENED },
    trial: 'clean',
    truncated: false,
    labels: [],
    comments: [],
    reviews: [],
    othersByAuthor: [],
    ...one.pull,
    entries,
    files,
  };
}

/** The real review of what lies in the head, where a release lies there. */
async function reviewOf(one: MergeCase, main: SmallRegistry, head: SmallRegistry): Promise<ReleaseReview | undefined> {
  if (one.review === 'none' || (one.honest !== 'release' && one.honest !== 'new-plugin')) return undefined;
  const before = sourceOf(main);
  const {
    plugin = one.honest === 'release' ? 'acme/thing' : 'acme/lantern',
    version = one.honest === 'release' ? '1.2.0' : '0.1.0',
  } = one.release ?? {};
  const release = submittedRelease(head, plugin, one.review === 'other' ? '1.1.0' : version);
  if (release === undefined) return undefined;
  const listed = before.plugins.get(plugin);
  const last = one.withoutPrevious || listed === undefined ? undefined : previousVersion(listed, version);
  const previous = last === undefined ? undefined : listed?.releases.get(last);
  const bytes = previous && main.artifacts.get(previous.release.artifact.sha256);
  const review = await reviewSubmitted({
    main: before,
    head: HEAD,
    release,
    artifact: { bytes: head.artifacts.get(release.release.artifact.sha256) ?? new Uint8Array() },
    ...(previous === undefined || bytes === undefined ? {} : { previous: { release: previous, bytes } }),
    now: new Date(one.now ?? NOW),
  });
  return { ...review, ...(one.review === 'other' ? {} : one.review) };
}

/** Undefined where the head is no registry that can be read: then nothing is reviewed either. */
function submittedRelease(head: SmallRegistry, plugin: string, version: string): ReleaseSource | undefined {
  try {
    const files = new Map([...head.files].filter(([path]) => !path.startsWith('/')));
    return sourceOf({ ...head, files })
      .plugins.get(plugin)
      ?.releases.get(version);
  } catch {
    return undefined;
  }
}

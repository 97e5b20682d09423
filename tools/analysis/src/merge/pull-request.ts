// What a merge decision is made from, and nothing else: a pull request as the registry's own account of it, the registry as it is on
// main, and the review of exactly the head that would be merged. Every time is one that the registry or GitHub set, never a commit's.

import type {
  AnalysisReport,
  Listing,
  Policy,
  Publisher,
  Registry,
  Release,
  ReservedNames,
  Sources,
  Status,
} from '@plugmark/schemas';

export interface Account {
  /** For people. Logins are renamed and registered anew by others. */
  readonly login: string;
  /** What decides. */
  readonly id: number;
}

/** One path that the merge would change, by comparing two Git trees: there are no renames in it, only what is gone and what is new. */
export interface ChangedEntry {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'removed';
  /** Git's file mode as it would be: `100644`, `100755`, `120000` a link, `160000` a submodule. Absent when removed. */
  readonly mode?: string;
  readonly sha?: string;
  /** Bytes of the blob. Absent when removed, or when nobody asked since the entry is refused anyway. */
  readonly size?: number;
}

export interface PullReview {
  readonly by: Account;
  readonly state: 'approved' | 'changesRequested' | 'dismissed' | 'commented';
  /** The head that was looked at. */
  readonly commit: string;
  readonly at: string;
}

export interface PullComment {
  readonly by: Account;
  readonly body: string;
  readonly at: string;
}

export interface PullRequest {
  readonly number: number;
  readonly author: Account;
  readonly draft: boolean;
  readonly createdAt: string;
  readonly base: { readonly repositoryId: number; readonly branch: string; readonly sha: string };
  readonly head: {
    /** Absent when the repository it came from is gone. */
    readonly repositoryId?: number;
    readonly sha: string;
    /** When the registry first saw this head. A push starts the wait again. */
    readonly seenAt: string;
  };
  /** Whether it can be merged at all, and the changes below are those of the trial merge of exactly this head into exactly this base. */
  readonly trial: 'clean' | 'conflict' | 'unknown';
  readonly entries: readonly ChangedEntry[];
  /** There was more than could be listed. */
  readonly truncated: boolean;
  /** Contents of the changed files, as far as they were worth reading. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly labels: readonly string[];
  readonly comments: readonly PullComment[];
  readonly reviews: readonly PullReview[];
  /** Numbers of the author's other open pull requests. */
  readonly othersByAuthor: readonly number[];
}

export interface ListedPlugin {
  readonly listing: Listing;
  readonly status: Status | undefined;
  readonly releases: ReadonlyMap<string, { readonly release: Release; readonly sources: Sources }>;
}

/** The registry on main. */
export interface ListedState {
  readonly registry: Registry;
  readonly policy: Policy;
  readonly reservedNames: ReservedNames;
  readonly publishers: ReadonlyMap<string, Publisher>;
  readonly plugins: ReadonlyMap<string, ListedPlugin>;
}

/** Whether the bytes of a release could be had from where it says. `forbidden`: an address that is not fetched from. */
export type ArtifactSearch =
  | { readonly state: 'found' }
  | { readonly state: 'unreachable' | 'forbidden' | 'different'; readonly source: string; readonly reason: string };

/** What reviewRelease and the signature check found about the release in this head. */
export interface ReleaseReview {
  readonly head: string;
  readonly artifact: ArtifactSearch;
  /** One per target host, with the report of the release before it. */
  readonly reports: readonly { readonly report: AnalysisReport; readonly previous?: AnalysisReport }[];
  /** Who signed, as `verifyPublisher` names it, and who signed the release before. */
  readonly signer?: string;
  readonly previousSigner?: string;
}

export interface MergeInput {
  readonly pull: PullRequest;
  /** The repository this registry is; a pull request says about itself what it likes. */
  readonly repositoryId: number;
  readonly main: ListedState;
  /** For a release; left out while nothing was reviewed. */
  readonly review?: ReleaseReview;
  readonly now: Date;
}

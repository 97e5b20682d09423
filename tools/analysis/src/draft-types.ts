import type { Abi, ComponentFacts, CoreFacts, HostProfile, WitWorld } from '@plugmark/schemas';

/** An import of a core module as a plugin has it, or as a host lists what it offers; `type` may be unknown there. */
export interface DraftImport {
  readonly module: string;
  readonly name: string;
  readonly kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
  readonly type?: string | undefined;
  readonly plugin?: string;
}

export interface DraftPlugin {
  /** As the person named it; only repeated in questions. */
  readonly name: string;
  readonly facts: CoreFacts | ComponentFacts;
  /** Proposals that its code uses. */
  readonly features: readonly string[];
}

export interface DraftInput {
  readonly host: string;
  readonly abi?: Abi;
  readonly plugins: readonly DraftPlugin[];
  /** What the host says it offers, besides what the plugins import. */
  readonly offered: readonly DraftImport[];
  /** Its text must fit a profile; the caller looks first. */
  readonly world?: { readonly wit: string; readonly decoded: WitWorld };
}

/** What only a person can say. Words for each are the renderer's. */
export const OPEN_QUESTIONS = {
  'import-undecided': 'what a plugin can do with this import: runtime, a capability, or forbidden for good',
  'import-types-differ': 'plugins import this with different types: which one the host has, and what it means',
  'import-not-writable': 'a profile cannot hold this name, so plugins that import it are refused',
  'too-many-imports': 'more imports than a draft lists; those left out are refused',
  'export-purpose': 'what the host does with this export',
  'export-optional': 'whether plugins must have this export; some have it and some do not',
  'kinds-differ':
    'some plugins are core modules and some components; this draft is for the first kind, the others were left out',
  'abi-unknown': 'how data crosses the boundary: no known calling convention was recognised',
  'one-plugin': 'whether every plugin has what this one has; a draft from several says more',
  assumptions:
    'whether the host keeps what the runtime imports claim: empty environment and arguments, streams that go to a log',
  limits:
    'the limits: memory, table and file size are taken from the plugins with room to grow, the others are customary',
  texts: 'title, summary, conventions and install snippets',
} as const;

export interface OpenQuestion {
  readonly what: keyof typeof OPEN_QUESTIONS;
  readonly name: string;
  /** Plugins that show it. */
  readonly in: readonly string[];
}

export interface HostDraft {
  readonly profile: HostProfile;
  readonly open: readonly OpenQuestion[];
}

// Consent: a person's act, kept as a receipt that covers every version with the same capability hash for one plugin and one host, and
// nothing else. What the host's policy grants by itself is kept in the same form, so that a grant can always be shown and taken back.
import { type ConsentReceipt, consentReceipt, type Grants, type ReceiptSource } from '../documents/consent.ts';
import type { LockedPlugin, LockedSource } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import type { PluginStore } from '../store/plugin-store.ts';
import { canonicalJson } from '../trust/canonical.ts';
import { readJson } from '../trust/shape.ts';
import type { SignatureState, Tier, VerifiedSigner } from '../verify-release.ts';
import type { CapabilitySet, SetDifference } from './capability-set.ts';
import { receiptSource, sourceKey } from './direct-entry.ts';
import type { PermissionScreen } from './permissions.ts';
import type { Decision } from './policy.ts';
import { instant } from './run-log.ts';

/** Everything a screen needs, after the release was verified and before anything is installed. */
export interface ConsentQuestion {
  readonly plugin: string;
  readonly version: string;
  readonly title: string;
  readonly summary: string;
  /** Whose release it is; absent for plugins of no registry. */
  readonly registry?: string;
  readonly source: LockedSource;
  readonly tier: Tier;
  readonly publisher: { readonly title: string; readonly state: SignatureState } & Partial<VerifiedSigner>;
  readonly screen: PermissionScreen;
  /** The version this one replaces, and what the new one can do beyond it. */
  readonly installed?: { readonly version: string; readonly difference: SetDifference };
  /** Why it is asked, and which capabilities an answer must name. */
  readonly decision: Decision;
  /** It is installed already, and asked about anew. */
  readonly again?: true;
  /** When the installed version last ran. */
  readonly lastActivity?: string;
}

/** What the person said. Leaving a high-risk capability out of both lists is refused with CONSENT_INCOMPLETE. */
export type ConsentAnswer =
  | { readonly allow: false }
  | {
      readonly allow: true;
      /** High-risk capabilities the person agreed to one by one: `decision.explicit` without those denied. */
      readonly explicitly?: readonly string[];
      /** Capabilities the plugin shall run without. */
      readonly denied?: readonly string[];
      /** `2027-01-31T12:00:00Z`: asked again from then on. */
      readonly expires?: string;
      readonly note?: string;
    };

/**
 * Shows the question and answers. It may take as long as a person does; nothing is installed meanwhile. What it throws ends the
 * installation and passes through.
 */
export type AskConsent = (question: ConsentQuestion) => Promise<ConsentAnswer>;

export type ReceiptState = 'active' | 'revoked' | 'expired';

export function stateOf({ revokedAt, expires }: ConsentReceipt, now: Date): ReceiptState {
  if (revokedAt !== undefined) return 'revoked';
  return expires !== undefined && Date.parse(expires) <= now.getTime() ? 'expired' : 'active';
}

/** What a receipt is found by: whoever uses the same name elsewhere has no part in it. */
type Agreed = Pick<LockedPlugin, 'plugin' | 'capabilityHash' | 'source'>;

export interface Receipts {
  find(of: Agreed): Promise<ConsentReceipt | undefined>;
  keep(receipt: ConsentReceipt): Promise<void>;
  all(plugin: string): Promise<readonly ConsentReceipt[]>;
}

export function receiptsIn(store: PluginStore, { folder, host }: { folder: string; host: string }): Receipts {
  const keyOf = async (source: ReceiptSource | undefined): Promise<string> =>
    source === undefined ? '' : `.${await sourceKey(source)}`;
  const nameOf = async (plugin: string, hash: string, source: ReceiptSource | undefined): Promise<string> =>
    `${folder}consents/${plugin}/${hash}${await keyOf(source)}.json`;
  const read = async (name: string): Promise<ConsentReceipt | undefined> => {
    const bytes = await store.get(name);
    try {
      return bytes && readJson(bytes, { code: 'STORE', path: name }, consentReceipt);
    } catch (error) {
      // A damaged receipt is none: the person is asked again.
      if (error instanceof ClientError) return undefined;
      throw error;
    }
  };
  return {
    async find({ plugin, capabilityHash: hash, source: from }) {
      const source = receiptSource(from);
      const found = await read(await nameOf(plugin, hash, source));
      // Copied from another plugin's folder it is somebody else's consent.
      const isIts = found?.plugin === plugin && found.host === host && found.capabilityHash === hash;
      const isFrom = (await keyOf(found?.source)) === (await keyOf(source));
      return isIts && isFrom ? found : undefined;
    },
    keep: async (receipt) =>
      store.put(await nameOf(receipt.plugin, receipt.capabilityHash, receipt.source), encodeReceipt(receipt)),
    async all(plugin) {
      const files = await store.list(`${folder}consents/${plugin}/`);
      const found = await Promise.all(files.map(({ name }) => read(name)));
      return found.filter((receipt) => receipt !== undefined);
    },
  };
}

function encodeReceipt({ grants, ...receipt }: ConsentReceipt): Uint8Array {
  const present = Object.entries(receipt).filter(([, value]) => value !== undefined);
  const listed = grants.map(({ id, params }) =>
    params === undefined ? { id } : { id, params: Object.fromEntries(params) },
  );
  return canonicalJson({ schemaVersion: 1, ...Object.fromEntries(present), grants: listed });
}

export interface ConsentContext {
  readonly question: ConsentQuestion;
  readonly set: CapabilitySet & { readonly hash: string };
  /** For the same set, if there is one. */
  readonly known: ConsentReceipt | undefined;
  /** Of the installed version. */
  readonly former: ConsentReceipt | undefined;
  readonly ask: AskConsent | undefined;
  readonly now: Date;
}

/** The receipt under which the plugin will run. Throws CONSENT_REQUIRED, CONSENT_DENIED, CONSENT_INCOMPLETE. */
export async function obtainConsent(context: ConsentContext): Promise<ConsentReceipt> {
  const { question, set, known, former, ask, now } = context;
  const { plugin, decision } = question;
  const mustAsk = decision.rules.some(({ rule, outcome }) => rule !== 'capability' && outcome === 'ask');
  if (decision.outcome === 'allow')
    return known !== undefined && stateOf(known, now) === 'active'
      ? known
      : granted(context, { by: 'policy', denied: stillDenied(former, context) });
  if (!mustAsk && known !== undefined && known.by === 'user' && stateOf(known, now) === 'active') return known;
  const narrowed = mustAsk ? undefined : narrowedConsent(former, context);
  if (narrowed !== undefined) return narrowed;
  if (ask === undefined)
    throw new ClientError('CONSENT_REQUIRED', {
      plugin,
      version: question.version,
      capabilities: decision.ask,
      rules: ruleNames(decision),
    });
  const answer = await ask(question);
  if (!answer.allow) throw new ClientError('CONSENT_DENIED', { plugin, version: question.version });
  const { explicitly = [], denied = [], expires, note } = answer;
  const unnamed = decision.explicit.filter((id) => !explicitly.includes(id) && !denied.includes(id));
  const unknown = denied.filter((id) => !set.capabilities.has(id));
  if (unnamed.length + unknown.length > 0) throw new ClientError('CONSENT_INCOMPLETE', { plugin, unnamed, unknown });
  return granted(context, { by: 'user', denied, expires, note });
}

export const ruleNames = ({ rules }: Pick<Decision, 'rules'>): readonly string[] =>
  rules.map(({ rule, facts }) => (facts.length === 0 ? rule : `${rule} (${facts.join(', ')})`));

type GrantOptions = Pick<ConsentReceipt, 'by' | 'expires' | 'note'> & { readonly denied?: readonly string[] };

function granted(
  { question, set, now }: ConsentContext,
  { by, denied = [], expires, note }: GrantOptions,
): ConsentReceipt {
  const { plugin, version, registry } = question;
  const source = receiptSource(question.source);
  const grants = [...set.capabilities].flatMap(([id, params]): Grants[] =>
    denied.includes(id) ? [] : [params === undefined ? { id } : { id, params }],
  );
  return {
    ...(registry === undefined ? {} : { registry }),
    ...(source === undefined ? {} : { source }),
    plugin,
    host: set.host,
    capabilityHash: set.hash,
    grants,
    denied: [...denied].sort(),
    by,
    grantedAt: instant(now),
    atVersion: version,
    ...(expires === undefined ? {} : { expires }),
    ...(note === undefined ? {} : { note }),
  };
}

/** A version that can do no more than the one a person agreed to needs no new agreement; what was denied stays denied. */
function narrowedConsent(former: ConsentReceipt | undefined, context: ConsentContext): ConsentReceipt | undefined {
  const { question, now } = context;
  const isCovered = question.installed !== undefined && question.installed.difference.widened.length === 0;
  if (!isCovered || former === undefined || former.by !== 'user' || stateOf(former, now) !== 'active') return undefined;
  return granted(context, {
    by: 'user',
    denied: stillDenied(former, context),
    expires: former.expires,
    note: former.note,
  });
}

/** What a person took from the installed version no policy gives to the next. */
function stillDenied(former: ConsentReceipt | undefined, { set }: ConsentContext): readonly string[] {
  return former?.denied.filter((id) => set.capabilities.has(id)) ?? [];
}

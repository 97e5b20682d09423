// Agreeing anew to what is installed, after a grant was taken back, ran out, or never came to this computer.
import type { ConsentReceipt } from '../documents/consent.ts';
import type { LockedPlugin } from '../documents/lockfile.ts';
import { blobName } from '../load-bytes.ts';
import { acceptedIdentities } from '../verify-release.ts';
import { agree } from './agree.ts';
import type { ConsentQuestion } from './consent.ts';
import { agreeDirect } from './direct-agree.ts';
import { type DirectEntry, isDirect } from './direct-entry.ts';
import { directProfile } from './direct-profile.ts';
import { type ActOptions, record } from './install-plugins.ts';
import { entryNamed } from './load-plugin.ts';
import type { PluginsContext } from './plugins-context.ts';
import { proveInstalled } from './proof-store.ts';
import { requireSeen } from './prove-direct.ts';
import { signerRecord } from './release-facts.ts';

/** What it may do now. Offline. Throws NOT_INSTALLED, PROOF_*, POLICY_REFUSED, CONSENT_*. */
export async function agreeAgain(
  context: PluginsContext,
  named: string,
  { correlationId }: ActOptions,
): Promise<readonly string[]> {
  const entry = await entryNamed(context, named);
  const { plugin, version, sha256 } = entry;
  // Former receipts are no answer: the person is asked as if for the first time.
  const { options, receipts } = context;
  const { consent } = options;
  const asking = consent && { consent: (question: ConsentQuestion) => consent({ ...question, again: true }) };
  const anew = {
    ...context,
    options: { ...options, ...asking },
    receipts: { ...receipts, find: async () => undefined },
  };
  const receipt = await (isDirect(entry) ? agreedDirect(anew, entry) : agreedListed(anew, entry));
  await receipts.keep(receipt);
  const grants = receipt.grants.map(({ id }) => id);
  const about = { plugin, version, sha256, ...(correlationId === undefined ? {} : { correlationId }) };
  await record(context, [{ ...about, event: 'consented', grants, detail: `by ${receipt.by}` }]);
  return grants;
}

async function agreedListed(context: PluginsContext, entry: LockedPlugin): Promise<ConsentReceipt> {
  const { installed, chosen, documents } = await proveInstalled(entry.sha256, context.options);
  const signer = signerRecord(installed, acceptedIdentities(chosen.document, await documents.publishers()));
  const { requested, dependencies } = entry;
  const change = { ...chosen, offered: true, ageMinutes: 0, requested, dependencies } as const;
  return agree(context, change, { documents, former: undefined, installed, signer });
}

async function agreedDirect(context: PluginsContext, entry: DirectEntry): Promise<ConsentReceipt> {
  const known = await requireSeen(context, entry);
  const { profile } = await directProfile(context);
  const bytes = (await context.options.store.get(blobName(entry.sha256))) ?? new Uint8Array();
  const { analysis } = known;
  const direct = {
    ...known,
    bytes,
    ageMinutes: Number.POSITIVE_INFINITY,
    analysis: analysis && { summary: analysis, json: undefined },
  };
  return agreeDirect(context, direct, { profile, former: undefined });
}

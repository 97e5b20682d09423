import { type KeySigner, type Lift, OFFLINE_ROLES, type OfflineRole, type Proposal } from '@plugmark/publish';
import type { CeremonyResult } from '@plugmark/schemas';
import type { Command } from 'commander';
import { Option } from 'commander';
import { type Ceremony, described, proposalFor, requireRoles, signAndWrite, withCeremony } from '../ceremony.ts';
import { CliError } from '../cli-error.ts';
import { cosignWorkflow } from '../cosign-listing.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, say } from '../io.ts';
import { openKeyFile } from '../open-key-file.ts';
import { requireConsent } from '../passphrase.ts';
import { ceremonyPage, printCeremony } from '../print-ceremony.ts';
import { renderCeremony } from '../render-ceremony.ts';

interface SignOptions {
  readonly registry?: string;
  readonly trust?: string;
  readonly key: string[];
  readonly only?: OfflineRole;
  readonly lift?: string;
  readonly reason?: string;
  readonly anew?: true;
  readonly yes?: true;
  readonly input: boolean;
  readonly passphraseFile?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark root sign
  plugmark root sign --key /media/stick/root.key.json
  plugmark root sign --only revocations --key revocations.key.json`;

export function rootSignCommand(root: Command, io: Io, finish: (exit: ExitCode) => void): void {
  root
    .command('sign')
    .summary('show what changes in what offline keys sign, and sign it')
    .description(
      'Compares what is in force with what registry/ and roles.json ask for, shows every difference, and signs it with the keys you name. Until enough keys have signed, the proposal waits in trust/pending for the next holder. Without --key it only shows.',
    )
    .option('--key <file...>', 'your key: sealed (key.json) or PEM', [])
    .option('--passphrase-file <file>', 'a file with the passphrase (or set PLUGMARK_PASSPHRASE)')
    .addOption(new Option('--only <role>', 'leave the other roles as they are').choices([...OFFLINE_ROLES]))
    .option('--lift <plugin@version>', 'revoke it no longer; its status must have been changed before')
    .option('--reason <text>', 'why it is lifted')
    .option('--anew', 'drop a proposal that waits, with its signatures, and propose again')
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--trust <folder>', 'its signed trust (default: trust/ in the registry)')
    .option('--yes', 'sign without being asked')
    .option('--no-input', 'never ask')
    .option('--json', 'one line of JSON (schema: ceremony-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: SignOptions) => {
      await withCeremony(io, options, async (ceremony) => {
        const result = await sign(io, ceremony, options);
        const { json, key } = options;
        // The changes were shown before the signature was made, on stderr.
        printCeremony(io, result, { json, roles: ceremony.folder.roles, isKnown: key.length > 0 });
      });
      finish(EXIT.ok);
    });
}

async function sign(io: Io, ceremony: Ceremony, options: SignOptions): Promise<CeremonyResult> {
  const roles = requireRoles(ceremony);
  if (roles.cosign !== undefined && cosignWorkflow(ceremony.source) !== undefined)
    say(io, 'the cosign keys of roles.json do not count: registry.json names the registry’s own workflow');
  const proposal = await nextProposal(io, ceremony, options);
  if (proposal.next.size === 0) return described(ceremony, proposal, 'nothing');
  const shown = described(ceremony, proposal, ceremony.folder.pending === proposal ? 'pending' : 'planned');
  if (options.key.length === 0) return shown;
  // Before the passphrase is asked for, and on stderr: stdout says what came of it.
  say(io, renderCeremony(shown, ceremonyPage(io, roles)));
  await requireConsent(io, 'sign this?', options);
  return signAndWrite(ceremony, proposal, await openKeys(io, options));
}

async function nextProposal(io: Io, ceremony: Ceremony, { only, lift, reason, anew }: SignOptions): Promise<Proposal> {
  const { pending } = ceremony.folder;
  if (pending !== undefined && anew === undefined) {
    if (only !== undefined || lift !== undefined)
      throw new CliError('USAGE', 'a proposal waits for signatures already', {
        hint: 'sign that one first, or drop it with --anew',
      });
    say(io, 'this proposal waits in trust/pending; it is shown and signed as it is');
    return pending;
  }
  return proposalFor(ceremony, io.now(), { only, lift: lifted(lift, reason) });
}

function lifted(named: string | undefined, reason: string | undefined): Lift[] {
  if (named === undefined) return [];
  const [plugin = '', version = '', ...more] = named.split('@');
  if (version === '' || more.length > 0) throw new CliError('USAGE', `${named} is not publisher/name@version`);
  if (reason === undefined) throw new CliError('USAGE', 'say with --reason why it is lifted');
  return [{ plugin, version, reason }];
}

async function openKeys(io: Io, options: Pick<SignOptions, 'key' | 'input' | 'passphraseFile'>): Promise<KeySigner[]> {
  const signers: KeySigner[] = [];
  // One after the other: each may ask for its passphrase.
  for (const file of options.key) signers.push(await openKeyFile(io, file, options));
  return signers;
}

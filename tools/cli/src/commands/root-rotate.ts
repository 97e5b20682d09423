import { type PublicSide, publicKeyOf } from '@plugmark/publish';
import { type CeremonyResult, parse, TrustRoles } from '@plugmark/schemas';
import { Argument, type Command } from 'commander';
import { type Ceremony, described, proposalFor, requireRoles, withCeremony } from '../ceremony.ts';
import { CliError } from '../cli-error.ts';
import { cosignWorkflow } from '../cosign-listing.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { printCeremony } from '../print-ceremony.ts';
import { readInput } from '../read-input.ts';
import { roleKey } from '../role-keys.ts';
import { writeTrustFolder } from '../trust-folder.ts';
import { count } from './root-init.ts';

const ROLES = ['root', 'targets', 'revocations', 'online', 'cosign'] as const;
type RoleName = (typeof ROLES)[number];

interface RotateOptions {
  readonly registry?: string;
  readonly trust?: string;
  readonly add: string[];
  readonly remove: string[];
  readonly threshold?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  plugmark root rotate online --add new-online.pem --remove 8f2c01b4d9aa
  plugmark root rotate root --add grace.pem --threshold 2`;

export function rootRotateCommand(root: Command, io: Io, finish: (exit: ExitCode) => void): void {
  root
    .command('rotate')
    .summary('plan other keys or another threshold for a role')
    .description(
      'Changes roles.json and shows what follows. It takes effect when the holders sign it: plugmark root sign. New root keys need the old ones too. After a new online key the next build signs everything it signs anew.',
    )
    .addArgument(new Argument('<role>', 'the role').choices([...ROLES]))
    .option('--add <file...>', 'a key that may sign from now on: PEM, private or public, or sealed', [])
    .option('--remove <key id...>', 'a key that no longer signs: the beginning of its id', [])
    .option('--threshold <n>', 'how many must sign')
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--trust <folder>', 'its signed trust (default: trust/ in the registry)')
    .option('--json', 'one line of JSON (schema: ceremony-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (role: RoleName, options: RotateOptions) => {
      await withCeremony(io, options, async (ceremony) => {
        const { result, roles } = await rotate(io, ceremony, role, options);
        printCeremony(io, result, { json: options.json, roles });
      });
      finish(EXIT.ok);
    });
}

async function rotate(
  io: Io,
  ceremony: Ceremony,
  role: RoleName,
  options: RotateOptions,
): Promise<{ result: CeremonyResult; roles: TrustRoles }> {
  const before = requireRoles(ceremony);
  if (ceremony.folder.pending !== undefined)
    throw new CliError('USAGE', 'a proposal waits for signatures already', {
      hint: 'let it be signed first, or drop it with plugmark root sign --anew',
    });
  if (role === 'cosign' && cosignWorkflow(ceremony.source) !== undefined)
    throw new CliError('USAGE', 'no key co-signs here: registry.json names the registry’s own workflow');
  const added = await Promise.all(
    options.add.map(async (file) => ({ file, side: publicKeyOf(await readInput(io, file), file) })),
  );
  const roles = changedRoles(before, role, { added, options, now: io.now() });
  const planned: Ceremony = { ...ceremony, folder: { ...ceremony.folder, roles } };
  // Refuses a threshold that the keys cannot meet before anything is written.
  const result = described(planned, await proposalFor(planned, io.now()), 'planned');
  await writeTrustFolder(ceremony.trust, planned.folder);
  return { result, roles };
}

interface Change {
  readonly added: readonly { readonly file: string; readonly side: PublicSide }[];
  readonly options: RotateOptions;
  readonly now: Date;
}

function changedRoles(before: TrustRoles, role: RoleName, { added, options, now }: Change): TrustRoles {
  // A registry whose workflow co-signed until now has no keys for it yet.
  const { keys, threshold } = before[role] ?? { keys: [], threshold: 1 };
  for (const beginning of options.remove)
    if (keys.filter(({ keyId }) => keyId.startsWith(beginning)).length !== 1)
      throw new CliError('USAGE', `${beginning} is the beginning of no key, or of several, of ${role}`);
  const kept = keys.filter(({ keyId }) => !options.remove.some((beginning) => keyId.startsWith(beginning)));
  const fresh = added.filter(({ side }) => kept.every(({ keyId }) => keyId !== side.keyId));
  const next = [...kept, ...fresh.map(({ side, file }) => roleKey(side, file, now))];
  if (next.length === 0) throw new CliError('USAGE', `${role} would have no key left`);
  const held = { keys: next, threshold: options.threshold === undefined ? threshold : count(options.threshold) };
  return parse(TrustRoles, { ...before, [role]: held }, 'roles.json');
}

import { PublishError, trustState } from '@plugmark/publish';
import { parse, RootState, type TrustRoles } from '@plugmark/schemas';
import type { Command } from 'commander';
import { described, readCeremony } from '../ceremony.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { ceremonyPage } from '../print-ceremony.ts';
import { renderRoot } from '../render-ceremony.ts';
import { rootInitCommand } from './root-init.ts';
import { rootRotateCommand } from './root-rotate.ts';
import { rootSignCommand } from './root-sign.ts';

interface ShowOptions {
  readonly registry?: string;
  readonly trust?: string;
  readonly json?: true;
}

export function rootCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  const root = program
    .command('root')
    .summary('hold the ceremonies of a registry’s root')
    .description('Makes, shows, signs and rotates what offline keys sign: root, top targets and revocations.');
  rootInitCommand(root, io, finish);
  root
    .command('show')
    .summary('show who holds which role, until when, and what waits')
    .description(
      'Shows the trust in force: versions, ends, holders and thresholds, and a proposal that waits for signatures.',
    )
    .option('--registry <folder>', 'the registry’s data (default: the nearest registry/)')
    .option('--trust <folder>', 'its signed trust (default: trust/ in the registry)')
    .option('--json', 'one line of JSON (schema: root-state)')
    .action(async (options: ShowOptions) => {
      const { state, roles } = await show(io, options);
      if (options.json) printJson(io, state);
      else print(io, renderRoot(state, ceremonyPage(io, roles)));
      finish(EXIT.ok);
    });
  rootSignCommand(root, io, finish);
  rootRotateCommand(root, io, finish);
}

/** Only reads, so that it works on a checkout nobody may write to. */
async function show(io: Io, options: ShowOptions): Promise<{ state: RootState; roles: TrustRoles | undefined }> {
  const ceremony = await readCeremony(io, options);
  const { current, pending, roles } = ceremony.folder;
  if (current === undefined) throw new PublishError('TRUST_MISSING', ceremony.trust, 'has no signed root');
  const state = trustState(current, ceremony.source.registry.expiries, io.now());
  const waiting = pending && described(ceremony, pending, 'pending');
  return { state: parse(RootState, waiting === undefined ? state : { ...state, pending: waiting }, 'result'), roles };
}

// The consent screen of a terminal. Its sentences are the host profile's; the publisher's reason is marked as his. A high-risk
// capability is agreed to by typing its name; left empty, the plugin is installed without it.
import type { AskConsent, PermissionRow } from '@plugmark/client';

export interface Terminal {
  print(line: string): void;
  /** The answer without its line break; empty where there was none. */
  ask(question: string): Promise<string>;
}

export function askInTerminal({ print, ask }: Terminal): AskConsent {
  return async ({ plugin, version, installed, publisher, tier, screen, decision }) => {
    print(
      `${plugin} ${version} by ${publisher.title} (${tier})${installed ? `, instead of ${installed.version}` : ''}`,
    );
    print(`  ${screen.headline}`);
    for (const row of screen.rows) for (const line of linesOf(row)) print(`  ${line}`);
    for (const line of screen.cannot) print(`  - ${line}`);
    const explicitly: string[] = [];
    const denied: string[] = [];
    for (const id of decision.explicit)
      ((await ask(`type ${id} to allow it, or nothing to go without: `)) === id ? explicitly : denied).push(id);
    const yes = /^y(es)?$/i.test(await ask('install it? [y/N] '));
    return yes ? { allow: true, explicitly, denied } : { allow: false };
  };
}

function linesOf({ risk, sentence, reason, params, seenInCode, isNew, widened }: PermissionRow): string[] {
  const isMore = isNew || widened.length > 0;
  return [
    `[${risk} risk${isMore ? ', NEW' : ''}] ${sentence}`,
    ...params.map(({ title, values }) => `    ${title}: ${values.join(', ')}`),
    ...(reason === undefined ? [] : [`    The publisher says: ${reason}`]),
    `    ${seenInCode.length === 0 ? 'Not seen in the code.' : `Seen in the code: ${seenInCode.join(', ')}`}`,
  ];
}

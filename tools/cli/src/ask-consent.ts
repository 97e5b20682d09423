// Agreeing at a terminal: the screen, then a plain yes, and for each high-risk capability its name typed in full. A script agrees with
// --allow, naming every capability it is asked about.

import { visible, wrap } from '@plugmark/analysis';
import type { AskConsent, ConsentAnswer, ConsentQuestion } from '@plugmark/client';
import { columnsOf, type Io, painter, say } from './io.ts';
import { renderConsent } from './render-consent.ts';

export interface AgreeOptions {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  /** Agrees to a plugin that nobody signed. */
  readonly unsigned: boolean;
  readonly mayAsk: boolean;
}

export function askConsent(io: Io, { allow, deny, unsigned, mayAsk }: AgreeOptions): AskConsent {
  return async (question) => {
    const paint = painter(io, io.stderr);
    say(io, renderConsent(question, { paint, columns: Math.min(100, columnsOf(io, io.stderr) ?? 80) }));
    const { ask, explicit, rules } = question.decision;
    const isUnsigned = rules.some(({ rule, outcome }) => rule === 'signature' && outcome === 'ask');
    const denied = deny.filter((id) => question.screen.rows.some((row) => row.id === id));
    const open = ask.filter((id) => !allow.includes(id) && !denied.includes(id));
    // Nothing left to ask about capabilities, and somebody named them: that is the agreement. That nobody signed it is no capability.
    const isNamed = allow.length + denied.length > 0 || (isUnsigned && unsigned);
    if (open.length === 0 && isNamed && (!isUnsigned || unsigned))
      return { allow: true, explicitly: explicit.filter((id) => allow.includes(id)), denied };
    if (io.ask === undefined || !mayAsk)
      return unanswered(io, question, [
        ...(isUnsigned && !unsigned ? ['--allow-unsigned'] : []),
        ...open.map((id) => `--allow ${id}`),
      ]);
    return answered(io, question, { open, denied, allow });
  };
}

/** Who is not asked has not agreed; what he could have said is named. */
function unanswered(io: Io, { decision }: ConsentQuestion, flags: readonly string[]): ConsentAnswer {
  const said =
    flags.length > 0
      ? `nobody was asked; agree with ${flags.join(' ')}`
      : `nobody was asked about: ${decision.rules.map(({ rule }) => rule).join(', ')}`;
  for (const line of wrap(said, Math.min(100, columnsOf(io, io.stderr) ?? 80))) say(io, line);
  return { allow: false };
}

interface Open {
  readonly open: readonly string[];
  readonly denied: readonly string[];
  readonly allow: readonly string[];
}

/** A long screen is above; what the answer is about stands where the answer is typed. */
function askedAbout(io: Io, { screen, decision }: ConsentQuestion, open: readonly string[]): string[] {
  const titled = (id: string): string => screen.rows.find((row) => row.id === id)?.title ?? id;
  const isWhole = decision.rules.some(({ rule, outcome }) => rule !== 'capability' && outcome === 'ask');
  const about = [...(isWhole ? ['the plugin as such'] : []), ...open.map((id) => `${titled(id)} [${id}]`)];
  const others = screen.rows.filter(({ id }) => !decision.ask.includes(id)).map(({ title }) => title);
  const said = [
    `You are asked about: ${about.join('; ')}.`,
    ...(others.length === 0 ? [] : [`Granted without asking: ${others.join('; ')}.`]),
    ...(open.some((id) => !STANDS_FOR_ALL.has(id)) ? ['With --deny and a name in brackets it runs without that.'] : []),
  ];
  const columns = Math.min(100, columnsOf(io, io.stderr) ?? 80);
  return ['', ...said.flatMap((text) => wrap(visible(text), columns))];
}

/** These cannot be denied and the plugin run all the same. */
const STANDS_FOR_ALL: ReadonlySet<string> = new Set(['process', 'unknown', 'unbounded']);

async function answered(io: Io, question: ConsentQuestion, { open, denied, allow }: Open): Promise<ConsentAnswer> {
  const { decision, again } = question;
  const ask = io.ask as NonNullable<Io['ask']>;
  for (const line of askedAbout(io, question, open)) say(io, line);
  const explicitly = decision.explicit.filter((id) => allow.includes(id));
  for (const id of decision.explicit.filter((capability) => open.includes(capability))) {
    const typed = await ask(`type ${id} to allow it, or press Enter to stop: `, { hidden: false });
    if (typed.trim() !== id) return { allow: false };
    explicitly.push(id);
  }
  const yes = await ask(again ? 'agree? [y/N] ' : 'install it? [y/N] ', { hidden: false });
  if (!/^y(?:es)?$/i.test(yes.trim())) return { allow: false };
  return { allow: true, explicitly, denied };
}

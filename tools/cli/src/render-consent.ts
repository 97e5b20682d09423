// The permission screen of the terminal. Red box first; never colour alone; what is new is said in words.

import { visible, wrap } from '@plugmark/analysis';
import {
  type ConsentQuestion,
  type PermissionRow,
  type PermissionScreen,
  type PolicyRuleId,
  sourceWords,
} from '@plugmark/client';
import { RULE_WORDS } from './policy-words.ts';
import type { Page } from './render-verification.ts';
import { VOUCH_WORDS } from './source-words.ts';

export function renderConsent(question: ConsentQuestion, page: Page): string {
  const { plugin, version, title, summary, publisher, source, tier, installed, decision, screen, again, lastActivity } =
    question;
  const wish = installed === undefined ? 'wants to be installed' : `wants to replace ${installed.version}`;
  const act = again ? 'is installed and asks anew' : wish;
  const others = decision.rules.filter(({ rule, outcome }) => rule !== 'capability' && outcome === 'ask');
  return [
    '',
    page.paint('bold', `${plugin} ${version} ${act}`),
    ...line(`${title}: ${summary}`, page, '  '),
    ...(source.kind === 'registry'
      ? [`  by ${visible(publisher.title)} (${tier})`]
      : line(`from ${sourceWords(source)} (${tier}), ${VOUCH_WORDS[source.kind].sentence}`, page, '  ')),
    ...(lastActivity === undefined ? [] : [`  the installed version last ran ${lastActivity}`]),
    ...others
      // Said by the line above.
      .filter(({ rule, facts }) => rule !== 'signature' || facts.length > 1)
      .flatMap(({ rule, facts }) => line(`! ${wordsOf(rule, source)}: ${facts.join(', ')}`, page, '  ')),
    '',
    ...renderScreen(screen, page),
  ].join('\n');
}

/** Of what no registry lists, no registry had a person look at it. */
function wordsOf(rule: PolicyRuleId, { kind }: ConsentQuestion['source']): string {
  if (rule === 'signature' && kind === 'github') return 'not signed, and the repository has a new owner';
  return rule === 'verdict' && kind !== 'registry'
    ? 'somebody should look at its code first; the analysis says'
    : RULE_WORDS[rule];
}

const MARKS = { high: '▲', medium: '●', low: '○' } as const;
const STYLES = { high: 'bad', medium: 'warn', low: 'dim' } as const;

/** The rows alone; also what `info` prints. */
export function renderScreen({ headline, rows, cannot }: PermissionScreen, page: Page): string[] {
  return [
    page.paint('bold', visible(headline)),
    ...rows.flatMap((row) => renderRow(row, page)),
    ...(cannot.length === 0 ? [] : ['', ...cannot.flatMap((text) => line(`– ${text}`, page, '  '))]),
  ];
}

/** Stands in a release where its author wrote nothing; nobody said it. */
const NO_REASON = 'the author gives no reason';
/** What stands for everything has no import of its own. */
const BOUNDLESS: ReadonlySet<string> = new Set(['process', 'unknown', 'unbounded']);

function renderRow(row: PermissionRow, page: Page): string[] {
  const { id, risk, title, sentence, reason, params, seenInCode, isNew, widened, undeclared, prominent } = row;
  const marks = [
    `${risk} risk`,
    ...(isNew ? ['NEW IN THIS VERSION'] : []),
    ...(widened.length > 0 ? ['REACHES FURTHER'] : []),
    ...(undeclared ? ['NOT DECLARED BY ITS AUTHOR'] : []),
  ];
  const bar = prominent ? '┃ ' : '  ';
  const body = [
    sentence,
    ...params.map(({ title: of, values }) => `${of}: ${values.join(', ')}`),
    ...widened.map(({ change, values }) =>
      change === 'unrestricted' ? 'before it was restricted' : `new: ${values?.join(', ')}`,
    ),
    ...(reason === undefined
      ? []
      : [reason === NO_REASON ? 'Its author gives no reason.' : `The publisher says: ${reason}`]),
    ...(BOUNDLESS.has(id)
      ? []
      : [seenInCode.length === 0 ? 'Not seen in the code.' : `Seen in the code: ${seenInCode.join(', ')}`]),
  ];
  return [
    `${bar}${page.paint(STYLES[risk], MARKS[risk])} ${page.paint('bold', visible(title))} ${page.paint(STYLES[risk], `(${marks.join(', ')})`)}`,
    ...body.flatMap((text) => line(text, page, `${bar}    `)),
  ];
}

function line(text: string, { columns }: Page, indent: string): string[] {
  return wrap(visible(text), columns - indent.length).map((part) => `${indent}${part}`);
}

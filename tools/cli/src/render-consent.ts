// The permission screen of the terminal. Red box first; never colour alone; what is new is said in words.

import { visible, wrap } from '@plugmark/analysis';
import type { ConsentQuestion, PermissionRow, PermissionScreen } from '@plugmark/client';
import { RULE_WORDS } from './policy-words.ts';
import type { Page } from './render-verification.ts';

export function renderConsent(question: ConsentQuestion, page: Page): string {
  const { plugin, version, title, summary, publisher, tier, installed, decision, screen, lastActivity } = question;
  const act = installed === undefined ? 'wants to be installed' : `wants to replace ${installed.version}`;
  const others = decision.rules.filter(({ rule, outcome }) => rule !== 'capability' && outcome === 'ask');
  return [
    '',
    page.paint('bold', `${plugin} ${version} ${act}`),
    ...line(`${title}: ${summary}`, page, '  '),
    `  by ${visible(publisher.title)} (${tier})`,
    ...(lastActivity === undefined ? [] : [`  the installed version last ran ${lastActivity}`]),
    ...others.flatMap(({ rule, facts }) => line(`! ${RULE_WORDS[rule]}: ${facts.join(', ')}`, page, '  ')),
    '',
    ...renderScreen(screen, page),
  ].join('\n');
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

function renderRow(row: PermissionRow, page: Page): string[] {
  const { risk, title, sentence, reason, params, seenInCode, isNew, widened, prominent } = row;
  const marks = [
    `${risk} risk`,
    ...(isNew ? ['NEW IN THIS VERSION'] : []),
    ...(widened.length > 0 ? ['REACHES FURTHER'] : []),
  ];
  const bar = prominent ? '┃ ' : '  ';
  const body = [
    sentence,
    ...params.map(({ title: of, values }) => `${of}: ${values.join(', ')}`),
    ...widened.map(({ change, values }) =>
      change === 'unrestricted' ? 'before it was restricted' : `new: ${values?.join(', ')}`,
    ),
    ...(reason === undefined ? [] : [`The publisher says: ${reason}`]),
    ...(seenInCode.length === 0 ? ['Not seen in the code.'] : [`Seen in the code: ${seenInCode.join(', ')}`]),
  ];
  return [
    `${bar}${page.paint(STYLES[risk], `${MARKS[risk]} ${visible(title)} (${marks.join(', ')})`)}`,
    ...body.flatMap((text) => line(text, page, `${bar}    `)),
  ];
}

function line(text: string, { columns }: Page, indent: string): string[] {
  return wrap(visible(text), columns - indent.length).map((part) => `${indent}${part}`);
}

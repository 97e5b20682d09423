// What a signature would change, as lines for the person whose signature it is. Nothing is left out: what is not shown is not known.

import { visible, wrap } from '@plugmark/analysis';
import type { CeremonyResult, RootState, SignatureNeed, TrustChange, TrustRoles } from '@plugmark/schemas';
import type { Style } from './io.ts';

export interface CeremonyPage {
  readonly paint: (style: Style, text: string) => string;
  readonly columns: number;
  /** Names of keys' holders, where somebody wrote them down. */
  readonly roles: TrustRoles | undefined;
}

const ONLINE = 'online (documents, snapshot, timestamp)';
const PUBLISHER_WORDS = {
  verified: 'is verified',
  changed: 'changes its identities',
  removed: 'is no longer verified',
};
const STATE_WORDS: Readonly<Record<CeremonyResult['state'], string>> = {
  nothing: 'nothing to sign: what is in force is what registry/ and roles.json ask for',
  pending: 'pending: it takes effect when the missing signatures are there',
  inForce: 'in force: publish it with the next build',
  planned: 'planned: plugmark root sign --key <your key> brings it into force',
};

type Row = readonly [mark: '+' | '-' | '~' | ' ', text: string];

export function renderCeremony(result: CeremonyResult, page: CeremonyPage): string {
  const rows = result.changes.flatMap((change) => changeRows(change, page));
  const lines = rows.flatMap(([mark, text]) => marked(mark, text, page));
  const signatures = result.signatures.flatMap((need) => signatureLines(need, page));
  return [...lines, ...(lines.length > 0 ? [''] : []), ...signatures, STATE_WORDS[result.state]].join('\n');
}

function marked(mark: Row[0], text: string, { paint, columns }: CeremonyPage): string[] {
  const style = mark === '+' ? 'good' : mark === '-' ? 'bad' : mark === '~' ? 'warn' : 'bold';
  const [first = '', ...rest] = wrap(visible(text), columns - 4);
  const shown = mark === ' ' ? paint(style, first) : `  ${paint(style, mark)} ${first}`;
  return [shown, ...rest.map((line) => `    ${line}`)];
}

function changeRows(change: TrustChange, { roles }: CeremonyPage): Row[] {
  switch (change.what) {
    case 'file':
      return [[' ', `${change.role}.json version ${change.version}, until ${change.expires}`]];
    case 'keys':
      return keyRows(change, roles);
    case 'division':
      return [['~', `package documents are divided among ${change.to} roles instead of ${change.from}`]];
    case 'publisher':
      return [
        [
          change.change === 'removed' ? '-' : change.change === 'verified' ? '+' : '~',
          `publisher ${change.publisher} ${PUBLISHER_WORDS[change.change]}`,
        ],
      ];
    case 'revocation':
      return [
        [
          change.change === 'lifted' ? '-' : '+',
          `${change.plugin} ${change.version} is ${change.change === 'lifted' ? 'revoked no longer' : 'revoked'}: ${change.reason}`,
        ],
      ];
    case 'mirror':
      return [mirrorRow(change)];
    case 'document':
      return [[change.change === 'added' ? '+' : '-', `${change.path} is ${change.change}`]];
    case 'member':
      return [['~', `${change.path} ${change.member}: ${change.from} → ${change.to}`]];
  }
}

function mirrorRow({ change, url, serves, place }: Extract<TrustChange, { what: 'mirror' }>): Row {
  const what = serves === 'all' ? 'the whole registry' : 'artifacts';
  if (change === 'removed') return ['-', `mirror ${url} is no longer asked for artifacts`];
  if (change === 'moved') return ['~', `mirror ${url} is asked as number ${place}`];
  return ['+', `mirror ${url} (${what}) is asked for artifacts as number ${place}, where the registry has none`];
}

function keyRows(
  { role, added, removed, threshold }: Extract<TrustChange, { what: 'keys' }>,
  roles: TrustRoles | undefined,
): Row[] {
  const name = role === 'online' ? ONLINE : role;
  const { from, to, of } = threshold;
  return [
    ...removed.map((key): Row => ['-', `${name}: key ${keyName(key, roles)} no longer signs`]),
    ...added.map((key): Row => ['+', `${name}: key ${keyName(key, roles)} may sign`]),
    ['~', `${name}: ${to} of ${of} must sign${from === 0 || from === to ? '' : `, instead of ${from}`}`],
  ];
}

const SHORT = 12;

function keyName(keyId: string, roles: TrustRoles | undefined): string {
  const all =
    roles === undefined ? [] : [roles.root, roles.targets, roles.revocations, roles.online].flatMap(({ keys }) => keys);
  const holder = all.find((key) => key.keyId === keyId)?.holder;
  return holder === undefined ? keyId.slice(0, SHORT) : `${keyId.slice(0, SHORT)} (${holder})`;
}

function signatureLines(
  { role, under, threshold, keys, signed }: SignatureNeed,
  { paint, roles }: CeremonyPage,
): string[] {
  const name = role === 'root' ? `root (${under} holders)` : role;
  const missing = keys.filter((key) => !signed.includes(key)).map((key) => keyName(key, roles));
  const isMet = signed.length >= threshold;
  const count = `${name}: ${signed.length} of ${threshold} ${threshold === 1 ? 'signature' : 'signatures'}`;
  if (isMet) return [`${paint('good', '✓')} ${count}`];
  return [`${paint('warn', '…')} ${count}; who may sign:`, ...missing.map((key) => `    ${visible(key)}`)];
}

export function renderRoot({ root, roles, endingSoon, pending }: RootState, page: CeremonyPage): string {
  const rows = roles.flatMap(({ role, threshold, keys, version, expires }) => [
    page.paint('bold', version === undefined ? ONLINE : `${role}.json version ${version}, until ${expires}`) +
      (endingSoon.includes(role) ? page.paint('warn', '  sign it anew soon') : ''),
    `  ${threshold} of ${keys.length} must sign:`,
    ...keys.map((key) => `    ${visible(keyName(key, page.roles))}`),
  ]);
  const waiting =
    pending === undefined ? [] : ['', page.paint('bold', 'waiting for signatures'), renderCeremony(pending, page)];
  return [
    `root version ${root.version}`,
    `  sha256 ${root.sha256}`,
    `  first  ${root.firstSha256}`,
    ...rows,
    ...waiting,
  ].join('\n');
}

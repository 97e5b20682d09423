// A comparison as sections of rows, for every rendering: what changed, before, after. Words of ours are strings, those of the
// plugin's author are marked as theirs, so that no renderer can mistake one for the other.

import type { CapabilityState, Finding, ItemChange, ReportDiff, VectorChange } from '@plugmark/schemas';
import { importText } from '../import-text.ts';
import { grouped } from '../rules/rule.ts';
import { sayFinding } from '../rules.ts';

export type Piece = string | { readonly theirs: string };
type DiffMark = '+' | '-' | '~';

export interface DiffRow {
  readonly mark: DiffMark;
  readonly what: readonly Piece[];
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
  /** `bad` for what a person should look at. */
  readonly tone?: 'good' | 'bad';
}

export interface DiffSection {
  readonly title: string;
  readonly rows: readonly DiffRow[];
}

const VALUES = 8;
const NOTHING: readonly Piece[] = [];

/** Sections that have something to say, the most important first. */
export function diffSections(diff: ReportDiff): DiffSection[] {
  const sections = [
    { title: 'What it can do', rows: diff.capabilities === undefined ? [] : capabilityRows(diff.capabilities) },
    { title: 'Findings', rows: findingRows(diff.findings) },
    { title: 'Figures', rows: figureRows(diff) },
    { title: 'Vectors', rows: diff.vectors.changes.map(vectorRow) },
    { title: 'Imports', rows: diff.imports.map(itemRow) },
    { title: 'Exports', rows: diff.exports.map(itemRow) },
    { title: 'Files', rows: diff.files.map(itemRow) },
    { title: 'Made with', rows: [...setRows('toolchain', diff.toolchain), ...setRows('feature', diff.features)] },
    { title: 'Manifest', rows: diff.manifest.map(({ field, ...sides }) => sidesRow(field, sides)) },
    {
      title: 'The reports were made otherwise',
      rows: diff.conditions.map(({ name, ...sides }) => sidesRow(CONDITIONS[name], sides)),
    },
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

const CONDITIONS = { analyser: 'analyser', host: 'host', hostProfile: 'host profile', policy: 'policy' } as const;
const CAPABILITY_MARKS = { added: '+', removed: '-', widened: '~', narrowed: '~', changed: '~' } as const;
const CAPABILITY_TONES = {
  added: 'bad',
  widened: 'bad',
  removed: 'good',
  narrowed: 'good',
  changed: undefined,
} as const;

/** Capabilities first, then what keeps them from being the whole truth. */
export function capabilityRows({
  changes,
  undeclared,
  unknown,
  unbounded,
  risk,
}: NonNullable<ReportDiff['capabilities']>): DiffRow[] {
  const rows = changes.map(({ id, change, before, after, risk: itsRisk }): DiffRow => {
    const detail = [...(itsRisk === undefined ? [] : [`${itsRisk} risk`]), ...(before && after ? [change] : [])];
    return {
      mark: CAPABILITY_MARKS[change],
      what: [{ theirs: id }, detail.length === 0 ? '' : ` (${detail.join(', ')})`],
      before: statePieces(before),
      after: statePieces(after),
      ...toned(CAPABILITY_TONES[change]),
    };
  });
  return [
    ...rows,
    ...openRows('used, not declared', { gained: undeclared.gained.map(theirs), lost: undeclared.lost.map(theirs) }),
    ...openRows('unknown import', { gained: unknown.gained.map(importPieces), lost: unknown.lost.map(importPieces) }),
    ...openRows('not bounded', { gained: unbounded.gained.map(wayOut), lost: unbounded.lost.map(wayOut) }),
    ...(risk.before === risk.after ? [] : [row('risk', risk)]),
  ];
}

const theirs = (text: string): Piece[] => [{ theirs: text }];
const wayOut = ({ detail }: { readonly detail: string }): Piece[] => theirs(detail);
const importPieces = (item: { readonly module: string; readonly name: string; readonly kind: string }): Piece[] =>
  theirs(importText(item));
const toned = (tone: DiffRow['tone']): Pick<DiffRow, 'tone'> => (tone === undefined ? {} : { tone });

export function statePieces(state: CapabilityState | undefined): Piece[] {
  if (state === undefined) return ['no'];
  const { declared, seen, params = {} } = state;
  const how = declared ? (seen ? 'declared, seen in the code' : 'declared') : 'seen in the code, not declared';
  const narrowed = Object.entries(params).flatMap(([name, values]): Piece[] => {
    const rest = values.length - VALUES;
    const listed = values.slice(0, VALUES).flatMap((value, at): Piece[] => [at === 0 ? '' : ', ', { theirs: value }]);
    return [`; ${name} `, ...listed, rest > 0 ? ` and ${rest} more` : ''];
  });
  return [how, ...narrowed];
}

interface Sets {
  readonly gained: readonly (readonly Piece[])[];
  readonly lost: readonly (readonly Piece[])[];
}

/** What opens the set of capabilities: new is bad, gone is good. */
function openRows(what: string, { gained, lost }: Sets): DiffRow[] {
  return [
    ...gained.map((after): DiffRow => ({ mark: '+', what: [what], before: NOTHING, after, tone: 'bad' })),
    ...lost.map((before): DiffRow => ({ mark: '-', what: [what], before, after: NOTHING, tone: 'good' })),
  ];
}

function setRows(
  what: string,
  { gained, lost }: { readonly gained: readonly string[]; readonly lost: readonly string[] },
): DiffRow[] {
  return [
    ...gained.map((text): DiffRow => ({ mark: '+', what: [what], before: NOTHING, after: theirs(text) })),
    ...lost.map((text): DiffRow => ({ mark: '-', what: [what], before: theirs(text), after: NOTHING })),
  ];
}

function findingRows({ new: found, fixed, changed }: ReportDiff['findings']): DiffRow[] {
  return [
    ...found.map(
      (one): DiffRow => ({ ...findingRow('+', one), after: [counts(one), ': ', ...said(one)], tone: 'bad' }),
    ),
    ...changed.map(
      ({ before, after }): DiffRow => ({ ...findingRow('~', after), before: [counts(before)], after: [counts(after)] }),
    ),
    ...fixed.map(
      (one): DiffRow => ({ ...findingRow('-', one), before: [counts(one), ': ', ...said(one)], tone: 'good' }),
    ),
  ];
}

const findingRow = (mark: DiffMark, { ruleId }: Finding): DiffRow => ({
  mark,
  what: theirs(ruleId),
  before: NOTHING,
  after: NOTHING,
});
const counts = ({ effect, exception }: Finding): string => (exception === undefined ? effect : 'accepted');
const said = (finding: Finding): Piece[] => theirs(sayFinding(finding));

function figureRows({ verdict, size, memory, determinism }: ReportDiff): DiffRow[] {
  const verdictRow = { ...row('verdict', verdict), ...toned(verdict.after === 'pass' ? 'good' : 'bad') };
  const sizeRow: DiffRow = {
    mark: '~',
    what: ['size'],
    before: [bytes(size.before)],
    after: [`${bytes(size.after)}${size.percent === undefined ? '' : ` (${signed(size.percent)})`}`],
  };
  const memoryRows =
    memory === undefined
      ? []
      : [
          row('memory at start', { before: bytes(memory.before.minBytes), after: bytes(memory.after.minBytes) }),
          row('memory at most', { before: mostBytes(memory.before.maxBytes), after: mostBytes(memory.after.maxBytes) }),
        ];
  const rows = [
    ...(verdict.before === verdict.after ? [] : [verdictRow]),
    ...(size.before === size.after ? [] : [sizeRow]),
  ];
  return [
    ...rows,
    ...[...memoryRows, row('determinism', determinism)].filter(({ before, after }) => before[0] !== after[0]),
  ];
}

const row = (what: string, { before, after }: { readonly before: string; readonly after: string }): DiffRow => ({
  mark: '~',
  what: [what],
  before: [before],
  after: [after],
});
const bytes = (count: number): string => `${grouped(count)} bytes`;
const mostBytes = (count: number | undefined): string => (count === undefined ? 'no maximum' : bytes(count));
const signed = (percent: number): string => `${percent > 0 ? '+' : ''}${percent} %`;

const ITEM_MARKS = { added: '+', removed: '-', changed: '~' } as const;

function vectorRow({ name, change, ending, fuel, fuelPercent, output }: VectorChange): DiffRow {
  const side = (which: 'before' | 'after'): Piece[] => {
    const parts = [ending?.[which], fuel?.[which] === undefined ? undefined : `${grouped(fuel[which])} fuel`];
    const percent = which === 'after' && fuelPercent !== undefined ? ` (${signed(fuelPercent)})` : '';
    const changed = which === 'after' && output ? ['another output'] : [];
    return [
      [parts.filter((part) => part !== undefined).join(', ') + percent, ...changed]
        .filter((part) => part !== '')
        .join(', '),
    ];
  };
  return { mark: ITEM_MARKS[change], what: theirs(name), before: side('before'), after: side('after') };
}

function itemRow({ change, module, name, kind, before, after }: ItemChange): DiffRow {
  const text = module === undefined ? (name === '' ? '""' : name) : importText({ module, name, kind });
  const side = (is: string | undefined, there: boolean): Piece[] =>
    is === undefined ? (there ? ['yes'] : []) : theirs(is);
  return {
    mark: ITEM_MARKS[change],
    what: [`${kind} `, { theirs: text }],
    before: side(before, change !== 'added'),
    after: side(after, change !== 'removed'),
  };
}

function sidesRow(
  what: string,
  { before, after }: { readonly before?: string | undefined; readonly after?: string | undefined },
): DiffRow {
  const mark = before === undefined ? '+' : after === undefined ? '-' : '~';
  return {
    mark,
    what: [what],
    before: before === undefined ? [] : theirs(before),
    after: after === undefined ? [] : theirs(after),
  };
}

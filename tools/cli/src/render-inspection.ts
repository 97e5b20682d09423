// An inspection as text. Names and types are the file's own words, so nothing in them may move the cursor or widen a line.

import { visible, wrap } from '@plugmark/analysis';
import { type Inspection, PROCESS_SENTENCE } from '@plugmark/schemas';
import { fileSize, grouped } from './numbers.ts';

/** Imports or exports shown of each; the JSON has all. */
const SHOWN = 40;
const LABEL = 11;

interface Item {
  readonly kind: string;
  readonly text: string;
}

export function renderInspection(inspection: Inspection, columns = 100): string {
  const page = Math.max(60, Math.min(160, columns));
  return [...facts(inspection), ...lists(inspection)].flatMap((line) => hanging(visible(line), page)).join('\n');
}

const fact = (label: string, value: string): string => `${label.padEnd(LABEL)}${value}`;

function facts(inspection: Inspection): string[] {
  const { kind, size, sha256 } = inspection;
  const common = [fact('kind', KINDS[kind]), fact('size', `${grouped(size)} bytes`), fact('sha256', sha256)];
  if (inspection.kind === 'process')
    return [
      ...common,
      fact('starts', inspection.entryPoint ?? 'not said: plugin.json is missing or not right'),
      fact('can do', `${PROCESS_SENTENCE.replace(/^Can do /, '')}`),
    ];
  const tools = inspection.producers.flatMap(({ values }) =>
    values.map(({ name, version }) => `${name} ${version}`.trim()),
  );
  return [...common, ...shape(inspection), fact('toolchain', [...new Set(tools)].join(', ') || 'not recorded')];
}

const KINDS: Readonly<Record<Inspection['kind'], string>> = {
  core: 'core (WebAssembly module)',
  component: 'component (WebAssembly component)',
  process: 'process (a zip with a program)',
};

function shape(inspection: Exclude<Inspection, { kind: 'process' }>): string[] {
  if (inspection.kind === 'component')
    return [
      fact('contains', `core modules: ${inspection.modules.length}, nested components: ${inspection.components}`),
    ];
  const memories = inspection.memories.map(({ minPages, maxPages, pageSize, imported }) => {
    const most = maxPages === undefined ? 'no maximum' : `at most ${fileSize(maxPages * pageSize)}`;
    return `${fileSize(minPages * pageSize)} to start with, ${most}${imported ? ', imported' : ''}`;
  });
  return [
    fact('memory', memories.join('; ') || 'none'),
    fact('code', `${grouped(inspection.codeSize)} bytes, functions: ${grouped(inspection.functions)}`),
  ];
}

function lists(inspection: Inspection): string[] {
  if (inspection.kind === 'process')
    return list(
      'files',
      inspection.files.map(({ path, size }) => ({ kind: `${grouped(size)} bytes`, text: path })),
    );
  const imports =
    inspection.kind === 'core'
      ? inspection.imports.map(({ module, name, kind, type }) => ({ kind, text: `${module}.${name}  ${type}` }))
      : inspection.imports.map(({ name, kind }) => ({ kind, text: name }));
  const exports = inspection.exports.map((item) => ({
    kind: item.kind,
    text: 'type' in item ? `${item.name}  ${item.type}` : item.name,
  }));
  return [...list('imports', imports), ...list('exports', exports)];
}

function list(title: string, items: readonly Item[]): string[] {
  if (items.length === 0) return ['', `${title}: none`];
  const width = Math.max(...items.map(({ kind }) => kind.length));
  const more = items.length > SHOWN ? [`  and ${grouped(items.length - SHOWN)} more (--json has all)`] : [];
  return [
    '',
    `${title} (${grouped(items.length)})`,
    ...items.slice(0, SHOWN).map(({ kind, text }) => `  ${kind.padEnd(width)}  ${text}`),
    ...more,
  ];
}

/** A line no wider than the page; what follows its first piece is moved in. Columns keep their spaces. */
function hanging(line: string, page: number): string[] {
  if (line.length <= page) return [line];
  const start = line.slice(0, page).lastIndexOf(' ');
  const cut = start > LABEL ? start : page;
  const indent = ' '.repeat(LABEL);
  return [
    line.slice(0, cut).trimEnd(),
    ...wrap(line.slice(cut).trimStart(), page - LABEL)
      .slice(0, MAX_PIECES)
      .map((piece) => indent + piece),
  ];
}

/** Of a name that may have 100,000 characters. */
const MAX_PIECES = 6;

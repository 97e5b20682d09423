import { inspectArtifact, visible } from '@plugmark/analysis';
import type { Inspection } from '@plugmark/schemas';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { readInput } from '../read-input.ts';

export function inspectCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('inspect')
    .summary('print what a file imports, exports and needs')
    .description('Prints what a WebAssembly file is: kind, size, digest, imports, exports, memories, tables, toolchain. It judges nothing.')
    .argument('<file>', 'a .wasm file')
    .option('--json', 'one line of JSON (schema: inspection)')
    .action(async (file: string, options: { json?: true }) => {
      const inspection = await inspectArtifact(await readInput(io, file));
      if (options.json) printJson(io, inspection);
      else print(io, renderInspection(inspection));
      finish(EXIT.ok);
    });
}

const SHOWN = 40;

function renderInspection(inspection: Inspection): string {
  const lines = [`kind      ${inspection.kind}`, `size      ${inspection.size} bytes`, `sha256    ${inspection.sha256}`];
  if (inspection.kind === 'process') return [...lines, `entry     ${visible(inspection.entryPoint)}`].join('\n');
  const imports = inspection.kind === 'core' ? inspection.imports.map(({ module, name, kind, type }) => `${kind.padEnd(9)} ${module}.${name}  ${type}`) : inspection.imports.map(({ name, kind }) => `${kind.padEnd(9)} ${name}`);
  const exports = inspection.exports.map((item) => `${item.kind.padEnd(9)} ${item.name}  ${'type' in item ? item.type : ''}`);
  const tools = inspection.producers.flatMap(({ values }) => values.map(({ name, version }) => `${name} ${version}`.trim()));
  return [...lines, ...shape(inspection), `toolchain ${tools.join(', ') || 'not recorded'}`, ...section('imports', imports), ...section('exports', exports)].map(visible).join('\n');
}

function shape(inspection: Exclude<Inspection, { kind: 'process' }>): string[] {
  if (inspection.kind === 'component') return [`modules   ${inspection.modules.length}`, `parts     ${inspection.components} nested components`];
  const memories = inspection.memories.map(({ minPages, maxPages, pageSize, imported }) => `${minPages * pageSize} bytes to ${maxPages === undefined ? 'no maximum' : `${maxPages * pageSize} bytes`}${imported ? ' (imported)' : ''}`);
  return [`memory    ${memories.join(', ') || 'none'}`, `code      ${inspection.codeSize} bytes in ${inspection.functions} functions`];
}

function section(title: string, items: readonly string[]): string[] {
  const more = items.length > SHOWN ? [`  and ${items.length - SHOWN} more (--json has all)`] : [];
  return ['', `${title} (${items.length})`, ...items.slice(0, SHOWN).map((item) => `  ${item.trimEnd()}`), ...more];
}

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { sha256 } from '@plugmark/publish';
import type { MeterResult } from '@plugmark/schemas';
import { type FuelSchedule, meterFuel } from '@plugmark/wasm';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, print, printJson } from '../io.ts';
import { readInput } from '../read-input.ts';

const EXAMPLES = `
Examples:
  plugmark meter plugin.wasm --out counted.wasm --schedule wasmtime/46
  plugmark meter plugin.wasm --out counted.wasm --canonicalize-nans`;

interface MeterOptions {
  readonly out: string;
  readonly schedule: FuelSchedule;
  readonly canonicalizeNans?: true;
  readonly json?: true;
}

export function meterCommand(program: Command, io: Io, finish: (exit: ExitCode) => void): void {
  program
    .command('meter')
    .summary('write a copy that counts fuel as wasmtime does')
    .description(
      'Writes a copy of a core module that counts fuel as wasmtime does and stops when it is used up. The host writes the budget into an exported global before a call and reads what is left after it.',
    )
    .argument('<file>', 'a .wasm file (core module)')
    .requiredOption('-o, --out <file>', 'where to write the copy')
    .addOption(
      new Option('--schedule <schedule>', 'whose rules: wasmtime 0.23 to 45, or 46 and 47')
        .choices(['wasmtime/classic', 'wasmtime/46'])
        .default('wasmtime/classic'),
    )
    .option('--canonicalize-nans', 'also make the bits of every NaN the same on every engine')
    .option('--json', 'one line of JSON (schema: meter-result)')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: MeterOptions) => {
      const result = await meter(io, file, options);
      if (options.json) printJson(io, result);
      else print(io, renderMeter(result));
      finish(EXIT.ok);
    });
}

async function meter(io: Io, file: string, options: MeterOptions): Promise<MeterResult> {
  const { out, schedule, canonicalizeNans = false } = options;
  const original = await readInput(io, file);
  const { bytes, exports, comparable } = meterFuel(original, { schedule, canonicalizeNaNs: canonicalizeNans });
  await writeFile(resolve(io.cwd, out), bytes);
  return {
    out,
    schedule,
    sha256: sha256(bytes),
    size: bytes.length,
    original: { sha256: sha256(original), size: original.length },
    exports: { ...exports },
    comparable: { exact: comparable.exact, reasons: [...comparable.reasons] },
    canonicalizedNaNs: canonicalizeNans,
  };
}

function renderMeter({ out, schedule, size, original, exports, comparable }: MeterResult): string {
  const growth = (size / original.size).toFixed(2);
  const exact = comparable.exact
    ? 'equal to wasmtime’s to the unit'
    : `not comparable with wasmtime’s: ${comparable.reasons.join(', ')}`;
  return [
    `wrote ${out}`,
    `  schedule  ${schedule}`,
    `  size      ${size.toLocaleString('en')} bytes, ${growth} times the original`,
    `  totals    ${exact}`,
    `  globals   ${exports.fuel}: write the budget, read what is left`,
    `            ${exports.exhausted}: 1 when it ran out`,
  ].join('\n');
}

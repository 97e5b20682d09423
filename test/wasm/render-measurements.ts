// How often rules fire on files that are presumed honest, as the page that is checked in beside the data.
import { RULES, type RuleName } from '@plugmark/analysis';
import type { RuleMeasurements } from '../../site/src/data/rule-measurements.ts';

const NEEDS: Readonly<Record<string, string>> = {
  host: 'needs a host profile',
  manifest: 'needs a manifest',
  registry: 'needs the names of a registry',
};

export function renderMeasurements({ analyser, files, plugins, bytes, rules }: RuleMeasurements): string {
  const share = (count: number, of: number): string =>
    count === 0 ? '0' : `${count} (${((100 * count) / of).toFixed(1)} %)`;
  const lines = Object.entries(rules).map(([id, measurement]) => {
    const effect = Object.hasOwn(RULES, id) ? RULES[id as RuleName].effect : '';
    const counts = measurement.measured
      ? `${share(measurement.all, files)} | ${share(measurement.plugins, plugins)}`
      : `${NEEDS[measurement.needs] ?? measurement.needs} | –`;
    return `| \`${id}\` | ${effect} | ${counts} |`;
  });
  return `${[
    '<!-- Written by test/wasm/false-positives.ts; not by hand. -->',
    '# How often rules fire on honest files',
    '',
    `Analyser ${analyser} over ${files} different WebAssembly files that other people publish on npm (${Math.round(bytes / 1e6)} MB), ${plugins} of them plugins of some application. They are presumed honest, so every hit is counted as a false positive. What the rules miss was not measured: there was no collection of hostile plugins to measure it on.`,
    '',
    `| rule | default effect | of ${files} files | of ${plugins} plugins |`,
    '| --- | --- | --- | --- |',
    ...lines,
  ].join('\n')}\n`;
}

import type { HonestRow } from './verdicts.ts';

const HEAD = `# Honest plugins

What \`plugmark check\` says about plugins that hide nothing, unedited: those in this folder with their manifests, and dprint's
formatters from npm as bare files. Made by \`npm run honest:table -- FOLDER\`, where FOLDER is what \`npm run corpus\` filled; the
tests make it again. Rules that fire without changing the verdict are listed.
`;

export function tableJson(rows: readonly HonestRow[]): string {
  return `{"rows":[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]}\n`;
}

export function tableMarkdown(rows: readonly HonestRow[]): string {
  const passed = rows.filter(({ verdict }) => verdict === 'pass').length;
  const share = ((100 * passed) / rows.length).toFixed(1);
  const lines = rows.map(({ plugin, host, verdict, capabilities, rules }) =>
    [plugin, host, verdict, capabilities.join(', '), rules.join(', ')].join(' | '),
  );
  return [
    HEAD,
    `${passed} of ${rows.length} pass (${share} %).\n`,
    '| plugin | host | verdict | capabilities in the bytes | rules that fired |',
    '|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`.replace(/ {2,}/g, ' ')),
    '',
  ].join('\n');
}

import type { AnalysisReport, HostProfile } from '@plugmark/schemas';

/** JSON strings are YAML strings, so nothing a file or a profile says can become structure. */
const quoted = (text: string): string => JSON.stringify(text);

const REASON = 'TODO: one sentence for the people who will be asked to allow this';

/** A plugin.yaml for a file: what the bytes say filled in, and the rest for its author. */
export function suggestedManifest(file: string, { host, apiVersions }: HostProfile, report: AnalysisReport): string {
  const [major = '0', minor = '0'] = (apiVersions.at(-1) ?? '').split('.');
  const derived = report.capabilities?.derived ?? [];
  return `${[
    'schemaVersion: 1',
    `plugin: your-namespace/${nameFrom(file)}`,
    'version: 1.0.0',
    'license: MIT',
    'title: "TODO: its name, for people"',
    'summary: "TODO: what it computes, and from what, in one line"',
    `artifact: ${quoted(file)}`,
    `host: ${host}`,
    `api: ^${major === '0' ? `0.${minor}` : major}`,
    ...(derived.length === 0
      ? ['capabilities: []']
      : ['capabilities:', ...derived.flatMap(({ id }) => capability(id))]),
    'readme: README.md',
    'vectors: [] # inputs with expected outputs: without them nobody can tell whether it answers the same each time',
  ].join('\n')}\n`;
}

const capability = (id: string): string[] => [`  - id: ${quoted(id)}`, `    reason: ${quoted(REASON)}`];

function nameFrom(file: string): string {
  const words = file
    .replace(/\.[a-z0-9]+$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return words.slice(0, 39).replace(/-+$/, '') || 'my-plugin';
}

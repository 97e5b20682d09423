// The entry of a plugin in the host's own configuration: what the notes of Hielements and dprint show, with the real profiles' lines.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addToConfig } from '../../tools/cli/src/add-to-config.ts';
import type { Snippet } from '../../tools/cli/src/lay-out-plugin.ts';

function snippetsOf(host: string, values: Record<string, string>): Snippet[] {
  const path = new URL(`../../registry/hosts/${host}.json`, import.meta.url);
  const { install } = JSON.parse(readFileSync(path, 'utf8')) as { install: (Snippet & { template: string })[] };
  return install.map(({ title, language, template }) => ({
    title,
    language,
    text: Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), template),
  }));
}

const HIELEMENTS = snippetsOf('hielements', { name: 'layer-check' });
const NOTES = `# hielements.toml

[libraries]
# External process plugins
python = { type = "external", executable = "python3" }

[other]
layer-check = 1
`;

test('a line of a TOML table goes below its header, and everything else stays', () => {
  expect(addToConfig(NOTES, HIELEMENTS, 'hielements.toml')).toBe(
    NOTES.replace('"python3" }\n', '"python3" }\n"layer-check" = { path = "lib/layer-check.wasm" }\n'),
  );
  expect(addToConfig(undefined, HIELEMENTS, 'hielements.toml')).toBe(
    '[libraries]\n"layer-check" = { path = "lib/layer-check.wasm" }\n',
  );
  expect(addToConfig('title = "x"\n', HIELEMENTS, 'hielements.toml')).toBe(
    'title = "x"\n\n[libraries]\n"layer-check" = { path = "lib/layer-check.wasm" }\n',
  );
});

test('added twice it is there once, and an older entry of the name is replaced', () => {
  const once = addToConfig(NOTES, HIELEMENTS, 'hielements.toml');
  expect(addToConfig(once, HIELEMENTS, 'hielements.toml')).toBe(once);
  const older = NOTES.replace('python =', 'layer-check = { path = "old.wasm" }\npython =');
  expect(addToConfig(older, HIELEMENTS, 'hielements.toml')).not.toContain('old.wasm');
});

const dprint = (sha256: string): Snippet[] => snippetsOf('dprint', { url: 'https://x.example/a.wasm', sha256 });

test('an item of a JSON list is added once, beside what is there', () => {
  const config = '{ "indentWidth": 2, "plugins": ["https://plugins.dprint.dev/json.wasm"] }';
  const added = addToConfig(config, dprint('ab'), 'dprint.json');
  expect(JSON.parse(added)).toEqual({
    indentWidth: 2,
    plugins: ['https://plugins.dprint.dev/json.wasm', 'https://x.example/a.wasm@ab'],
  });
  expect(addToConfig(added, dprint('ab'), 'dprint.json')).toBe(added);
  expect(JSON.parse(addToConfig(undefined, dprint('ab'), 'dprint.json'))).toEqual({
    plugins: ['https://x.example/a.wasm@ab'],
  });
});

test.each([
  ['// comment\n{}', 'CONFIG_INVALID'],
  ['[]', 'CONFIG_INVALID'],
  ['{"plugins":"all"}', 'CONFIG_INVALID'],
])('%s is not edited', (config, code) => {
  expect(() => addToConfig(config, dprint('ab'), 'dprint.json')).toThrow(expect.objectContaining({ code }));
});

test('a host whose configuration has no entry of its own is said to have none', () => {
  const conductor = snippetsOf('conductor', { name: 'velocity-curve' });
  expect(() => addToConfig('', conductor, 'config.toml')).toThrow(
    expect.objectContaining({ code: 'CONFIG_UNSUPPORTED' }),
  );
});

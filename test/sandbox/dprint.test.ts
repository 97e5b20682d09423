// Formatters that other people publish, through their real exports: configured, given a file, their text compared. What is expected
// was read by a person and is what their documentation says they do.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Vector } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { outputsOf, runInSandbox } from '../testkit/run-in-sandbox.ts';

interface Formatting {
  readonly plugin: string;
  readonly path: string;
  readonly text: string;
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  readonly formatted: string;
  /** A text that the formatter cannot read; that for Dockerfiles reads everything. */
  readonly broken?: string;
  readonly extensions: readonly string[];
}

const FORMATTINGS: readonly Formatting[] = [
  {
    plugin: 'json',
    path: 'a.json',
    text: '{\n"b":[1,2,3],   "a":null}',
    config: { indentWidth: 4 },
    formatted: '{\n    "b": [1, 2, 3],\n    "a": null\n}\n',
    broken: '{"a": }',
    extensions: ['json', 'jsonc'],
  },
  {
    plugin: 'toml',
    path: 'a.toml',
    text: '[section]\nkey   =  "v"\nlist=[1,2,   3]\n',
    formatted: '[section]\nkey = "v"\nlist = [1, 2, 3]\n',
    broken: '[section\n',
    extensions: ['toml'],
  },
  {
    plugin: 'typescript',
    path: 'a.ts',
    text: "export   function f(a:number){if(a>1){return 'x'}\nreturn [1,2].map(x=>x+a)}\n",
    config: { quoteStyle: 'preferSingle' },
    formatted: "export function f(a: number) {\n  if (a > 1) return 'x';\n  return [1, 2].map(x => x + a);\n}\n",
    broken: 'export function (',
    extensions: ['ts', 'tsx', 'js', 'jsx', 'cjs', 'cts', 'mjs', 'mts'],
  },
  {
    plugin: 'dockerfile',
    path: 'Dockerfile',
    text: 'from   node:20\nRUN   echo  hi\n',
    formatted: 'FROM node:20\nRUN echo hi\n',
    extensions: ['dockerfile'],
  },
];

describe.each(FORMATTINGS)('@dprint/$plugin', ({ plugin, path, text, config = {}, formatted, broken, extensions }) => {
  test('formats, leaves alone, refuses, says what it is for', async () => {
    const bytes = await readFile(fileURLToPath(import.meta.resolve(`@dprint/${plugin}/plugin.wasm`)));
    const format = (given: string): Vector['calls'][number] => ({
      entry: 'format',
      input: { json: { path, text: given, config } },
    });
    const vector: Vector = {
      schemaVersion: 1,
      name: plugin,
      title: plugin,
      host: 'dprint',
      calls: [
        format(text),
        format(formatted),
        format(broken ?? formatted),
        { entry: 'get_config_diagnostics', input: { json: { config } } },
        { entry: 'get_config_file_matching' },
        { entry: 'get_plugin_info' },
        { entry: 'get_license_text' },
      ],
      grants: [],
    };
    const { runs, fuel } = await runInSandbox(bytes, [vector]);
    const [run] = runs;
    expect([run?.ending, run?.detail]).toEqual(['ok', undefined]);
    const [changed, same, failed, diagnostics, matching, info, license] = outputsOf(run) as [
      { text: string },
      unknown,
      unknown,
      unknown,
      { fileExtensions: string[] },
      { name: string },
      string,
    ];
    expect(changed).toEqual({ status: 1, text: formatted });
    expect(same).toEqual({ status: 0 });
    if (broken === undefined) expect(failed).toEqual({ status: 0 });
    else expect(failed).toEqual({ status: 2, error: expect.stringMatching(/.{5}/) });
    expect(diagnostics).toEqual([]);
    expect(matching.fileExtensions).toEqual(expect.arrayContaining([...extensions]));
    expect(info.name).toContain('dprint');
    expect(license).toContain('MIT');
    expect(fuel).toMatchObject({ exact: true, budgetOfHost: false });
    expect(run?.hostCalls).toBe(0);
  }, 60_000);
});

// What tests draft host profiles from: plugins of this repository and of others, as a draft wants them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  artifactFacts,
  type DraftImport,
  type DraftPlugin,
  draftHostProfile,
  type HostDraft,
} from '@plugmark/analysis';
import { HostProfile, parse, parseJson } from '@plugmark/schemas';
import { inspectWasm } from '@plugmark/wasm';
import { expect } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const bytesOf = (file: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(ROOT + file));
export const profileOf = (host: string): HostProfile =>
  parseJson(HostProfile, bytesOf(`registry/hosts/${host}.json`), host);
export const FORMATTERS: readonly string[] = ['dockerfile', 'json', 'toml', 'typescript'].map(
  (name) => `node_modules/@dprint/${name}/plugin.wasm`,
);
export const NATIVE = {
  ddalab: 'test/plugins/permutation-entropy/permutation-entropy.wasm',
  conductor: 'test/plugins/scale-harmoniser/scale-harmoniser.wasm',
  hielements: 'test/plugins/source-imports/source-imports.wasm',
} as const;

export function pluginOf(file: string): DraftPlugin {
  const { facts, features } = inspectWasm(bytesOf(file));
  return {
    name: file.split('/').at(-2) ?? file,
    facts: artifactFacts(facts),
    features: features.map(({ feature }) => feature),
  };
}

export function draftOf(plugins: readonly DraftPlugin[], offered: readonly DraftImport[] = []): HostDraft {
  const draft = draftHostProfile({ host: 'acme', plugins, offered });
  // Whatever came in, what comes out is a profile.
  expect(parse(HostProfile, JSON.parse(JSON.stringify(draft.profile)), 'draft')).toEqual(draft.profile);
  return draft;
}

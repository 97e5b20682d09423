// test/vectors/client as a function of the cases: the index, the honest tree, and a directory for each case. `npm run generate` writes it.
import { readdirSync, readFileSync } from 'node:fs';
import { baseRegistry, keylessFile } from './base-registry.ts';
import { type ClientCase, caseJson, directoryOf, type Group } from './case.ts';
import { groups } from './groups.ts';
import { publishStatement, releaseOf } from './releases.ts';
import { fileToJson } from './served-file.ts';
import { jsonFile, type VectorRegistry } from './vector-registry.ts';

export const FOLDER = 'test/vectors/client';
const KEYLESS = new URL('../vectors/client/keyless/', import.meta.url);
const here = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, import.meta.url)));

/** By path below the repository. */
export function vectorFiles(): Map<string, Uint8Array> {
  const base = baseRegistry();
  requireFittingBundles(base);
  const all = groups(base);
  const files = new Map<string, Uint8Array>([
    [`${FOLDER}/README.md`, here('./README.md')],
    [`${FOLDER}/case.schema.json`, here('./case.schema.json')],
    [`${FOLDER}/index.json`, text(`${JSON.stringify(indexJson(all), undefined, 1)}\n`)],
    [`${FOLDER}/trees/base.json`, text(`${JSON.stringify(treeJson(base), undefined, 1)}\n`)],
  ]);
  for (const name of readdirSync(KEYLESS))
    files.set(`${FOLDER}/keyless/${name}`, new Uint8Array(readFileSync(new URL(name, KEYLESS))));
  for (const { group, cases } of all) for (const one of cases) addCase(files, group, one, base);
  return files;
}

function addCase(files: Map<string, Uint8Array>, group: string, one: ClientCase, base: VectorRegistry): void {
  const folder = `${FOLDER}/cases/${directoryOf(one)}`;
  if (files.has(`${folder}/case.json`)) throw new Error(`two cases are named ${directoryOf(one)}`);
  files.set(`${folder}/README.md`, text(`${one.why}\n`));
  files.set(`${folder}/case.json`, text(`${JSON.stringify(caseJson(group, one, base), undefined, 1)}\n`));
}

function indexJson(all: readonly Group[]): object {
  const cases = all.flatMap(({ group, cases: some }) =>
    some.map((one) => ({ name: directoryOf(one), group, ...(one.requires ? { requires: one.requires } : {}) })),
  );
  return { schemaVersion: 1, trees: ['base'], cases };
}

function treeJson({ files }: VectorRegistry): object {
  return Object.fromEntries(
    [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, file]) => [path, fileToJson(file)]),
  );
}

/** The kept bundles are about one statement each; when a release that they sign changes they must be made again. */
function requireFittingBundles(base: VectorRegistry): void {
  const kept = [
    ['cloud/signer', 'rekor-v2'],
    ['acme/thing', 'key-stamped'],
  ] as const;
  for (const [plugin, name] of kept) {
    const bundle = JSON.parse(new TextDecoder().decode(keylessFile(`${name}.sigstore.json`)));
    const wanted = Buffer.from(jsonFile(publishStatement(releaseOf(base, plugin, '1.2.0')))).toString('base64');
    if (bundle.dsseEnvelope.payload !== wanted)
      throw new Error('the kept bundles are about another release: node test/client-vectors/make-keyless.ts');
  }
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

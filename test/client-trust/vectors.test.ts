// test/vectors/trust is generated from repository-cases.ts (BLESS=1 writes it) and must be current; every vector must
// end as its expect.json says. The browser runs the same directories.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { refreshMetadata } from '@plugmark/client/trust';
import { expect, test } from 'vitest';
import { MemoryTrustStore } from '../testkit/memory-trust-store.ts';
import { NOW, type TufRepository } from '../testkit/tuf-repository.ts';
import { DOCUMENT, goodRepository, REPOSITORY_CASES, type RepositoryCase } from './repository-cases.ts';
import { filesAsText, runVector, type TrustOutcome, type TrustVector } from './vector.ts';

const ROOT = new URL('../vectors/trust/', import.meta.url);
const directoryOf = ({ name, code }: RepositoryCase) => `${name}${code ? '_fail' : ''}`;
const pretty = (value: unknown) => `${JSON.stringify(value, undefined, 1)}\n`;

async function makeVector({ change, isFirst, now = NOW, ask, shippedRoot }: RepositoryCase): Promise<TrustVector> {
  const repository = goodRepository();
  const store = new MemoryTrustStore();
  const { firstRoot: root, fetchFile } = repository;
  if (!isFirst) {
    const client = await refreshMetadata({ root, fetchFile, store, now: NOW });
    await client.target(DOCUMENT);
  }
  change(repository);
  const shipped = shippedRoot?.(repository) ?? root;
  const isCurrent = (path: string) => !isOutdated(repository, path);
  const served = new Map([...repository.files].filter(([path]) => isCurrent(path)));
  return {
    now: now.toISOString(),
    root: new TextDecoder().decode(shipped),
    store: filesAsText(store.files),
    served: filesAsText(served),
    ...(ask === undefined ? {} : { ask }),
  };
}

/** Versions of files below the ones the case ends with are left out, to keep the vectors small. */
function isOutdated(repository: TufRepository, path: string): boolean {
  const [, version, role = ''] = /^metadata\/(\d+)\.(.+)\.json$/.exec(path) ?? [];
  const current = role === 'snapshot' ? repository.snapshot : repository.roles.get(role);
  return current !== undefined && Number(version) + 1 < current.version;
}

/** Without the signatures: ECDSA ones differ in every run. */
const withoutSignatures = (vector: TrustVector) => JSON.stringify(vector).replaceAll(/sig\\":\\"[0-9a-f]+/g, '');

function readVector(repositoryCase: RepositoryCase): { input: TrustVector; expected: TrustOutcome; readme: string } {
  const read = (name: string) => readFileSync(new URL(`${directoryOf(repositoryCase)}/${name}`, ROOT), 'utf8');
  return {
    input: JSON.parse(read('input.json')),
    expected: JSON.parse(read('expect.json')),
    readme: read('README.md'),
  };
}

async function bless(repositoryCase: RepositoryCase): Promise<void> {
  const directory = new URL(`${directoryOf(repositoryCase)}/`, ROOT);
  const vector = await makeVector(repositoryCase);
  const isCurrent =
    existsSync(directory) && withoutSignatures(readVector(repositoryCase).input) === withoutSignatures(vector);
  mkdirSync(directory, { recursive: true });
  if (!isCurrent) writeFileSync(new URL('input.json', directory), pretty(vector));
  writeFileSync(new URL('README.md', directory), `${repositoryCase.why}\n`);
  writeFileSync(new URL('expect.json', directory), pretty(await runVector(vector)));
}

if (process.env['BLESS'] === '1') {
  const wanted = new Set(REPOSITORY_CASES.map(directoryOf));
  for (const name of existsSync(ROOT) ? readdirSync(ROOT) : []) {
    if (!wanted.has(name)) rmSync(new URL(name, ROOT), { recursive: true });
  }
  for (const repositoryCase of REPOSITORY_CASES) await bless(repositoryCase);
}

test('the directories are those of the table', () => {
  expect(readdirSync(ROOT).sort()).toEqual(REPOSITORY_CASES.map(directoryOf).sort());
});

for (const repositoryCase of REPOSITORY_CASES) {
  test(directoryOf(repositoryCase), async () => {
    const { input, expected, readme } = readVector(repositoryCase);
    expect(readme).toBe(`${repositoryCase.why}\n`);
    expect(withoutSignatures(input)).toBe(withoutSignatures(await makeVector(repositoryCase)));
    const outcome = await runVector(input);
    expect(outcome).toEqual(expected);
    // The table, not the blessed file, says which code is right.
    expect(outcome.code).toBe(repositoryCase.code);
  });
}

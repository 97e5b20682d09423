// Puts one mutant after another to the vectors and says which case found it. A vector that finds none of them is worth little; a mutant that
// no vector finds is a check that another language's client may forget.
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { ClientCaseFile } from '../conformance/client-case.ts';
import { readCase, readIndex, readTrees } from '../conformance/client-vectors.ts';
import { type Mutant, mutantsOf, mutated } from './mutants.ts';

const SOURCE = new URL('../../tools/client/src/', import.meta.url);
const ENTRY = fileURLToPath(new URL('./mutation-entry.ts', import.meta.url));
const WORKER = new URL('./mutation-worker.ts', import.meta.url);
/** For one case: a mutant that never ends is told apart by that. */
const LIMIT_MS = 30_000;
const NEVER = 'never ends';
/** Loaded modules are never unloaded. */
const RENEW_AFTER = 150;

/** Which groups find most of a folder's mutants, so that they are asked first. */
const FIRST: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^sigstore\//, ['keyless', 'cosignature']],
  [/^documents\//, ['types', 'documents']],
  [/^trust\/(dsse|statement)/, ['publisher', 'cosignature']],
  [/^trust\//, ['roots', 'online', 'targets']],
  [/^(resolve|semver)/, ['resolve', 'standing']],
  [/^(standing|revocation)/, ['standing']],
  [/^verify-release/, ['publisher', 'cosignature']],
  [/^(fetch|attestation|open-registry)/, ['artifacts', 'standing', 'publisher']],
];

const READERS = /^(documents\/|decode|trust\/shape)/;

/** Reading certificates, timestamps and log entries is a Sigstore library's work: test/vectors/sigstore and the conformance suite hold it. */
const SIGSTORE_PARTS =
  'certificate(-chain)?|checkpoint|der|ecdsa-digest|index|log-body|log-entry|merkle|public-key|sct|sigstore-bundle|timestamp|trusted-root';
/** Not what the vectors ask: Node's store, lists of names and texts, and the state of a signature for whoever watches one. */
const LEFT_OUT = new RegExp(
  `^(node/|index\\.ts|error\\.ts|trust/index\\.ts|publisher-signature\\.ts|sigstore/(${SIGSTORE_PARTS})\\.ts)`,
);

export function allMutants(): Mutant[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.sort().flatMap((file) => (LEFT_OUT.test(file) ? [] : mutantsOf(file, new URL(file, SOURCE))));
}

interface Found {
  readonly mutant: Mutant;
  /** The case that told it apart, or what it did instead of answering; undefined when it passed everything. */
  readonly by: string | undefined;
}

export interface MutationRun {
  put(mutant: Mutant): Promise<Found>;
  close(): Promise<void>;
}

export function openMutationRun(): MutationRun {
  const index = readIndex();
  const cases = index.cases.map(({ name }) => readCase(name));
  const workerData = { cases, trees: readTrees(index) };
  let worker: Worker | undefined;
  let asked = 0;
  const close = async (): Promise<void> => {
    await worker?.terminate();
    worker = undefined;
  };
  return {
    close,
    async put(mutant) {
      const code = await bundle(mutant).catch(() => undefined);
      if (code === undefined) return { mutant, by: 'does not compile' };
      if (++asked % RENEW_AFTER === 0) await close();
      worker ??= new Worker(WORKER, { workerData });
      const by = await answerOf(worker, { code, names: ordered(cases, mutant) });
      if (by === NEVER) await close();
      return { mutant, by };
    },
  };
}

function ordered(cases: readonly ClientCaseFile[], { file }: Mutant): string[] {
  const groups = FIRST.find(([pattern]) => pattern.test(file))?.[1] ?? [];
  const rank = ({ group }: ClientCaseFile): number => (groups.includes(group) ? groups.indexOf(group) : groups.length);
  // Those of single types ask the readers of documents and nothing else.
  const asked = READERS.test(file) ? cases : cases.filter(({ group }) => group !== 'types');
  return [...asked].sort((a, b) => rank(a) - rank(b)).map(({ name }) => name);
}

async function bundle(mutant: Mutant): Promise<string> {
  const path = fileURLToPath(new URL(mutant.file, SOURCE));
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    conditions: ['@plugmark/source'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'mutant',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
            loaded === path ? { contents: mutated(readFileSync(path, 'utf8'), mutant), loader: 'ts' } : undefined,
          );
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

async function answerOf(worker: Worker, message: object): Promise<string | undefined> {
  worker.postMessage(message);
  for (;;) {
    const signal = AbortSignal.timeout(LIMIT_MS);
    // `once` rejects when the worker fails, and when nothing was heard for so long.
    const heard = await once(worker, 'message', { signal }).catch((error: unknown) => {
      if (signal.aborted) return [{ by: NEVER }];
      throw error;
    });
    const [answer] = heard as ['case' | { readonly by: string | undefined }];
    if (answer !== 'case') return answer.by;
  }
}

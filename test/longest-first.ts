// The order of test files: the longest first, so that at the end no worker waits for another that has just begun a minute's work.
// Vitest orders by what its last run took, and in a fresh clone by the size of the file, which says nothing of it.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take long, the longest first. It is about time alone: a file that is not here, or takes less by now, runs all the same. */
const LONGEST = [
  // Compiles the example plugins. What is beside it needs none, and then they are there.
  'test/plugins.test.ts',
  'test/publish/build-vectors.test.ts',
  'test/site/pages.test.ts',
  'test/cli/transcripts.test.ts',
  'test/cli/process.test.ts',
  'test/github/end-to-end.test.ts',
  'test/client-vectors/vectors.test.ts',
  'test/analysis/hostile.test.ts',
  'test/publish/write-tree.test.ts',
  'test/analysis/markdown.test.ts',
  'test/client/decoders.test.ts',
  'test/wasm/fuel.test.ts',
  'test/client/bad-input.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

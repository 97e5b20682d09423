// The vectors in this process, one of each kind as the program people start. build-vectors.slow.test.ts starts every one.
import { testCompleteness, testControls, testLookAhead, testVectors } from './build-vectors.ts';

const PROGRAM: ReadonlySet<string> = new Set([
  'artifact-byte_fail',
  'yaml-bomb-check_fail',
  'ledger-lost_fail',
  'staging-taken_fail',
  'served-blob-byte_fail',
]);

testVectors((name) => PROGRAM.has(name));
testControls();
testCompleteness();
testLookAhead();

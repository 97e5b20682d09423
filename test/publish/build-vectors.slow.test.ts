// Every vector with the program people start.
import { testVectors } from './build-vectors.ts';

testVectors(() => true);

// For .ci/run: exits 0 when Chromium starts here, otherwise prints why not and exits 1.
import { chromiumProblem } from './chromium.ts';

const problem = await chromiumProblem();
if (problem !== undefined) {
  process.stdout.write(`${problem}\n`);
  process.exitCode = 1;
}

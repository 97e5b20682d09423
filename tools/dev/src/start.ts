// The whole product on one machine: builds the example plugins, the registry and the site, puts them into dist/ and, with --serve,
// serves them. Only starts the commands a maintainer would type, one after the other; it knows nothing they do not.

import { run } from './child.ts';
import { REPOSITORY, STEPS, serveCommand } from './steps.ts';

const isServing = process.argv.includes('--serve');
const portFlag = process.argv.indexOf('--port');
const port = portFlag < 0 ? '4321' : (process.argv[portFlag + 1] ?? '4321');

for (const [i, { title, command }] of STEPS.entries()) {
  process.stderr.write(`\n(${i + 1}/${STEPS.length}) ${title}\n`);
  const code = await run(command, REPOSITORY);
  if (code !== 0) {
    process.stderr.write(`\nstopped: "${title}" failed with exit code ${code}; dist/ is as it was before\n`);
    process.exit(code);
  }
}
if (isServing) process.exitCode = await run(serveCommand(port), REPOSITORY);

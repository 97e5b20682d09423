// `node check.mjs TARBALL...`: what is wrong with the types of each, as one line of JSON.
import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';

/** Our packages are ECMAScript modules: what asks for CommonJS, or reads no `exports`, is not served. */
const NOT_SERVED = new Set(['node10', 'node16-cjs']);

const problems = {};
for (const tarball of process.argv.slice(2)) {
  const checked = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
  problems[checked.packageName] =
    checked.types === false
      ? [{ kind: 'NoTypes' }]
      : checked.problems.filter(({ resolutionKind }) => !NOT_SERVED.has(resolutionKind));
}
process.stdout.write(`${JSON.stringify(problems)}\n`);

// Every template with every compiler that is here, as a person builds it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { proveTemplate } from './prove-template.ts';
import { buildProblem, makeWorkplace, TEMPLATE_CASES } from './template-cases.ts';

let workplace: string;

beforeAll(async () => {
  workplace = await mkdtemp(join(tmpdir(), 'plugmark-templates-'));
  await makeWorkplace(workplace);
});

afterAll(() => rm(workplace, { recursive: true, force: true }));

for (const row of TEMPLATE_CASES) {
  const problem = await buildProblem(row);
  const name = `${row.host} ${row.template}`;
  test.skipIf(problem !== undefined)(problem === undefined ? name : `${name}: ${problem}`, () =>
    proveTemplate(workplace, row),
  );
}

import { join } from 'node:path';
import { expect } from 'vitest';
import { runCommand } from '../testkit/run-command.ts';
import { buildPlugin, initPlugin, type TemplateCase, vectorNames } from './template-cases.ts';

/** init -> build -> check gives pass -> every vector runs as it expects. */
export async function proveTemplate(workplace: string, row: TemplateCase): Promise<void> {
  const made = await initPlugin(workplace, row);
  expect([made.exit, made.stderr]).toEqual([0, '']);
  const name = `${row.host}-${row.template}`;
  const folder = join(workplace, name);
  await buildPlugin(folder, row);
  const checked = await runCommand(['check', name, '--json'], workplace);
  const report = JSON.parse(checked.stdout) as { verdict: string; outcomes: { check: string; outcome: string }[] };
  expect([checked.exit, report.verdict]).toEqual([0, 'pass']);
  const open = report.outcomes.filter(({ outcome }) => outcome === 'fail' || outcome === 'inconclusive');
  expect(open).toEqual([]);
  const names = await vectorNames(folder);
  expect(names.length).toBeGreaterThan(0);
  for (const vector of names) {
    const ran = await runCommand(['run', name, '--vector', vector, '--json'], workplace);
    expect([vector, ran.exit, (JSON.parse(ran.stdout) as { asExpected: boolean }).asExpected]).toEqual([
      vector,
      0,
      true,
    ]);
  }
}

// What the interop run recorded is whole, and agrees with the vectors that exist and with the limits that the hosts list. The run itself
// is long and needs other languages: test/interop/native-hosts.
import { expect, test } from 'vitest';
import { readIndex } from '../conformance/client-vectors.ts';
import { readLimits } from '../interop/native-hosts/host-limits.ts';
import { readResults } from '../interop/native-hosts/interop-results.ts';
import { renderInteropDocs } from './interop-docs.ts';

const results = readResults();
const { cases } = readIndex();
const hosts = Object.entries(results.hosts);

test('both hosts were run, and strangers too', () => {
  expect(Object.keys(results.hosts).sort()).toEqual(['python', 'rust']);
  expect(Object.keys(results.tools).length).toBeGreaterThanOrEqual(5);
});

test.each(hosts)('%s: every listed vector exists, and the table counts as many as are listed', (name, { groups }) => {
  const { vectors } = readLimits(name);
  const known = new Set(cases.map((one) => one.name));
  expect(vectors.flatMap(({ names }) => names).filter((one) => !known.has(one))).toEqual([]);
  for (const kind of ['otherCode', 'refusesHonest', 'unsupported'] as const) {
    const listed = vectors.flatMap(({ outcome, names }) => (outcome === kind ? names : []));
    const counted = Object.values(groups).reduce((sum, counts) => sum + counts[kind], 0);
    expect([kind, counted]).toEqual([kind, listed.length]);
  }
});

test.each(hosts)('%s: no chapter counts more vectors than it has', (_, { groups }) => {
  for (const [group, counts] of Object.entries(groups)) {
    const sum = Object.values(counts).reduce((a, b) => a + b, 0);
    expect([group, sum > 0 && sum <= cases.filter((one) => one.group === group).length]).toEqual([group, true]);
  }
});

test.each(hosts)('%s: at least one plugin was verified and run with the fuel of the reports', (_, { plugins }) => {
  expect(
    plugins.some(({ calls, sameFuel, sameOutput }) => calls > 0 && sameFuel === calls && sameOutput === calls),
  ).toBe(true);
});

test('the page has a row for each plugin and tool', () => {
  const page = renderInteropDocs(results);
  for (const [, { plugins }] of hosts) for (const { plugin } of plugins) expect(page).toContain(`| ${plugin} `);
  for (const { tool } of Object.values(results.tools)) expect(page).toContain(`| ${tool} |`);
});

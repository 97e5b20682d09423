import type { DocumentRelease } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { compareHosts, compatibilityRows } from '../../site/src/data/host-compatibility.ts';
import { hostProfile, sampleDocument, sampleRelease } from './sample-release.ts';

const since = '2026-01-31T00:00:00Z';
const YANKED = { state: 'yanked', since, reasonCode: 'broken', reason: 'b' } as const;
const ddalab = { ...hostProfile('ddalab'), apiVersions: ['1.0.0', '2.0.0'] };

function release(version: string, api: string, status?: DocumentRelease['status']): DocumentRelease {
  const sample = sampleRelease({ version, ...(status === undefined ? {} : { status }) });
  return { ...sample, release: { ...sample.release, targets: [{ host: 'ddalab', api }] } };
}

describe('which version a version of the host takes', () => {
  test.each<[string, DocumentRelease[], object[]]>([
    [
      'the highest that fits',
      [release('1.2.0', '^1'), release('2.0.0', '^2'), release('1.10.0', '^1')],
      [{ version: '1.10.0' }, { version: '2.0.0' }],
    ],
    [
      'not a withdrawn one',
      [release('1.1.0', '>=1', YANKED), release('1.0.0', '^1')],
      [{ version: '1.0.0' }, { none: 'yanked' }],
    ],
    ['none that fits', [release('1.0.0', '^2')], [{ none: 'needs ^2' }, { version: '1.0.0' }]],
    ['no prerelease', [release('1.0.0-rc.1', '^1')], [{ none: 'prerelease only' }, { none: 'needs ^1' }]],
  ])('%s', (_, releases, cells) => {
    expect(compatibilityRows(ddalab, [sampleDocument(releases)])).toEqual([
      { plugin: 'acme/probe', title: 'Probe', cells },
    ]);
  });

  test('a plugin for other hosts is left out', () => {
    expect(compatibilityRows(hostProfile('conductor'), [sampleDocument([sampleRelease()])])).toEqual([]);
  });
});

test('hosts side by side: the strictest way of each class, and no promise about processes', () => {
  const { hosts, rows } = compareHosts(['conductor', 'project-ai'].map(hostProfile));
  const row = (name: string) => rows.find((one) => one.name === name)?.cells;
  expect(hosts.map(({ id }) => id)).toEqual(['conductor', 'project-ai']);
  expect(row('Network')).toEqual(['without asking', 'cannot be bounded']);
  expect(row('Files')).toEqual(['asks', 'cannot be bounded']);
  expect(row('Programs')).toEqual(['asks, with a warning', 'cannot be bounded']);
  expect(row('Memory')?.[0]).toBe('128 MiB');
});

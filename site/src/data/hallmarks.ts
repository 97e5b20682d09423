// The row of punches at the head of a plugin's page, as on silver: maker, kind, assay, office, year. Each has its words beside it; a
// mark that was not struck is an empty outline, so the row never says more by being long. Pure.

import type { DocumentRelease } from '@plugmark/schemas';
import type { ReleaseCheck } from './release-check.ts';

export interface Hallmark {
  readonly shape: 'maker' | 'kind' | 'assay' | 'office' | 'year';
  /** Empty where the punch is a tick. */
  readonly letters: string;
  readonly title: string;
  readonly says: string;
  readonly isStruck: boolean;
}

const KINDS = { core: 'M', component: 'C', process: 'P' } as const;
const KIND_WORDS = { core: 'module', component: 'component', process: 'process' } as const;
const STATE_SAYS = {
  verified: 'checked',
  notChecked: 'not checked',
  notSigned: 'not struck',
  verificationFailed: 'refused',
} as const;

export function hallmarks(
  { release, publishedAt, analysis }: DocumentRelease,
  check: ReleaseCheck,
  registryTitle: string,
): readonly Hallmark[] {
  const publisher = release.plugin.slice(0, release.plugin.indexOf('/'));
  const isAssayed = analysis.every(({ verdict }) => verdict === 'pass');
  const year = publishedAt.slice(0, 4);
  return [
    {
      shape: 'maker',
      letters: initials(publisher),
      title: 'Maker',
      says: STATE_SAYS[check.publisher],
      isStruck: check.publisher === 'verified',
    },
    {
      shape: 'kind',
      letters: KINDS[release.artifact.kind],
      title: 'Kind',
      says: KIND_WORDS[release.artifact.kind],
      isStruck: true,
    },
    {
      shape: 'assay',
      letters: isAssayed ? '' : '?',
      title: 'Assay',
      says: isAssayed ? 'passed' : 'to review',
      isStruck: isAssayed,
    },
    {
      shape: 'office',
      letters: initials(registryTitle),
      title: 'Office',
      says: STATE_SAYS[check.registry],
      isStruck: check.registry === 'verified',
    },
    { shape: 'year', letters: year.slice(2), title: 'Year', says: year, isStruck: true },
  ];
}

function initials(name: string): string {
  const letters = name.split(/[- ]/).map((word) => word.charAt(0));
  return letters.join('').slice(0, 2).toUpperCase();
}
